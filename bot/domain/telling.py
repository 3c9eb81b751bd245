"""Who is told of a fact besides those who look: who is called, waits, or has something to do."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from .facts import (
    Acknowledged,
    ActionAdded,
    ActionChanged,
    ChannelOpened,
    Declared,
    Fact,
    Joined,
    Left,
    MadePrivate,
    MergedInto,
    Paged,
    Reopened,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    StoodDown,
    Subscribed,
    ThreadOpened,
    Unsubscribed,
    Updated,
    UpdateMissed,
)
from .jobs import EVERYBODY, Kind, Owed
from .showing import shows_at_home, shows_to_all
from .state import Incident

LATE = timedelta(minutes=2)  # after its channel was opened, there is something to catch up on


def tells(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    """Name what people are owed for this fact."""
    yield from _in_time(fact)
    yield from _calls(before, fact, after)
    yield from _to_one(before, fact)
    yield from _lines(before, fact, after)
    yield from _subscriptions(before, fact, after)
    if shows_at_home(fact):
        yield Kind.HOMES
    if isinstance(fact, MadePrivate):
        yield Owed(Kind.HOMES, EVERYBODY)


def late(incident: Incident, person: str, at: datetime) -> bool:
    """Say whether somebody who comes into the channel for the first time comes late."""
    opened = incident.opened_at
    return opened is not None and at >= opened + LATE and person not in incident.joined


def makes_a_line(before: Incident, fact: Fact, after: Incident) -> bool:
    """Say whether who follows from afar should hear of it; what changes nothing is no news."""
    match fact:
        case SeverityChanged():
            return before.severity is not after.severity
        case StatusChanged() | Reopened():
            return before.status is not after.status
        case Acknowledged() | RoleAssigned():
            return before.commander != after.commander
        case MergedInto() | Updated():
            return True
        case _:
            return False


def _in_time(fact: Fact) -> Iterator[Owed]:
    match fact:
        case Declared(page_by=datetime() as due):
            yield Owed(Kind.PAGE_DUE, due=due)
        case _:
            pass
    match fact:
        case (
            Declared(update_by=datetime() as due)
            | SeverityChanged(update_by=datetime() as due)
            | Reopened(update_by=datetime() as due)
            | Updated(update_by=datetime() as due)
        ):
            yield Owed(Kind.UPDATE_DUE, due=due)
        case _:
            pass


def _calls(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    match fact:
        case Paged(_, people):
            yield from (Owed(Kind.PAGE, person) for person in people)
            if after.room and people:
                yield Kind.PAGED
        case ChannelOpened() | ThreadOpened() if after.paged and not _had_a_room(before):
            yield Kind.PAGED
        case StoodDown(_, people):
            yield from (Owed(Kind.STAND_DOWN, person) for person in people)
        case _:
            pass


def _had_a_room(incident: Incident) -> bool:
    return bool(incident.room or incident.former_channels)


def _to_one(before: Incident, fact: Fact) -> Iterator[Kind | Owed]:
    match fact:
        case UpdateMissed() if before.commander:
            yield Kind.REMIND
        case Joined(stamp) if late(before, stamp.by, stamp.recorded_at):
            yield Owed(Kind.CATCH_UP, stamp.by)
        case ActionAdded(stamp, owner=str(owner)) if owner != stamp.by:
            yield Owed(Kind.ASSIGNED, owner)
        case ActionChanged(stamp, number, owner=str(owner)) if owner != stamp.by:
            if owner not in {a.owner for a in before.actions if a.number == number}:
                yield Owed(Kind.ASSIGNED, owner)
        case _:
            pass


def _lines(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    """Tell in the threads that there are; where there is none yet, its beginning tells it."""
    if makes_a_line(before, fact, after):
        if after.announcement and after.audience is None:
            yield Kind.LINE
        yield from (Owed(Kind.LINE, p) for p, post in after.subscribers.items() if post)


def _subscriptions(before: Incident, fact: Fact, after: Incident) -> Iterator[Owed]:
    match fact:
        case Subscribed(stamp) | Unsubscribed(stamp) | Left(stamp):
            known = {*before.subscribers, *after.subscribers}
            people = [stamp.by] if stamp.by in known else []
        case MadePrivate():
            people = [*before.subscribers]
        case _:
            people = [*after.subscribers] if shows_to_all(fact) else []
    yield from (Owed(Kind.SUBSCRIPTION, person) for person in people)
