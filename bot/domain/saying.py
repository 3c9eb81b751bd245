"""What is said in an incident's room, and waits until there is one."""

from collections.abc import Iterator

from .authority import BOT
from .facts import (
    Fact,
    MergedInto,
    Paged,
    Reopened,
    ResolveProposed,
    SeverityChanged,
    Updated,
    UpdateMissed,
)
from .jobs import Kind, Owed
from .state import Incident, Unsaid


def said_to_all(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    """Name what the room is owed: what waited for it comes first, in order."""
    if after.room:
        yield from (Owed(Kind(unsaid.job), seq=unsaid.seq) for unsaid in before.unsaid)
        if not _said_there(fact, after.room):
            yield from _of(before, fact)


def unsaid(before: Incident, fact: Fact, after: Incident) -> tuple[Unsaid, ...]:
    """Return what still waits for a room; of one question, the last time it was asked."""
    if after.room:
        return ()
    new = [Unsaid(kind, before.seq + 1) for kind in _of(before, fact)]
    asked = {one.job for one in new} & {Kind.ALL_CLEAR, Kind.REMIND, Kind.PAGED}
    return (*(one for one in before.unsaid if one.job not in asked), *new)


def _of(before: Incident, fact: Fact) -> Iterator[Kind]:
    match fact:
        case Updated():
            yield Kind.UPDATE
        case UpdateMissed() if before.commander is None:  # else it is the commander who is told
            yield Kind.REMIND
        case Paged(_, ()):
            yield Kind.PAGED
        case MergedInto():
            yield Kind.POINTER
        case ResolveProposed() if before.status:
            yield Kind.ALL_CLEAR
        case SeverityChanged(stamp) | Reopened(stamp) if stamp.by == BOT.person and before.status:
            yield Kind.ALARMED
        case _:
            pass


def _said_there(fact: Fact, room: str) -> bool:
    """Say whether it came from there: it need not be said there again."""
    return isinstance(fact, Updated) and fact.from_channel == room
