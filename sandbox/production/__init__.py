"""A small shop in production: what runs there, what it costs, and how it breaks."""
