"""What the outside is owed once a fact is written, and what the fact claims."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from .facts import (
    Acknowledged,
    CardPosted,
    ChannelOpened,
    Declared,
    Escalated,
    Fact,
    JobBuried,
    MergedInto,
    OutcomeUnknown,
    Reopened,
    SeverityChanged,
    StatusChanged,
    ThreadOpened,
)
from .jobs import NATURES, PICTURES, SHELVE_AFTER, TIMED, Job, Kind, Reply
from .keeping import is_kept_from_now, is_read_again
from .policy import Policy
from .showing import shows_in_card, shows_to_all
from .state import Incident, Trouble
from .status import TRANSITIONS, Status


@dataclass(frozen=True, slots=True)
class Owed:
    """A job of that kind: to one person if one is named, and not before it is due."""

    kind: Kind
    person: str = ""
    due: datetime | None = None


def owed(before: Incident, fact: Fact, after: Incident, policy: Policy) -> list[Job]:
    """Name the jobs to commit with this fact."""
    every = [
        *_effects(before, fact, after),
        *_said(before, fact, after, policy),
        *_pictures(fact, after, policy),
    ]
    return [_job(one if isinstance(one, Owed) else Owed(one), fact, after) for one in every]


def _effects(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    match fact:
        case Declared():
            yield from (
                Kind.OPEN_CHANNEL,
                Owed(Kind.ACKNOWLEDGEMENT_DUE, due=after.acknowledge_by),
            )
        case Acknowledged():
            if after.channel:
                yield Kind.INVITE
        case SeverityChanged() | Reopened():
            if not after.acknowledged_by:
                yield Owed(Kind.ACKNOWLEDGEMENT_DUE, due=after.acknowledge_by)
        case Escalated():
            yield Kind.UNANSWERED
        case ChannelOpened():
            yield from (Kind.INVITE, Kind.PURPOSE)
            if over(after):
                yield Kind.SEAL
        case CardPosted():
            yield Kind.PIN
        case JobBuried(_, job, reason):
            yield from _trouble(before, Trouble(job, reason))
        case OutcomeUnknown(_, job):
            yield from _trouble(before, Trouble(job, None))
        case StatusChanged(_, Status.RESOLVED):
            yield Kind.POSTMORTEM
        case StatusChanged() | MergedInto() if over(after):
            yield Owed(Kind.SHELVE, due=fact.stamp.recorded_at + SHELVE_AFTER)
            if after.channel:
                yield Kind.SEAL
        case _:
            pass


def _said(before: Incident, fact: Fact, after: Incident, policy: Policy) -> Iterator[Kind | Owed]:
    """Owe what becomes of the transcript."""
    if is_read_again(before, fact, after):
        yield Kind.RECONCILE
    if is_kept_from_now(before, fact, after):
        due = policy.forget_at(after.severity, fact.stamp.recorded_at)
        yield Owed(Kind.FORGET, due=due)


def over(incident: Incident) -> bool:
    """Say whether it is over for good."""
    return incident.status is not None and not TRANSITIONS[incident.status]


def _trouble(before: Incident, trouble: Trouble) -> Iterator[Kind]:
    """Tell of a trouble once, and not of the trouble with telling."""
    if trouble not in before.troubles and trouble.job != Kind.TROUBLE:
        yield Kind.TROUBLE


def _pictures(fact: Fact, after: Incident, policy: Policy) -> Iterator[Kind]:
    if isinstance(fact, JobBuried | OutcomeUnknown) and fact.job == Kind.CARD:
        return  # drawn again for this, it would fail again, for ever
    if after.channel and shows_in_card(fact):
        yield Kind.CARD
    if shows_to_all(fact):
        if after.channel:
            yield Kind.TOPIC
        if after.audience is None and (policy.announcements or after.announcement):
            yield Kind.ANNOUNCEMENT


def _job(one: Owed, fact: Fact, after: Incident) -> Job:
    kind = one.kind
    number = "" if kind in PICTURES else f"/{after.seq}"
    person = f"/{one.person}" if one.person else ""
    key = f"{after.id}{number}/{kind}{person}"
    due = one.due or fact.stamp.recorded_at
    lane = key if kind in TIMED else f"{after.id}/{NATURES[kind].surface}{person}"
    reply = Reply(one.person, "", {}) if one.person else None
    return Job(key, kind, after.id, lane, due, wanted_seq=after.seq, reply=reply)


def claimed(fact: Fact, incident: Incident) -> Mapping[tuple[str, str], str]:
    """Name what only this incident may own from now on."""
    match fact:
        case Declared(_, origin_channel=channel, origin_ts=ts):
            thread = {("thread", f"{channel}/{ts}"): incident.id} if ts else {}
            return {("number", incident.id): incident.id, **thread}
        case ChannelOpened(_, channel):
            return {("channel", channel): incident.id}
        case ThreadOpened(_, channel, ts):
            return {("thread", f"{channel}/{ts}"): incident.id}
        case _:
            return {}
