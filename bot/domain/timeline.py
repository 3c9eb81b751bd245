"""What happened in an incident and is worth telling, in order, as it stands now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from .facts import (
    Absorbed,
    Acknowledged,
    ActionAdded,
    ActionChanged,
    ActionDone,
    ActionReopened,
    ActionRetracted,
    AlertCleared,
    AlertFired,
    AlertsMoved,
    ChannelOpened,
    ChannelRetired,
    Concluded,
    Declared,
    Dismissed,
    Escalated,
    Fact,
    HandoverDeclined,
    HandoverOffered,
    ImpactDescribed,
    ImpactMeasured,
    MadePrivate,
    MergedInto,
    MilestoneSet,
    Noted,
    NoteEdited,
    NoteRetracted,
    Paged,
    Reopened,
    ResolveProposed,
    RoleAssigned,
    RuleDisputed,
    ServicesNamed,
    SeverityChanged,
    SilenceAsked,
    Silenced,
    SilenceLifted,
    Staged,
    StatusChanged,
    StoodDown,
    Suggested,
    ThreadOpened,
    Updated,
    UpdateMissed,
)
from .state import Incident, Post

WORTH_TELLING = (
    Declared
    | Acknowledged
    | SeverityChanged
    | StatusChanged
    | Reopened
    | Escalated
    | ServicesNamed
    | ImpactDescribed
    | MilestoneSet
    | Concluded
    | MergedInto
    | Absorbed
    | MadePrivate
    | Paged
    | StoodDown
    | HandoverOffered
    | HandoverDeclined
    | RoleAssigned
    | ChannelOpened
    | ThreadOpened
    | ChannelRetired
    | Updated
    | UpdateMissed
    | Noted
    | ActionAdded
    | ActionDone
    | ActionReopened
    | Suggested
    | Dismissed
    | AlertFired
    | AlertCleared
    | AlertsMoved
    | SilenceAsked
    | Silenced
    | SilenceLifted
    | ResolveProposed
    | RuleDisputed
    | ImpactMeasured
    | Staged
)


AT_ONCE = timedelta(minutes=1)  # what fired, or cleared, in that time is one entry
CHANGES = WORTH_TELLING | NoteEdited | NoteRetracted | ActionChanged | ActionRetracted


class Told(NamedTuple):
    """An alert in the timeline: what it is called, and how often it came."""

    name: str
    times: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: when, by whom, what, and the message it came from.

    `seq` is the fact's number in its incident; `note` a timeline entry's own, to change it by.
    One of alerts tells of all `alerts` that fired or cleared with it, and how often each came.
    """

    at: datetime
    by: str
    fact: Fact
    incident: str
    seq: int
    source: Post | None = None
    note: int | None = None
    alerts: tuple[Told, ...] = ()

    @property
    def kind(self) -> str:
        """Return what kind of fact it is, for the words that tell it."""
        return type(self.fact).__name__


def timeline(incident: Incident, facts: Iterable[Fact]) -> Sequence[Entry]:
    """Return what the facts of an incident tell, oldest first.

    Entries stand as they were edited; what was retracted, and what a milestone was said to be
    before it was said otherwise, is left out. Of an alert that came often its first coming and its
    end are told, together with others at that time; of what was measured, the last.
    """
    every = list(facts)
    edits = {fact.note: fact for fact in every if isinstance(fact, NoteEdited)}
    gone = {fact.note for fact in every if isinstance(fact, NoteRetracted)}
    said = {fact.milestone: fact for fact in every if isinstance(fact, MilestoneSet)}
    measured = next((f for f in reversed(every) if isinstance(f, ImpactMeasured)), None)

    def told() -> Iterator[Entry]:
        for seq, fact in enumerate(every, 1):
            match fact:
                case Noted(_, note) if note in gone:
                    pass
                case Noted(stamp, note) if edit := edits.get(note):
                    then = replace(stamp, occurred_at=edit.at)
                    yield _entry(incident, seq, replace(fact, text=edit.text, stamp=then))
                case MilestoneSet(_, milestone, at):
                    if at and said[milestone] is fact:
                        yield replace(_entry(incident, seq, fact), at=at)
                case AlertFired() | AlertCleared():
                    pass  # many are told as one
                case ImpactMeasured() if fact is not measured:
                    pass
                case _ if isinstance(fact, WORTH_TELLING):
                    yield _entry(incident, seq, fact)
                case _:
                    pass

    return united([told(), _alerts(incident, every)])


def _alerts(incident: Incident, facts: Sequence[Fact]) -> Iterator[Entry]:
    """Yield when alerts came first, and when they were over for good."""
    came: dict[tuple[str, str], list[tuple[int, AlertFired]]] = {}
    over: dict[tuple[str, str], tuple[int, AlertCleared]] = {}
    for seq, fact in enumerate(facts, 1):
        match fact:
            case AlertFired(stamp, source, _, fingerprint):
                times = came.setdefault((source, fingerprint), [])
                cleared = over.pop((source, fingerprint), None)
                if cleared or not times or times[-1][1].stamp.occurred_at != stamp.occurred_at:
                    times.append((seq, fact))  # else it only got worse
            case AlertCleared(_, source, fingerprint) if (source, fingerprint) in came:
                over[source, fingerprint] = (seq, fact)
            case _:
                pass
    began = [(*first, Told(first[1].name, 1)) for first, *_ in came.values()]
    ended = [(*last, Told(came[key][0][1].name, len(came[key]))) for key, last in over.items()]
    yield from _together(incident, began)
    yield from _together(incident, ended)


def _together(
    incident: Incident, told: Iterable[tuple[int, AlertFired | AlertCleared, Told]]
) -> Iterator[Entry]:
    entry: Entry | None = None
    for seq, fact, alert in sorted(told, key=lambda one: (one[1].stamp.occurred_at, one[0])):
        if entry and fact.stamp.occurred_at - entry.at < AT_ONCE:
            entry = replace(entry, alerts=(*entry.alerts, alert))
            continue
        if entry:
            yield entry
        entry = replace(_entry(incident, seq, fact), alerts=(alert,))
    if entry:
        yield entry


def changes_story(fact: Fact) -> bool:
    """Say whether the incident's story is another one after it."""
    return isinstance(fact, CHANGES) and not isinstance(fact, ChannelRetired)


def united(timelines: Iterable[Iterable[Entry]]) -> Sequence[Entry]:
    """Return the entries of several incidents as one timeline."""
    every = (entry for timeline in timelines for entry in timeline)
    return sorted(every, key=lambda entry: (entry.at, entry.incident, entry.seq))


def sources(entries: Iterable[Entry]) -> Iterator[Post]:
    """Yield the messages that entries came from."""
    yield from (entry.source for entry in entries if entry.source)


def _entry(incident: Incident, seq: int, fact: Fact) -> Entry:
    note = fact.note if isinstance(fact, Noted) else None
    stamp = fact.stamp
    return Entry(stamp.occurred_at, stamp.by, fact, incident.id, seq, _source(fact), note)


def _source(fact: Fact) -> Post | None:
    match fact:
        case Declared(_, origin_channel=channel, origin_ts=ts):
            return Post(channel, ts) if channel and ts else None
        case (
            Updated(_, from_channel=channel, from_ts=ts)
            | Noted(_, from_channel=channel, from_ts=ts)
            | ActionAdded(_, from_channel=channel, from_ts=ts)
        ):
            return Post(channel, ts) if channel and ts else None
        case _:
            return None
