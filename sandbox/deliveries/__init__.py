"""Getting payloads to the app, and what comes back: acknowledgements, answers, outcomes."""
