"""Numbers over time, and whoever asks for them: what Prometheus and Alertmanager do, small."""
