"""What the outside is owed once a fact is written."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from .facts import (
    Acknowledged,
    Announced,
    CardPosted,
    ChannelOpened,
    Declared,
    Escalated,
    Fact,
    JobBuried,
    Joined,
    Left,
    OutcomeUnknown,
    Reopened,
    SeverityChanged,
    Shelved,
    StatusChanged,
    TroubleOver,
)
from .incident import Incident, Trouble
from .policy import Policy
from .status import TRANSITIONS

SETTLE = timedelta(seconds=2)  # between two drawings of one picture
SHELVE_AFTER = timedelta(days=7)  # a closed incident is at hand for a week


class Priority(enum.IntEnum):
    """Who waits for whom: the lowest goes first."""

    ANSWER = 0
    PAGE = 1
    APPROVAL = 2
    CARD = 3
    DECORATION = 4


class Kind(enum.StrEnum):
    """What kinds of job there are."""

    ANSWER = "answer"
    TROUBLE = "trouble"
    ACKNOWLEDGEMENT_DUE = "acknowledgement_due"
    UNANSWERED = "unanswered"
    OPEN_CHANNEL = "open_channel"
    INVITE = "invite"
    CARD = "card"
    PIN = "pin"
    ANNOUNCEMENT = "announcement"
    TOPIC = "topic"
    PURPOSE = "purpose"
    HOME = "home"
    OPERATORS = "operators"
    SHELVE = "shelve"
    SEAL = "seal"


class Nature(NamedTuple):
    """How urgent a kind is, and on which surface its jobs wait for each other."""

    priority: Priority
    surface: str


NATURES: Mapping[Kind, Nature] = {
    Kind.ANSWER: Nature(Priority.ANSWER, "answer"),
    Kind.TROUBLE: Nature(Priority.ANSWER, "messages"),
    Kind.ACKNOWLEDGEMENT_DUE: Nature(Priority.PAGE, "clock"),
    Kind.UNANSWERED: Nature(Priority.PAGE, "messages"),
    Kind.OPEN_CHANNEL: Nature(Priority.CARD, "channel"),
    Kind.INVITE: Nature(Priority.CARD, "people"),
    Kind.CARD: Nature(Priority.CARD, "card"),
    Kind.PIN: Nature(Priority.DECORATION, "pin"),
    Kind.ANNOUNCEMENT: Nature(Priority.CARD, "announcement"),
    Kind.TOPIC: Nature(Priority.DECORATION, "topic"),
    Kind.PURPOSE: Nature(Priority.DECORATION, "purpose"),
    Kind.HOME: Nature(Priority.DECORATION, "home"),
    Kind.OPERATORS: Nature(Priority.PAGE, "operators"),
    Kind.SHELVE: Nature(Priority.DECORATION, "clock"),
    Kind.SEAL: Nature(Priority.DECORATION, "seal"),
}


NOT_URGENT = frozenset(kind for kind in Kind if NATURES[kind].priority >= Priority.CARD)


@dataclass(frozen=True, slots=True)
class Reply:
    """Words for one person where they asked, or for a channel; `message` is text and blocks."""

    person: str
    channel: str
    message: Mapping[str, object] = field(hash=False)
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One effect owed (its key holds the fact's number), or one picture to redraw (it does not).

    A picture shows at least fact `wanted_seq`. Jobs of a lane are paid in order. `fence` numbers
    the claim that holds the job: who held it earlier can no longer finish it.
    """

    key: str
    kind: Kind
    incident: str
    lane: str
    due: datetime
    wanted_seq: int = 0
    attempts: int = 0
    fence: int = 0
    reply: Reply | None = None


def owed(before: Incident, fact: Fact, after: Incident, policy: Policy) -> list[Job]:
    """Name the jobs to commit with this fact."""
    kinds = [*_effects(before, fact, after), *_pictures(fact, after, policy)]
    return [_job(kind, fact, after) for kind in kinds]


def _effects(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind]:
    match fact:
        case Declared():
            yield from (Kind.OPEN_CHANNEL, Kind.ACKNOWLEDGEMENT_DUE)
        case Acknowledged():
            if after.channel:
                yield Kind.INVITE
        case SeverityChanged() | Reopened():
            if not after.acknowledged_by:
                yield Kind.ACKNOWLEDGEMENT_DUE
        case Escalated():
            yield Kind.UNANSWERED
        case ChannelOpened():
            yield from (Kind.INVITE, Kind.PURPOSE)
            if after.status and not TRANSITIONS[after.status]:
                yield Kind.SEAL
        case CardPosted():
            yield Kind.PIN
        case JobBuried(_, job, reason):
            yield from _trouble(before, Trouble(job, reason))
        case OutcomeUnknown(_, job):
            yield from _trouble(before, Trouble(job, None))
        case StatusChanged(_, status) if not TRANSITIONS[status]:
            yield from (Kind.SHELVE, Kind.SEAL) if after.channel else (Kind.SHELVE,)
        case StatusChanged() | Joined() | Left() | Announced() | TroubleOver() | Shelved():
            pass


def _trouble(before: Incident, trouble: Trouble) -> Iterator[Kind]:
    """Tell of a trouble once, and not of the trouble with telling."""
    if trouble not in before.troubles and trouble.job != Kind.TROUBLE:
        yield Kind.TROUBLE


def _pictures(fact: Fact, after: Incident, policy: Policy) -> Iterator[Kind]:
    match fact:
        case (
            Declared()
            | Acknowledged()
            | SeverityChanged()
            | StatusChanged()
            | Reopened()
            | Escalated()
            | ChannelOpened()
        ):
            yield from _all_pictures(after, policy)
        case JobBuried(_, job) | OutcomeUnknown(_, job) if job == Kind.CARD:
            pass  # drawn again for this, it would fail again, for ever
        case JobBuried() | OutcomeUnknown() | TroubleOver():
            if after.channel:
                yield Kind.CARD
        case Joined() | Left() | CardPosted() | Announced() | Shelved():
            pass


def _all_pictures(after: Incident, policy: Policy) -> Iterator[Kind]:
    if after.channel:
        yield from (Kind.CARD, Kind.TOPIC)
    if after.audience is None and (policy.announcements or after.announcement):
        yield Kind.ANNOUNCEMENT


PICTURES = frozenset({Kind.CARD, Kind.TOPIC, Kind.ANNOUNCEMENT, Kind.HOME})


def _job(kind: Kind, fact: Fact, after: Incident) -> Job:
    number = "" if kind in PICTURES else f"/{after.seq}"
    key = f"{after.id}{number}/{kind}"
    due = fact.stamp.recorded_at
    lane = f"{after.id}/{NATURES[kind].surface}"
    if kind is Kind.ACKNOWLEDGEMENT_DUE:  # waits for its hour, and nobody waits for it
        due, lane = after.acknowledge_by or due, key
    elif kind is Kind.SHELVE:
        due, lane = due + SHELVE_AFTER, key
    return Job(key, kind, after.id, lane, due, wanted_seq=after.seq)


def answer(reply: Reply, request_key: str, at: datetime) -> Job:
    """Owe somebody words; the same request is answered once."""
    kind = Kind.ANSWER if reply.person else Kind.OPERATORS
    lane = f"{kind}/{reply.person or reply.channel}"
    return Job(f"{kind}/{request_key}", kind, "", lane, at, reply=reply)


def home(person: str, position: int, at: datetime) -> Job:
    """Owe somebody a fresh Home, at least as new as that position of the store."""
    key = f"{Kind.HOME}/{person}"
    return Job(key, Kind.HOME, "", key, at, wanted_seq=position, reply=Reply(person, "", {}))


def claimed(fact: Fact, incident: Incident) -> Mapping[tuple[str, str], str]:
    """Name what only this incident may own from now on."""
    match fact:
        case Declared():
            return {("number", incident.id): incident.id}
        case ChannelOpened(_, channel):
            return {("channel", channel): incident.id}
        case (
            Acknowledged()
            | Joined()
            | Left()
            | SeverityChanged()
            | StatusChanged()
            | Reopened()
            | Escalated()
            | CardPosted()
            | Announced()
            | JobBuried()
            | OutcomeUnknown()
            | TroubleOver()
            | Shelved()
        ):
            return {}
