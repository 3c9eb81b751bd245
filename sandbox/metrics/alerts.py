"""One alert of a rule, from its first sign to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from . import written
from .matching import Labels

State: TypeAlias = Literal["pending", "firing", "inactive"]
BASIS, PRIME, BETWEEN = 14695981039346656037, 1099511628211, b"\xff"


@dataclass(slots=True)
class Alert:
    """What a rule says of these labels, since when, and whether it is believed by now."""

    labels: Labels
    annotations: Mapping[str, str]
    value: float
    active_at: float
    source: str  # the address of its query
    state: State = "pending"
    fired_at: float = 0.0
    resolved_at: float = 0.0

    def told(self) -> Mapping[str, Any]:
        """Return it as Prometheus' API has it."""
        return {
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
            "state": self.state,
            "activeAt": written.moment(self.active_at),
            "value": written.scientific(self.value),
        }


def fingerprint(labels: Labels) -> str:
    """Return what Alertmanager calls an alert with these labels."""
    found = BASIS
    for name, value in labels:
        for byte in name.encode() + BETWEEN + value.encode() + BETWEEN:
            found = (found ^ byte) * PRIME % 2**64
    return f"{found:016x}"
