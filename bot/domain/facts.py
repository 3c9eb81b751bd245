"""What happened: the facts a timeline is made of, never changed once written."""

import enum
from dataclasses import dataclass
from datetime import datetime

from .severity import Severity
from .status import Status


@dataclass(frozen=True, slots=True)
class Stamp:
    """When it was so, when we wrote it down, and who made it so."""

    occurred_at: datetime
    recorded_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Declared:
    """An incident was opened; an audience of None is everybody."""

    stamp: Stamp
    title: str
    details: str
    severity: Severity | None
    acknowledge_by: datetime
    audience: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody took the incident."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came into the incident's channel."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody went out of the incident's channel."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class SeverityChanged:
    """The incident was judged better or worse."""

    stamp: Stamp
    severity: Severity
    acknowledge_by: datetime


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The incident stands elsewhere now."""

    stamp: Stamp
    status: Status


@dataclass(frozen=True, slots=True)
class Reopened:
    """The incident was not over after all: it is investigated again."""

    stamp: Stamp
    acknowledge_by: datetime


class Cause(enum.StrEnum):
    """Why an incident needs more people than it has."""

    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Escalated:
    """The incident needs the next level of people."""

    stamp: Stamp
    level: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class ChannelOpened:
    """The incident has a room."""

    stamp: Stamp
    channel: str
    name: str


@dataclass(frozen=True, slots=True)
class CardPosted:
    """The incident has a card in its room."""

    stamp: Stamp
    ts: str


@dataclass(frozen=True, slots=True)
class Announced:
    """The incident has a message where everybody looks."""

    stamp: Stamp
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class JobBuried:
    """Something owed will not be done; `job` is its kind."""

    stamp: Stamp
    job: str
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """Something owed may or may not have been done; only a person can tell."""

    stamp: Stamp
    job: str


@dataclass(frozen=True, slots=True)
class TroubleOver:
    """A kind of job that was not done, or perhaps not, works again."""

    stamp: Stamp
    job: str


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


Fact = (
    Declared
    | Acknowledged
    | Joined
    | Left
    | SeverityChanged
    | StatusChanged
    | Reopened
    | Escalated
    | ChannelOpened
    | CardPosted
    | Announced
    | JobBuried
    | OutcomeUnknown
    | TroubleOver
    | Shelved
)
