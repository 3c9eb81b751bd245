"""Facts of what people said and did about it: updates, timeline entries, action items.

Notes and action items are numbered within their incident, from 1. One that came from a message
points at it by channel and ts, and holds no copy of its text.
"""

from dataclasses import dataclass
from datetime import date, datetime

from .base import Stamp, Urgency


@dataclass(frozen=True, slots=True)
class Updated:
    """Everybody was told how it goes, and when they will be told next."""

    stamp: Stamp
    text: str
    update_by: datetime | None
    from_channel: str | None = None
    from_ts: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateMissed:
    """The update promised for then did not come."""

    stamp: Stamp
    update_by: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """Something belongs in the timeline, at the time the fact occurred."""

    stamp: Stamp
    note: int
    text: str
    from_channel: str | None = None
    from_ts: str | None = None


@dataclass(frozen=True, slots=True)
class NoteEdited:
    """A timeline entry says something else, or was at another time."""

    stamp: Stamp
    note: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteRetracted:
    """A timeline entry does not belong there."""

    stamp: Stamp
    note: int


@dataclass(frozen=True, slots=True)
class ActionAdded:
    """Something has to be done."""

    stamp: Stamp
    action: int
    text: str
    owner: str | None
    due: date | None
    urgency: Urgency
    from_channel: str | None = None
    from_ts: str | None = None


@dataclass(frozen=True, slots=True)
class ActionChanged:
    """What has to be done, by whom, when or how soon is different now."""

    stamp: Stamp
    action: int
    text: str
    owner: str | None
    due: date | None
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class ActionDone:
    """It is done."""

    stamp: Stamp
    action: int


@dataclass(frozen=True, slots=True)
class ActionReopened:
    """It was not done after all, or came back."""

    stamp: Stamp
    action: int


@dataclass(frozen=True, slots=True)
class ActionRetracted:
    """It need not be done."""

    stamp: Stamp
    action: int


Work = (
    Updated
    | UpdateMissed
    | Noted
    | NoteEdited
    | NoteRetracted
    | ActionAdded
    | ActionChanged
    | ActionDone
    | ActionReopened
    | ActionRetracted
)
