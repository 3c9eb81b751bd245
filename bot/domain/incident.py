"""The incident as its facts tell it. History is history: nothing here refuses."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce

from .authority import BOT
from .facts import (
    Acknowledged,
    Announced,
    CardPosted,
    Cause,
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
from .severity import Severity
from .status import Status


@dataclass(frozen=True, slots=True)
class Post:
    """Where a message of ours stands."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of job that was not done and why; without a reason, nobody knows whether it was."""

    job: str
    reason: str | None
    seq: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident after `seq` facts; a status of None means nothing was declared yet."""

    id: str
    seq: int = 0
    status: Status | None = None
    title: str = ""
    details: str = ""
    severity: Severity | None = None
    declared_at: datetime | None = None
    commander: str | None = None
    acknowledge_by: datetime | None = None
    acknowledged_by: str | None = None
    escalated: int = 0
    missed: datetime | None = None
    audience: tuple[str, ...] | None = None
    people: frozenset[str] = frozenset()
    channel: str | None = None
    card: str | None = None
    announcement: Post | None = None
    troubles: tuple[Trouble, ...] = ()
    shelved: bool = False


ABOUT_ANSWERING = ("unanswered", "acknowledgement_due")  # moot once somebody answered


def evolve(incident: Incident, fact: Fact) -> Incident:
    """Fold one fact into the incident."""
    told = _told(incident, fact)
    by = {fact.stamp.by} - {BOT.person}
    match fact:
        case Shelved():
            return told
        case Left():
            people = incident.people - by
        case _:
            people = incident.people | by
    return replace(told, seq=incident.seq + 1, people=people)


def _told(incident: Incident, fact: Fact) -> Incident:
    match fact:
        case Declared():
            return _declared(incident, fact)
        case Acknowledged(stamp):
            return replace(
                incident,
                acknowledged_by=stamp.by,
                commander=incident.commander or stamp.by,
                escalated=0,
                troubles=tuple(t for t in incident.troubles if t.job not in ABOUT_ANSWERING),
            )
        case Joined() | Left():
            return incident
        case SeverityChanged(_, severity, acknowledge_by):
            return replace(incident, severity=severity, acknowledge_by=acknowledge_by)
        case StatusChanged(_, status):
            return replace(incident, status=status)
        case Reopened(_, acknowledge_by):
            return replace(
                incident, status=Status.INVESTIGATING, acknowledge_by=acknowledge_by, escalated=0
            )
        case Escalated(_, level, Cause.UNANSWERED):
            return replace(incident, escalated=level, missed=incident.acknowledge_by)
        case ChannelOpened() | CardPosted() | Announced():
            return _seen(incident, fact)
        case JobBuried(_, job, reason):
            return _troubled(incident, Trouble(job, reason))
        case OutcomeUnknown(_, job):
            return _troubled(incident, Trouble(job, None))
        case TroubleOver(_, job):
            return replace(incident, troubles=tuple(t for t in incident.troubles if t.job != job))
        case Shelved():
            return _shelved(incident, fact)


def _declared(incident: Incident, fact: Declared) -> Incident:
    by = fact.stamp.by
    return replace(
        incident,
        status=Status.DETECTED,
        title=fact.title,
        details=fact.details,
        severity=fact.severity,
        declared_at=fact.stamp.occurred_at,
        commander=None if by == BOT.person else by,
        acknowledge_by=fact.acknowledge_by,
        audience=fact.audience,
    )


def _shelved(incident: Incident, fact: Shelved) -> Incident:
    """Tell the incident from what stays, whether or not the facts before it are known."""
    return Incident(
        incident.id,
        seq=fact.facts + 1,
        title=fact.title,
        severity=fact.severity,
        status=fact.status,
        declared_at=fact.declared_at,
        commander=fact.commander,
        acknowledged_by=fact.acknowledged_by,
        channel=fact.channel,
        audience=fact.audience,
        people=frozenset(fact.people),
        shelved=True,
    )


def _seen(incident: Incident, fact: ChannelOpened | CardPosted | Announced) -> Incident:
    match fact:
        case ChannelOpened(_, channel):
            return replace(incident, channel=channel)
        case CardPosted(_, ts):
            return replace(incident, card=ts)
        case Announced(_, channel, ts):
            return replace(incident, announcement=Post(channel, ts))


def _troubled(incident: Incident, trouble: Trouble) -> Incident:
    if trouble in incident.troubles:
        return incident
    numbered = replace(trouble, seq=incident.seq + 1)
    return replace(incident, troubles=(*incident.troubles, numbered))


def replay(incident_id: str, facts: Iterable[Fact]) -> Incident:
    """Tell an incident from its facts."""
    return reduce(evolve, facts, Incident(incident_id))
