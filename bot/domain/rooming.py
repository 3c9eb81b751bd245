"""What is owed about the room: opened, furnished, left with word of where things are, archived."""

from collections.abc import Iterator

from .authority import BOT
from .facts import (
    Absorbed,
    Acknowledged,
    CardPosted,
    ChannelOpened,
    ChannelRetired,
    Declared,
    Fact,
    JobBuried,
    MadePrivate,
    MergedInto,
    Reopened,
    RoleAssigned,
    ServicesNamed,
    StatusChanged,
    ThreadOpened,
)
from .jobs import Kind, Owed
from .policy import Policy
from .state import Incident, Post
from .status import OPEN


def rooms(before: Incident, fact: Fact, after: Incident, policy: Policy) -> Iterator[Kind | Owed]:
    """Name what is owed about the incident's room."""
    match fact:
        case Declared():
            yield Kind.OPEN_CHANNEL
        case Reopened() if not after.room:
            yield Kind.OPEN_CHANNEL
        case MadePrivate():
            yield Kind.OPEN_CHANNEL
            yield from (Owed(Kind.TOMBSTONE, place=place) for place in _places(before))
            if told_at := before.announcement or before.origin:
                yield Owed(Kind.HUSH, place=told_at)
        case ChannelOpened() | ThreadOpened():
            yield from _moved_in(fact, after, policy)
        case CardPosted(_, ts) if after.channel and after.card == ts:
            yield Kind.PIN
        case Acknowledged(stamp) if after.channel:
            yield Owed(Kind.INVITE, stamp.by)
        case RoleAssigned(_, _, person) if after.channel:
            yield Owed(Kind.INVITE, person)
        case Absorbed() if after.channel:
            yield Kind.INVITE
        case ServicesNamed() if after.room:
            yield from _furnished(after, policy)
        case StatusChanged() | MergedInto() if after.status not in OPEN:
            yield Owed(Kind.RETIRE, due=fact.stamp.recorded_at + policy.archive_after)
        case ChannelRetired(stamp) if stamp.by != BOT.person:
            if after.status in OPEN:
                people = {stamp.by, after.carrier or ""} & after.people
                yield from (Owed(Kind.ROOMLESS, person) for person in sorted(people))
        case ChannelRetired(_, channel):
            yield Owed(Kind.ARCHIVE, place=Post(channel, ""))
        case JobBuried(_, Kind.OPEN_CHANNEL) if after.audience is not None:
            others = after.people - {after.carrier}
            yield from (Owed(Kind.ROOMLESS, person) for person in sorted(others))
        case _:
            pass


def _places(incident: Incident) -> Iterator[Post]:
    """Return where it was: the channel with its card, or the thread."""
    if incident.channel:
        yield Post(incident.channel, incident.card or "")
    if incident.thread:
        yield incident.thread


def _moved_in(
    fact: ChannelOpened | ThreadOpened, after: Incident, policy: Policy
) -> Iterator[Kind | Owed]:
    if after.room != fact.channel:  # it was made private while this was being opened
        ts = fact.ts if isinstance(fact, ThreadOpened) else ""
        yield Owed(Kind.TOMBSTONE, place=Post(fact.channel, ts))
        return
    if after.channel:
        yield from (Kind.INVITE, Kind.PURPOSE)
        if after.former_channels:
            yield Kind.CONTINUED
    yield from _furnished(after, policy)


def _furnished(after: Incident, policy: Policy) -> Iterator[Kind]:
    known = policy.catalogued(after.services)
    if after.audience is None and any(s.owners or s.on_call or s.user_groups for s in known):
        yield Kind.GATHER
    if after.channel and (any(s.links for s in known) or policy.bridges(after.services)):
        yield Kind.BOOKMARKS
