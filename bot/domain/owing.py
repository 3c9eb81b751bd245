"""What the outside is owed once a fact is written, and what the fact claims."""

from collections.abc import Iterator, Mapping

from .alert_commands import TakeAlerts
from .alerts import Group
from .commands import Command
from .facts import (
    ActionDone,
    ActionRetracted,
    Announced,
    ChannelOpened,
    Declared,
    Escalated,
    Fact,
    JobBuried,
    MadePrivate,
    MergedInto,
    OutcomeUnknown,
    Reopened,
    SeverityChanged,
    Staged,
    StatusChanged,
    Suggested,
    ThreadOpened,
)
from .handing import hands
from .jobs import NATURES, PICTURES, SHELVE_AFTER, TIMED, Job, Kind, Owed, Reply
from .keeping import is_kept_from_now, is_read_again
from .policy import Policy
from .practice import policy_of
from .ringing import rings
from .rooming import rooms
from .saying import said_to_all
from .showing import shows_in_card, shows_to_all
from .state import Incident, Post, Trouble
from .status import TRANSITIONS, Status
from .telling import tells

__all__ = ["Owed", "alert_claim", "asked", "claimed", "over", "owed"]


def owed(before: Incident, fact: Fact, after: Incident, policy: Policy) -> list[Job]:
    """Name the jobs to commit with this fact."""
    policy = policy_of(after, policy)
    every = [
        *rooms(before, fact, after, policy),
        *_effects(before, fact, after),
        *_at_origin(before, fact, after),
        *_said(before, fact, after, policy),
        *hands(before, fact, after),
        *tells(before, fact, after),
        *said_to_all(before, fact, after),
        *rings(before, fact, after),
        *_practised(before, fact, after, policy),
        *_pictures(fact, after, policy),
    ]
    return [_job(one if isinstance(one, Owed) else Owed(one), fact, after) for one in every]


def _effects(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    match fact:
        case Declared():
            yield Owed(Kind.ACKNOWLEDGEMENT_DUE, due=after.acknowledge_by)
        case SeverityChanged() | Reopened():
            if not after.acknowledged_by:
                yield Owed(Kind.ACKNOWLEDGEMENT_DUE, due=after.acknowledge_by)
        case Escalated():
            yield Kind.UNANSWERED
        case ChannelOpened() | ThreadOpened() if over(after) and after.room:
            yield Kind.SEAL
        case JobBuried(_, job, reason):
            yield from _trouble(before, Trouble(job, reason))
        case OutcomeUnknown(_, job):
            yield from _trouble(before, Trouble(job, None))
        case StatusChanged(_, Status.RESOLVED):
            yield Kind.POSTMORTEM
        case StatusChanged() | MergedInto() if over(after):
            yield Owed(Kind.SHELVE, due=fact.stamp.recorded_at + SHELVE_AFTER)
            if after.room:
                yield Kind.SEAL
        case ActionDone() | ActionRetracted() if over(after) and not after.open_actions:
            yield Owed(Kind.SHELVE, due=fact.stamp.recorded_at + SHELVE_AFTER)
        case _:
            pass


def _practised(
    before: Incident, fact: Fact, after: Incident, policy: Policy
) -> Iterator[Kind | Owed]:
    """Owe what becomes of a drill."""
    match fact:
        case Declared(practice=str()):
            yield Owed(Kind.DRILL_DUE, due=fact.stamp.recorded_at + policy.drills_last)
        case Staged() if after.room:
            yield Kind.STAGED
        case StatusChanged() if after.practice and before.under_way and not after.under_way:
            yield Kind.DEBRIEF
        case _:
            pass


def _said(before: Incident, fact: Fact, after: Incident, policy: Policy) -> Iterator[Kind | Owed]:
    """Owe what becomes of the transcript."""
    if is_read_again(before, fact, after):
        yield Kind.RECONCILE
    if is_kept_from_now(before, fact, after):
        due = policy.forget_at(after.severity, fact.stamp.recorded_at)
        yield Owed(Kind.FORGET, due=due)


def _at_origin(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind]:
    """Tell of the first room where the incident was declared from, unless it is private."""
    opened = isinstance(fact, ChannelOpened | ThreadOpened)
    first = before.room is None and not before.former_channels
    if opened and first and after.origin and after.audience is None:
        yield Kind.ORIGIN


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
    if after.room and shows_in_card(fact):
        yield Kind.CARD
    if after.channel and shows_to_all(fact):
        yield Kind.TOPIC
    if _announced(fact, after, policy):
        yield Kind.ANNOUNCEMENT


def _announced(fact: Fact, after: Incident, policy: Policy) -> bool:
    """Say whether the announcement looks different; what was made private is taken back once."""
    if after.audience is None:
        return shows_to_all(fact) and bool(policy.announcements or after.announcement)
    return isinstance(fact, MadePrivate | Announced) and after.announcement is not None


def _job(one: Owed, fact: Fact, after: Incident) -> Job:
    kind = one.kind
    seq = one.seq or after.seq
    number = "" if kind in PICTURES else f"/{seq}"
    person = f"/{one.person}" if one.person else ""
    key = f"{after.id}{number}/{kind}{person}"
    due = one.due or fact.stamp.recorded_at
    lane = key if kind in TIMED else f"{after.id}/{NATURES[kind].surface}{person}"
    place = one.place or Post("", "")
    about = one.person or one.place
    reply = Reply(one.person, place.channel, {}, place.ts) if about else None
    return Job(key, kind, after.id, lane, due, wanted_seq=seq, reply=reply)


def asked(command: Command, incident: str) -> Mapping[tuple[str, str], str]:
    """Name what an incident owns because of what was asked of it, whatever comes of that."""
    match command:
        case TakeAlerts(_, group, _, True):
            return {alert_claim(group): incident}
        case _:
            return {}


def alert_claim(group: Group) -> tuple[str, str]:
    """Return the claim to a group of alerts."""
    return ("alert", f"{group.source}/{group.key}")


def claimed(fact: Fact, incident: Incident) -> Mapping[tuple[str, str], str]:
    """Name what only this incident may own from now on."""
    match fact:
        case Declared(_, origin_channel=channel, origin_ts=ts):
            thread = {("thread", f"{channel}/{ts}"): incident.id} if ts else {}
            return {("number", incident.id): incident.id, **thread}
        case Suggested():
            return {("number", incident.id): incident.id}
        case ChannelOpened(_, channel):
            return {("channel", channel): incident.id}
        case ThreadOpened(_, channel, ts):
            return {("thread", f"{channel}/{ts}"): incident.id}
        case _:
            return {}
