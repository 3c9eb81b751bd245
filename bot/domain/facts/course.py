"""Facts of an incident's course: how it began, how bad it is, where it stands, how it ended."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.severity import Severity
from bot.domain.status import Status

from .base import Cause, DataLoss, Milestone, Stamp


@dataclass(frozen=True, slots=True)
class Declared:
    """An incident was opened; an audience of None is everybody.

    `invited` were chosen to be in it. It may have come from a message, its origin. Undecided at
    `page_by`, people are paged; None is that there is nothing to wait for.
    One that is only practised names the scenario.
    """

    stamp: Stamp
    title: str
    details: str
    severity: Severity | None
    acknowledge_by: datetime
    audience: tuple[str, ...] | None
    services: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    origin_channel: str | None = None
    origin_ts: str | None = None
    update_by: datetime | None = None
    page_by: datetime | None = None
    practice: str | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody took the incident."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class SeverityChanged:
    """The incident was judged better or worse."""

    stamp: Stamp
    severity: Severity
    acknowledge_by: datetime
    update_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The incident stands elsewhere now; a reason, if one was given."""

    stamp: Stamp
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reopened:
    """The incident was not over after all: it is investigated again."""

    stamp: Stamp
    acknowledge_by: datetime
    update_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalated:
    """The incident needs the next level of people."""

    stamp: Stamp
    level: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class ServicesNamed:
    """These services, and no others, are the ones affected."""

    stamp: Stamp
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImpactDescribed:
    """What users notice was put into words."""

    stamp: Stamp
    impact: str


@dataclass(frozen=True, slots=True)
class MilestoneSet:
    """A moment was named, or corrected; without one, nobody knows when it was."""

    stamp: Stamp
    milestone: Milestone
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Concluded:
    """What was learned when it was over; "" and None are what nobody said."""

    stamp: Stamp
    data_loss: DataLoss | None
    root_cause: str
    immediate_fix: str
    permanent_fix: str


@dataclass(frozen=True, slots=True)
class MergedInto:
    """The incident turned out to be another one, which goes on."""

    stamp: Stamp
    into: str


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Another incident turned out to be this one; its people came along."""

    stamp: Stamp
    incident: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadePrivate:
    """From now on only these people, and the audience's groups, may know of the incident."""

    stamp: Stamp
    audience: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelved:
    """The incident was put away; this stays at hand, and stands for the `facts` before it."""

    stamp: Stamp
    facts: int
    title: str
    severity: Severity | None
    status: Status
    declared_at: datetime | None
    commander: str | None
    acknowledged_by: str | None
    channel: str | None
    audience: tuple[str, ...] | None
    people: tuple[str, ...]
    services: tuple[str, ...] = ()
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    into: str | None = None
    practice: str | None = None


Course = (
    Declared
    | Acknowledged
    | SeverityChanged
    | StatusChanged
    | Reopened
    | Escalated
    | ServicesNamed
    | ImpactDescribed
    | MilestoneSet
    | Concluded
    | MergedInto
    | Absorbed
    | MadePrivate
    | Shelved
)
