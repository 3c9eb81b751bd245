"""What is owed for alerts: the triage card, the count on it, the all-clear, silences."""

from collections.abc import Iterator
from datetime import timedelta

from .facts import (
    Acknowledged,
    AlertCleared,
    AlertFired,
    AlertsMoved,
    ChannelOpened,
    Declared,
    Dismissed,
    Escalated,
    Fact,
    ImpactMeasured,
    MadePrivate,
    MergedInto,
    Paged,
    RuleDisputed,
    SeverityChanged,
    SilenceAsked,
    Silenced,
    SilenceLifted,
    StatusChanged,
    Suggested,
)
from .jobs import Kind, Owed
from .state import Incident, Post

AT_ONCE = 10  # of an incident's alerts; whatever more there is, is counted now and then
FLAPS = 3  # so often, and its coming and going is no news any more
TALLIED = timedelta(seconds=30)
IN_BOTH = AlertsMoved | SilenceAsked | Silenced | SilenceLifted | RuleDisputed | ImpactMeasured
ON_TRIAGE = (
    IN_BOTH
    | Suggested
    | Dismissed
    | Declared
    | Escalated
    | SeverityChanged
    | Paged
    | MergedInto
    | Acknowledged
    | StatusChanged
    | MadePrivate
    | ChannelOpened
)


def rings(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    """Name what is owed for alerts, and for what becomes of an incident that has some."""
    yield from _in_time(fact)
    yield from _silences(before, fact, after)
    yield from _shown(before, fact, after)


def _in_time(fact: Fact) -> Iterator[Owed]:
    match fact:
        case Suggested(_, _, _, _, due):
            yield Owed(Kind.ACKNOWLEDGEMENT_DUE, due=due)
        case AlertCleared(quiet_by=quiet_by) | AlertsMoved(quiet_by=quiet_by) if quiet_by:
            yield Owed(Kind.CALM, due=quiet_by)
        case _:
            pass


def _silences(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    ended = before.under_way and not after.under_way
    match fact:
        case SilenceAsked():
            yield Kind.SILENCE
        case Silenced(_, _, _, silence) if not after.under_way:
            yield Owed(Kind.LIFT, place=Post(silence, ""))
        case AlertsMoved(_, source, group):
            for quiet in before.quiet:
                if quiet.silence and (quiet.source, quiet.group) == (source, group):
                    yield Owed(Kind.LIFT, place=Post(quiet.silence, ""))
        case _ if ended:
            kept = (quiet.silence for quiet in after.quiet)
            yield from (Owed(Kind.LIFT, place=Post(silence, "")) for silence in kept if silence)
        case _:
            pass


def _shown(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    pictures = [kind for kind, there in _pictures(before, fact, after) if there]
    match fact:
        case AlertFired() | AlertCleared() if not _is_seen_at_once(before, fact):
            if pictures:
                yield Owed(Kind.TALLY, due=fact.stamp.recorded_at + TALLIED)
        case _:
            yield from pictures


def _pictures(before: Incident, fact: Fact, after: Incident) -> Iterator[tuple[Kind, bool]]:
    of_alerts = isinstance(fact, IN_BOTH | AlertFired | AlertCleared)
    yield Kind.CARD, of_alerts and bool(after.room)
    waits = after.suggestion is not None and (of_alerts or isinstance(fact, ON_TRIAGE))
    yield Kind.TRIAGE, waits


def _is_seen_at_once(before: Incident, fact: AlertFired | AlertCleared) -> bool:
    known = before.alarms.get((fact.source, fact.fingerprint))
    if known is None:
        return len(before.alarms) < AT_ONCE
    return known.fired <= FLAPS and len(before.alarms) <= AT_ONCE
