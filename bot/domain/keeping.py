"""Where what is said of an incident stands, when it is read again, and how long it is kept."""

from collections.abc import Iterable

from .facts import Declared, Fact, Shelved
from .incident import Incident, evolve
from .state import Post
from .status import OPEN
from .transcript import Message


def places(incident: Incident) -> tuple[Post, ...]:
    """Return its channels, with a ts of "", and its threads elsewhere."""
    channels = [channel for channel in (incident.channel, *incident.former_channels) if channel]
    threads = [post for post in (incident.thread, incident.origin) if post]
    return tuple(dict.fromkeys([*(Post(channel, "") for channel in channels), *threads]))


def stands_in(place: Post, message: Message) -> bool:
    """Say whether a message stands in a place: in the channel, or in the thread if it is one."""
    return not place.ts or place.ts in {message.ts, message.thread}


def is_read_again(before: Incident, fact: Fact, after: Incident) -> bool:
    """Say whether what was said is read now: it is over, or there was a thread before it."""
    began = isinstance(fact, Declared)
    return bool(places(after)) and (began or (before.status is not after.status and over(after)))


def is_kept_from_now(before: Incident, fact: Fact, after: Incident) -> bool:
    """Say whether the days that what was said is kept begin now, or anew."""
    changed = (before.status, before.severity) != (after.status, after.severity)
    return over(after) and changed and not isinstance(fact, Shelved)


def over(incident: Incident) -> bool:
    """Say whether nobody works on it any more."""
    return incident.status is not None and incident.status not in OPEN


def is_to_be_forgotten(incident: str, facts: Iterable[Fact], number: int) -> bool:
    """Say whether the days that began with that fact are still those that count."""
    began, known = 0, Incident(incident)
    for fact in facts:
        before, known = known, evolve(known, fact)
        if is_kept_from_now(before, fact, known):
            began = known.seq
    return over(known) and began == number


def before_it_was_put_away(incident: str, facts: Iterable[Fact]) -> Incident:
    """Return the incident with all that is known of it."""
    known = Incident(incident)
    for fact in facts:
        known = known if isinstance(fact, Shelved) else evolve(known, fact)
    return known
