"""Enough of PostgreSQL to look at sessions and to end what runs too long."""
