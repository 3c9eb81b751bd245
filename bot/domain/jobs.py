"""What the outside can be owed: kinds of job, how urgent they are, and who waits for whom."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from .state import Post

SETTLE = timedelta(seconds=2)  # between two drawings of one picture
EVERYBODY = "everybody"  # whom a job is about, if it is about nobody less
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
    GATHER = "gather"
    BOOKMARKS = "bookmarks"
    CONTINUED = "continued"
    POINTER = "pointer"
    TOMBSTONE = "tombstone"
    HUSH = "hush"
    RETIRE = "retire"
    ARCHIVE = "archive"
    ROOMLESS = "roomless"
    JOIN = "join"
    ORIGIN = "origin"
    REACTION = "reaction"
    CARD = "card"
    PIN = "pin"
    ANNOUNCEMENT = "announcement"
    TOPIC = "topic"
    PURPOSE = "purpose"
    HOME = "home"
    OPERATORS = "operators"
    SHELVE = "shelve"
    SEAL = "seal"
    RECONCILE = "reconcile"
    FORGET = "forget"
    POSTMORTEM = "postmortem"
    HANDOUT = "handout"
    HANDOVER = "handover"
    HANDOVER_ANSWERED = "handover_answered"
    HANDOVER_OVER = "handover_over"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    LINE = "line"
    UPDATE = "update"
    UPDATE_DUE = "update_due"
    REMIND = "remind"
    PAGE = "page"
    PAGED = "paged"
    PAGE_DUE = "page_due"
    STAND_DOWN = "stand_down"
    ASSIGNED = "assigned"
    SUBSCRIPTION = "subscription"
    CATCH_UP = "catch_up"
    HOMES = "homes"
    TRIAGE = "triage"
    TALLY = "tally"
    CALM = "calm"
    ALL_CLEAR = "all_clear"
    ALARMED = "alarmed"
    SILENCE = "silence"
    LIFT = "lift"
    STAGED = "staged"
    DRILL_DUE = "drill_due"
    DEBRIEF = "debrief"


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
    Kind.GATHER: Nature(Priority.DECORATION, "gathering"),
    Kind.BOOKMARKS: Nature(Priority.DECORATION, "bookmarks"),
    Kind.CONTINUED: Nature(Priority.CARD, "card"),  # the first that is said, before the card
    Kind.TOMBSTONE: Nature(Priority.CARD, "card"),  # after whatever is being drawn there
    Kind.HUSH: Nature(Priority.CARD, "lines"),  # after whatever is being told there
    Kind.POINTER: Nature(Priority.ANSWER, "messages"),
    Kind.ROOMLESS: Nature(Priority.ANSWER, "messages"),
    Kind.RETIRE: Nature(Priority.DECORATION, "clock"),
    Kind.ARCHIVE: Nature(Priority.DECORATION, "archive"),
    Kind.JOIN: Nature(Priority.ANSWER, "joining"),
    Kind.ORIGIN: Nature(Priority.CARD, "lines"),
    Kind.REACTION: Nature(Priority.CARD, "reactions"),
    Kind.CARD: Nature(Priority.CARD, "card"),
    Kind.PIN: Nature(Priority.DECORATION, "pin"),
    Kind.ANNOUNCEMENT: Nature(Priority.CARD, "announcement"),
    Kind.TOPIC: Nature(Priority.DECORATION, "topic"),
    Kind.PURPOSE: Nature(Priority.DECORATION, "purpose"),
    Kind.HOME: Nature(Priority.DECORATION, "home"),
    Kind.OPERATORS: Nature(Priority.PAGE, "operators"),
    Kind.SHELVE: Nature(Priority.DECORATION, "clock"),
    Kind.SEAL: Nature(Priority.DECORATION, "seal"),
    Kind.RECONCILE: Nature(Priority.DECORATION, "transcript"),
    Kind.FORGET: Nature(Priority.DECORATION, "clock"),
    Kind.POSTMORTEM: Nature(Priority.DECORATION, "postmortem"),
    Kind.HANDOUT: Nature(Priority.CARD, "handout"),
    Kind.HANDOVER: Nature(Priority.PAGE, "roles"),
    Kind.HANDOVER_ANSWERED: Nature(Priority.PAGE, "roles"),
    Kind.HANDOVER_OVER: Nature(Priority.CARD, "roles"),  # after it was asked
    Kind.ROLE_GIVEN: Nature(Priority.PAGE, "roles"),
    Kind.ROLE_TAKEN: Nature(Priority.PAGE, "roles"),
    Kind.LINE: Nature(Priority.CARD, "lines"),
    Kind.UPDATE: Nature(Priority.CARD, "updates"),
    Kind.UPDATE_DUE: Nature(Priority.CARD, "clock"),
    Kind.REMIND: Nature(Priority.CARD, "reminders"),
    Kind.PAGE: Nature(Priority.PAGE, "page"),
    Kind.PAGED: Nature(Priority.PAGE, "paged"),
    Kind.PAGE_DUE: Nature(Priority.PAGE, "clock"),
    Kind.STAND_DOWN: Nature(Priority.PAGE, "page"),
    Kind.ASSIGNED: Nature(Priority.CARD, "assigned"),
    Kind.SUBSCRIPTION: Nature(Priority.CARD, "subscription"),
    Kind.CATCH_UP: Nature(Priority.CARD, "catch_up"),
    Kind.HOMES: Nature(Priority.DECORATION, "homes"),
    Kind.TRIAGE: Nature(Priority.CARD, "triage"),
    Kind.TALLY: Nature(Priority.DECORATION, "tally"),
    Kind.CALM: Nature(Priority.CARD, "clock"),
    Kind.ALL_CLEAR: Nature(Priority.CARD, "messages"),
    Kind.ALARMED: Nature(Priority.PAGE, "messages"),
    Kind.SILENCE: Nature(Priority.CARD, "silences"),
    Kind.LIFT: Nature(Priority.CARD, "silences"),
    Kind.STAGED: Nature(Priority.CARD, "messages"),
    Kind.DRILL_DUE: Nature(Priority.DECORATION, "clock"),
    Kind.DEBRIEF: Nature(Priority.CARD, "messages"),
}


NOT_URGENT = frozenset(kind for kind in Kind if NATURES[kind].priority >= Priority.CARD)


@dataclass(frozen=True, slots=True)
class Reply:
    """Words for one person where they asked, or for a channel; `message` is text and blocks.

    Without words it is whom, or which place, the job is about.
    """

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


@dataclass(frozen=True, slots=True)
class Owed:
    """A job of that kind: to one person or about one place if such is named, not before due.

    It is about the fact it is owed for, or about the earlier one that `seq` numbers.
    """

    kind: Kind
    person: str = ""
    due: datetime | None = None
    place: Post | None = None
    seq: int | None = None


PICTURES = frozenset(
    {
        *(Kind.CARD, Kind.TOPIC, Kind.ANNOUNCEMENT, Kind.BOOKMARKS, Kind.SUBSCRIPTION),
        *(Kind.HOMES, Kind.HOME, Kind.TRIAGE, Kind.TALLY),
    }
)
# These wait for their hour, and nobody waits for them.
TIMED = frozenset(
    {
        *(Kind.ACKNOWLEDGEMENT_DUE, Kind.PAGE_DUE, Kind.UPDATE_DUE, Kind.RETIRE, Kind.SHELVE),
        *(Kind.FORGET, Kind.CALM, Kind.DRILL_DUE),
    }
)


def answer(reply: Reply, request_key: str, at: datetime) -> Job:
    """Owe somebody words; the same request is answered once."""
    kind = Kind.ANSWER if reply.person else Kind.OPERATORS
    lane = f"{kind}/{reply.person or reply.channel}"
    return Job(f"{kind}/{request_key}", kind, "", lane, at, reply=reply)


def card(incident: str, seq: int, at: datetime, kind: Kind = Kind.CARD) -> Job:
    """Owe a card, or what stands for it where people triage, that shows so many facts at least."""
    lane = f"{incident}/{NATURES[kind].surface}"
    return Job(f"{incident}/{kind}", kind, incident, lane, at, wanted_seq=seq)


def home(person: str, position: int, at: datetime) -> Job:
    """Owe somebody a fresh Home, at least as new as that position of the store."""
    key = f"{Kind.HOME}/{person}"
    return Job(key, Kind.HOME, "", key, at, wanted_seq=position, reply=Reply(person, "", {}))


def reading_all(incident: str, position: int, at: datetime) -> Job:
    """Owe that all that was said of an incident is read again, by that position of the store."""
    kind = Kind.RECONCILE
    lane = f"{incident}/{NATURES[kind].surface}"
    return Job(f"{incident}/{kind}", kind, incident, lane, at, wanted_seq=position)


def reading(after: Job, channel: str, *, thread: str = "", before: str = "") -> Job:
    """Owe the reading of a thread, or of a channel's part before that ts, as part of a reading."""
    whole = after.reply.message["whole"] if after.reply else after.key
    where = f"thread/{thread}" if thread else f"before/{before}"
    part = Reply("", channel, {"whole": whole, "before": before}, thread)
    return replace(after, key=f"{whole}/{channel}/{where}", attempts=0, fence=0, reply=part)


def hushing(after: Job, place: Post, ts: str) -> Job:
    """Owe that one of our messages in a thread shows nothing any more."""
    part = Reply("", place.channel, {"ts": ts}, place.ts)
    return replace(after, key=f"{after.key}/{ts}", attempts=0, fence=0, reply=part)


def handout(incident: str, person: str, what: str, request_key: str, at: datetime) -> Job:
    """Owe somebody a file about an incident; the same request is one file."""
    key, lane = f"{Kind.HANDOUT}/{request_key}", f"{Kind.HANDOUT}/{person}"
    return Job(key, Kind.HANDOUT, incident, lane, at, reply=Reply(person, "", {"what": what}))


def postmortem(incident: str, seq: int, at: datetime) -> Job:
    """Owe an incident's room a post-mortem that tells so many facts at least."""
    key, lane = f"{incident}/{seq}/{Kind.POSTMORTEM}", f"{incident}/{Kind.POSTMORTEM}"
    return Job(key, Kind.POSTMORTEM, incident, lane, at, wanted_seq=seq)


def later(job: Job, at: datetime) -> Job:
    """Owe the same once more, at that time, and let nobody wait for it."""
    key = f"{job.key}/later"
    return replace(job, key=key, lane=key, due=at, attempts=0, fence=0)


def join(incident: str, person: str, request_key: str, at: datetime) -> Job:
    """Owe somebody an invitation to the incident's channel."""
    lane = f"{incident}/{NATURES[Kind.JOIN].surface}/{person}"
    reply = Reply(person, "", {})
    return Job(f"{Kind.JOIN}/{request_key}", Kind.JOIN, incident, lane, at, reply=reply)


def reaction(incident: str, reply: Reply, request_key: str, at: datetime) -> Job:
    """Owe a look at what is under a message; those of one message are paid in order."""
    lane = f"{incident}/{NATURES[Kind.REACTION].surface}/{reply.channel}/{reply.message['ts']}"
    return Job(f"{Kind.REACTION}/{request_key}", Kind.REACTION, incident, lane, at, reply=reply)
