"""Facts of alerts: what fired and cleared, what they suggest, what is kept quiet, what they cost.

An alert is known by its source and fingerprint; its group is what the source calls one thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.severity import Severity

from .base import Stamp


@dataclass(frozen=True, slots=True)
class Suggested:
    """Alerts may be an incident: somebody is to look at them by then.

    A storm takes up whatever else is told while too much is wrong at once.
    """

    stamp: Stamp
    title: str
    severity: Severity | None
    services: tuple[str, ...]
    acknowledge_by: datetime
    storm: bool = False


@dataclass(frozen=True, slots=True)
class SuggestionPosted:
    """The suggestion has a message where people triage."""

    stamp: Stamp
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """What was suggested is no incident of its own; it may be a part of another."""

    stamp: Stamp
    reason: str
    into: str | None = None


@dataclass(frozen=True, slots=True)
class AlertFired:
    """An alert came, came again after it had cleared, or is worse than when it began.

    It began when the fact occurred. Its source had so many more alerts of the group than it told.
    """

    stamp: Stamp
    source: str
    group: str
    fingerprint: str
    name: str
    summary: str
    description: str
    severity: Severity | None
    services: tuple[str, ...]
    labels: Mapping[str, str] = field(hash=False)
    link: str | None
    untold: int = 0


@dataclass(frozen=True, slots=True)
class AlertCleared:
    """An alert is over, since the fact occurred.

    If it was the last that fired, resolving is proposed once all was quiet until then.
    """

    stamp: Stamp
    source: str
    fingerprint: str
    quiet_by: datetime | None


@dataclass(frozen=True, slots=True)
class AlertsMoved:
    """A group of alerts turned out to be an incident of its own.

    If only what has cleared was left, resolving is proposed once all was quiet until then.
    """

    stamp: Stamp
    source: str
    group: str
    into: str
    quiet_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class SilenceAsked:
    """A group of alerts, those with these labels, is to be kept quiet until then."""

    stamp: Stamp
    source: str
    group: str
    labels: Mapping[str, str] = field(hash=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Silenced:
    """The source keeps the group quiet until then, and has a name for that."""

    stamp: Stamp
    source: str
    group: str
    silence: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SilenceLifted:
    """The source tells of the group again."""

    stamp: Stamp
    silence: str


@dataclass(frozen=True, slots=True)
class ResolveProposed:
    """All alerts have been quiet for long enough to say that it may be over."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class RuleDisputed:
    """Somebody disagrees with a rule of the assessment, or no longer does."""

    stamp: Stamp
    rule: str
    disputed: bool


@dataclass(frozen=True, slots=True)
class ImpactMeasured:
    """What it cost so far, from begin to end; None is unknown, and `unknown` says why.

    Queries and reasons are by the names of the figures: failed (requests beyond the usual number),
    users, lost (of a currency).
    """

    stamp: Stamp
    begin: datetime
    end: datetime
    failed: float | None
    users: float | None
    lost: float | None
    currency: str
    queries: Mapping[str, str] = field(hash=False)
    unknown: Mapping[str, str] = field(hash=False)


Alerts = (
    Suggested
    | SuggestionPosted
    | Dismissed
    | AlertFired
    | AlertCleared
    | AlertsMoved
    | SilenceAsked
    | Silenced
    | SilenceLifted
    | ResolveProposed
    | RuleDisputed
    | ImpactMeasured
)
