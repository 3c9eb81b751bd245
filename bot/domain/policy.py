"""What a team may configure. decide() writes what it decided into the fact, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .severity import Severity


def _acknowledge_within() -> Mapping[Severity, timedelta]:
    minutes = {Severity.P0: 5, Severity.P1: 15, Severity.P2: 60, Severity.P3: 240}
    return {severity: timedelta(minutes=m) for severity, m in minutes.items()}


@dataclass(frozen=True, slots=True)
class Policy:
    """The team's rules, with the defaults of the design."""

    acknowledge_within: Mapping[Severity, timedelta] = field(default_factory=_acknowledge_within)
    undecided_is: Severity = Severity.P1
    on_call: str = "on-call"
    private_readers: tuple[str, ...] = ("security",)
    announcements: str | None = None
    operators: str | None = None

    def acknowledge_by(self, severity: Severity | None, at: datetime) -> datetime:
        """Return when somebody must have taken it."""
        return at + self.acknowledge_within[severity or self.undecided_is]
