"""An alert in our words, whatever system sent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is wrong, or was; the fingerprint tells it apart from all others of a source.

    `link` leads to it where it came from. Without `ended_at` it is firing.
    """

    fingerprint: str
    name: str
    started_at: datetime
    ended_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    description: str = ""
    link: str | None = None

    @property
    def firing(self) -> bool:
        """Say whether it is still wrong."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Group:
    """What a source told at once and calls one thing; the key tells it apart from its others.

    The labels are those that all its alerts share. Of more alerts than were told, `untold` is how
    many.
    """

    source: str
    key: str
    alerts: tuple[Alert, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    link: str | None = None
    untold: int = 0
