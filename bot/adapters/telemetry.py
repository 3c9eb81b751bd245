"""The Telemetry port: counted for Prometheus to fetch."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Counted:
    """Keeps the counts of this process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._payloads = Histogram(
            "responder_payload_seconds",
            "Time until a Slack payload was acknowledged",
            ["payload", "outcome"],
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
        )
        self._jobs = Counter(
            "responder_jobs", "Attempts at jobs", ["job", "outcome"], registry=self._registry
        )
        self._ready = Gauge(
            "responder_ready", "1 while the bot can do its work", registry=self._registry
        )

    def handled(self, payload: str, outcome: str, seconds: float) -> None:
        """Count a payload answered."""
        self._payloads.labels(payload, outcome).observe(seconds)

    def paid(self, job: str, outcome: str) -> None:
        """Count an attempt at a job."""
        self._jobs.labels(job, outcome).inc()

    def ready(self, *, ready: bool) -> None:
        """Note whether the bot could do its work now."""
        self._ready.set(ready)

    def page(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)
