"""How what people type about moments, spans, days and people is read."""
