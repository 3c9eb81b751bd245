"""The facts that a command makes true once it was judged; none if nothing would change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from .alarming import alerted, calm
from .alert_commands import OfAlerts, TakeOver
from .commands import (
    Absorb,
    Acknowledge,
    ChangeSeverity,
    ChangeStatus,
    CheckAnswered,
    CheckCalm,
    CheckPaged,
    CheckUpdated,
    Command,
    Conclude,
    Declare,
    DescribeImpact,
    EndDrill,
    Join,
    Leave,
    LoseChannel,
    MakePrivate,
    Merge,
    NameServices,
    NoteStage,
    OfRoles,
    OfTheClock,
    OfWork,
    RegainChannel,
    Reopen,
    Resolve,
    Retire,
    SetMilestone,
    Shelve,
    Subscribe,
    Triage,
    Unsubscribe,
)
from .facts import (
    Absorbed,
    Acknowledged,
    Cause,
    ChannelOpened,
    ChannelRetired,
    Concluded,
    Declared,
    Escalated,
    Fact,
    ImpactDescribed,
    Joined,
    Left,
    MadePrivate,
    MergedInto,
    Milestone,
    MilestoneSet,
    Paged,
    Reopened,
    ServicesNamed,
    SeverityChanged,
    Shelved,
    Staged,
    Stamp,
    StatusChanged,
    StoodDown,
    Subscribed,
    Suggested,
    Unsubscribed,
    UpdateMissed,
)
from .policy import Policy
from .severity import Severity
from .state import Conclusion, Incident
from .status import OPEN, TRANSITIONS, Status
from .telling import late
from .titles import title_and_details
from .working import roles, work


def consequences(
    incident: Incident, command: Command, policy: Policy, at: datetime
) -> Sequence[Fact]:
    """Return what the command makes true."""
    stamp = Stamp(occurred_at=at, recorded_at=at, by=command.by.person)
    if isinstance(command, OfTheClock):
        return _in_time(incident, command, policy, stamp)
    if isinstance(command, OfWork):
        return work(incident, command, policy, stamp)
    if isinstance(command, OfAlerts):
        return alerted(incident, command, policy, stamp)
    if isinstance(command, OfRoles):
        return roles(incident, command, stamp)
    facts = _facts(incident, command, policy, stamp)
    return [fact for fact in facts if fact]


def _facts(
    incident: Incident,
    command: Command,
    policy: Policy,
    stamp: Stamp,
) -> Sequence[Fact | None]:
    at = stamp.recorded_at
    match command:
        case Declare():
            return [_declared(command, policy, stamp)]
        case Acknowledge() | Join() | Leave() | Subscribe() | Unsubscribe():
            return _taking_part(incident, command, stamp)
        case LoseChannel(_, channel):
            return [ChannelRetired(stamp, channel)] if channel == incident.channel else []
        case RegainChannel(_, channel):
            own = incident.roomless and channel == incident.former_channels[-1]
            return [ChannelOpened(stamp, channel, "")] if own else []
        case ChangeSeverity(_, severity):
            return [_severity(incident, severity, policy, stamp)]
        case NameServices(_, services):
            changed = set(services) != set(incident.services)
            return [ServicesNamed(stamp, services)] if changed else []
        case DescribeImpact(_, impact):
            changed = impact.strip() != incident.impact
            return [ImpactDescribed(stamp, impact.strip())] if changed else []
        case ChangeStatus(_, status, reason):
            changed = status is not incident.status
            return [StatusChanged(stamp, status, reason.strip())] if changed else []
        case Conclude():
            return [_concluded(incident, command, stamp)]
        case SetMilestone(_, milestone, moment):
            return [_milestone(incident, milestone, moment, stamp)]
        case Reopen():
            due = policy.acknowledge_by(incident.severity, at)
            return [Reopened(stamp, due, policy.update_by(incident.severity, at))]
        case Merge(_, into):
            return [MergedInto(stamp, into.id)]
        case Absorb(by, other):
            alerts = alerted(incident, TakeOver(by, other.firing), policy, stamp)
            return [Absorbed(stamp, other.id, tuple(sorted(other.people))), *alerts]
        case MakePrivate(by, people):
            chosen = tuple(sorted({by.person, *people}))
            return [MadePrivate(stamp, policy.private_readers, chosen)]
        case NoteStage(_, ways, trouble):
            runs = incident.practice is not None and incident.under_way
            return [Staged(stamp, ways, trouble)] if runs else []
        case Triage() | Resolve():
            return []  # they are made of other commands
        case _:
            raise TypeError(command)


def _taking_part(
    incident: Incident,
    command: Acknowledge | Join | Leave | Subscribe | Unsubscribe,
    stamp: Stamp,
) -> Sequence[Fact]:
    person = command.by.person
    if isinstance(command, Join | Leave):
        return _moving(incident, command, stamp)
    match command:
        case Acknowledge():
            return [] if incident.acknowledged_by == person else [Acknowledged(stamp)]
        case Subscribe():
            return [] if person in incident.subscribers else [Subscribed(stamp)]
        case Unsubscribe():
            return [Unsubscribed(stamp)] if person in incident.subscribers else []


def _moving(incident: Incident, command: Join | Leave, stamp: Stamp) -> Sequence[Fact]:
    """Return that somebody came or went, unless it was elsewhere, or before what is known."""
    person, before = command.by.person, incident.moved.get(command.by.person)
    elsewhere = command.channel not in {"", incident.channel}
    if elsewhere or (before and command.at and command.at <= before):
        return []
    moved = replace(stamp, occurred_at=command.at or stamp.occurred_at)
    inside = person in incident.people
    match command:
        case Join():
            back = before is not None and command.at is not None  # so they had gone in between
            new = not inside or back or late(incident, person, stamp.recorded_at)
            return [Joined(moved)] if new else []
        case Leave():
            return [Left(moved)] if inside else []


def _declared(command: Declare, policy: Policy, stamp: Stamp) -> Declared:
    title, details = title_and_details(command.text, command.details)
    at = stamp.recorded_at
    return Declared(
        stamp,
        title,
        details,
        command.severity,
        policy.acknowledge_by(command.severity, at),
        policy.private_readers if command.private else None,
        command.services,
        command.invited,
        command.origin.channel if command.origin else None,
        command.origin.ts if command.origin else None,
        policy.update_by(command.severity, at),
        None if command.severity or not policy.paged_for else at + policy.grace,
        command.practice,
    )


def _severity(incident: Incident, severity: Severity, policy: Policy, stamp: Stamp) -> Fact | None:
    if severity is incident.severity:
        return None
    at = stamp.recorded_at
    due = policy.acknowledge_by(severity, at)
    return SeverityChanged(stamp, severity, due, policy.update_by(severity, at))


def _concluded(incident: Incident, command: Conclude, stamp: Stamp) -> Fact | None:
    before = incident.conclusion
    now = Conclusion(
        command.data_loss or before.data_loss,
        _said(command.root_cause, before.root_cause),
        _said(command.immediate_fix, before.immediate_fix),
        _said(command.permanent_fix, before.permanent_fix),
    )
    if now == before:
        return None
    return Concluded(stamp, now.data_loss, now.root_cause, now.immediate_fix, now.permanent_fix)


def _said(now: str | None, before: str) -> str:
    return before if now is None else now.strip()


def _milestone(
    incident: Incident, milestone: Milestone, at: datetime | None, stamp: Stamp
) -> Fact | None:
    known = incident.milestones.get(milestone)
    same = known.at == at if known else at is None
    return None if same else MilestoneSet(stamp, milestone, at)


def _in_time(
    incident: Incident, command: OfTheClock, policy: Policy, stamp: Stamp
) -> Sequence[Fact]:
    at, due = stamp.recorded_at, incident.update_by
    match command:
        case CheckAnswered() if _unanswered(incident, at):
            return [Escalated(stamp, incident.escalated + 1, Cause.UNANSWERED)]
        case CheckCalm():
            return calm(incident, policy, stamp)
        case CheckPaged() if incident.page_by and at >= incident.page_by:
            return _paged(incident, incident.severity or policy.undecided_is, policy, stamp)
        case CheckUpdated() if due and at >= due and incident.status in OPEN:
            return [] if incident.update_missed == due else [UpdateMissed(stamp, due)]
        case Retire(_, since) if incident.channel and incident.status not in OPEN:
            reopened = since < incident.ended
            return [] if reopened else [ChannelRetired(stamp, incident.channel)]
        case EndDrill() if incident.practice is not None and incident.under_way:
            return [StatusChanged(stamp, Status.CLOSED, "nobody ended the drill in time")]
        case Shelve():
            return _shelved(incident, stamp)
        case _:
            return []


def _unanswered(incident: Incident, at: datetime) -> bool:
    """Say whether nobody took it in time; told once for each time that was given."""
    return (
        incident.under_way
        and incident.acknowledged_by is None
        and incident.acknowledge_by is not None
        and at >= incident.acknowledge_by
        and incident.missed != incident.acknowledge_by
    )


def _shelved(incident: Incident, stamp: Stamp) -> list[Fact]:
    """Put away what nobody can change any more, once; what is still to be done stays at hand."""
    if incident.shelved or incident.status is None or TRANSITIONS[incident.status]:
        return []
    if incident.open_actions:
        return []
    times = {milestone: passed.at for milestone, passed in incident.milestones.items()}
    return [
        Shelved(
            stamp,
            incident.seq,
            incident.title,
            incident.severity,
            incident.status,
            incident.declared_at,
            incident.commander,
            incident.acknowledged_by,
            incident.channel,
            incident.audience,
            tuple(sorted(incident.people)),
            incident.services,
            times.get(Milestone.ACKNOWLEDGED),
            times.get(Milestone.MITIGATED),
            times.get(Milestone.RESOLVED),
            incident.into,
            incident.practice,
        )
    ]


def paging(incident: Incident, facts: Sequence[Fact], policy: Policy) -> Sequence[Fact]:
    """Return who is paged or stood down after these facts."""
    if not facts:
        return []
    stamp = replace(facts[-1].stamp, occurred_at=facts[-1].stamp.recorded_at)
    judged = any(isinstance(f, SeverityChanged | Declared | Suggested) for f in facts)
    severity = incident.severity
    if not incident.under_way or (judged and severity and severity not in policy.paged_for):
        needless = tuple(p for p in incident.paged if p != incident.acknowledged_by)
        return [StoodDown(stamp, needless)] if needless else []
    if incident.status and any(isinstance(f, Escalated) for f in facts):
        return _paged(incident, Severity.P0, policy, stamp)
    return _paged(incident, severity, policy, stamp) if judged and severity else []


def _paged(incident: Incident, severity: Severity, policy: Policy, stamp: Stamp) -> Sequence[Fact]:
    if not incident.under_way or (incident.acknowledged_by and severity is not Severity.P0):
        return []
    known = {stamp.by, incident.acknowledged_by, *incident.paged}
    called = policy.to_page(severity, incident.services)
    if incident.audience is not None:  # others may not even know of it
        inside = tuple(person for person in called if person in incident.people)
        if called and not inside and not incident.acknowledged_by:
            return [Paged(stamp, ())]  # so that the room is told
        called = inside
    missing = tuple(person for person in called if person not in known)
    return [Paged(stamp, missing)] if missing else []
