"""The tester's side: people's hands, faults on order, and windows on the state."""
