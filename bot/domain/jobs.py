"""What the outside can be owed: kinds of job, how urgent they are, and who waits for whom."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

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


PICTURES = frozenset({Kind.CARD, Kind.TOPIC, Kind.ANNOUNCEMENT, Kind.HOME})
TIMED = frozenset({Kind.ACKNOWLEDGEMENT_DUE, Kind.SHELVE})  # wait for their hour, nobody for them


def answer(reply: Reply, request_key: str, at: datetime) -> Job:
    """Owe somebody words; the same request is answered once."""
    kind = Kind.ANSWER if reply.person else Kind.OPERATORS
    lane = f"{kind}/{reply.person or reply.channel}"
    return Job(f"{kind}/{request_key}", kind, "", lane, at, reply=reply)


def home(person: str, position: int, at: datetime) -> Job:
    """Owe somebody a fresh Home, at least as new as that position of the store."""
    key = f"{Kind.HOME}/{person}"
    return Job(key, Kind.HOME, "", key, at, wanted_seq=position, reply=Reply(person, "", {}))
