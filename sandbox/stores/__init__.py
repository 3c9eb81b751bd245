"""The shop's database and cache: what speaks their protocols over a state that the shop fills."""
