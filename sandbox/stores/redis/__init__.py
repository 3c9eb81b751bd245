"""Enough of Redis to look at keys and memory, and to flush them."""
