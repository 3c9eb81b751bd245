"""What each fact changes of an incident, by kinds of fact. Nothing here refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from .authority import BOT
from .facts import (
    Absorbed,
    Acknowledged,
    ActionAdded,
    ActionChanged,
    ActionDone,
    ActionReopened,
    ActionRetracted,
    Announced,
    CardPosted,
    ChannelOpened,
    ChannelRetired,
    Concluded,
    Course,
    Declared,
    Escalated,
    HandoverDeclined,
    HandoverOffered,
    ImpactDescribed,
    JobBuried,
    Joined,
    Left,
    MadePrivate,
    MergedInto,
    Milestone,
    MilestoneSet,
    Noted,
    NoteEdited,
    NoteRetracted,
    OutcomeUnknown,
    Paged,
    People,
    PostmortemFiled,
    Reopened,
    Role,
    RoleAssigned,
    ServicesNamed,
    SeverityChanged,
    Shelved,
    Stamp,
    StatusChanged,
    StoodDown,
    Subscribed,
    SubscriptionOpened,
    Surfaces,
    ThreadOpened,
    TroubleOver,
    Unsubscribed,
    Updated,
    UpdateMissed,
    Work,
)
from .milestones import Passed, passed, said
from .state import ActionItem, Conclusion, Incident, Note, Offer, Post, Trouble, Update
from .status import OPEN, TRANSITIONS, Status

ABOUT_ANSWERING = ("unanswered", "acknowledgement_due")  # moot once somebody answered
TELLS = {Status.MONITORING: Milestone.MITIGATED, Status.RESOLVED: Milestone.RESOLVED}


def after_course(incident: Incident, fact: Course) -> Incident:
    """Fold a fact of the incident's course."""
    match fact:
        case Declared():
            return _declared(incident, fact)
        case Acknowledged(stamp):
            return _acknowledged(incident, stamp.by, stamp.occurred_at)
        case SeverityChanged(_, severity, acknowledge_by, update_by):
            return replace(
                incident,
                severity=severity,
                acknowledge_by=acknowledge_by,
                update_by=update_by,
                page_by=None,
            )
        case StatusChanged():
            return _status_changed(incident, fact)
        case Reopened():
            return _reopened(incident, fact)
        case Escalated(_, level):
            return replace(incident, escalated=level, missed=incident.acknowledge_by)
        case ServicesNamed(_, services):
            return replace(incident, services=services)
        case ImpactDescribed(_, impact):
            return replace(incident, impact=impact)
        case MilestoneSet(stamp, milestone, at):
            told = said(incident.milestones, milestone, at, stamp.by)
            return replace(incident, milestones=told)
        case Concluded(_, data_loss, cause, immediate, permanent):
            learned = Conclusion(data_loss, cause, immediate, permanent)
            return replace(incident, conclusion=learned)
        case MergedInto(_, into):
            ended = incident.seq + 1
            return replace(incident, status=Status.MERGED, into=into, ended=ended, offers=())
        case Absorbed():
            return _absorbed(incident, fact)
        case MadePrivate():
            return _made_private(incident, fact)
        case Shelved():
            return _shelved(incident, fact)


def _declared(incident: Incident, fact: Declared) -> Incident:
    by, at = fact.stamp.by, fact.stamp.occurred_at
    told = passed(incident.milestones, Milestone.DETECTED, at, by)
    return replace(
        incident,
        status=Status.DETECTED,
        title=fact.title,
        practice=fact.practice,
        details=fact.details,
        severity=fact.severity,
        services=fact.services,
        declared_at=at,
        declared_by=by,
        origin=_post(fact.origin_channel, fact.origin_ts),
        milestones=passed(told, Milestone.DECLARED, at, by),
        commander=None if by == BOT.person else by,
        suggestion=replace(incident.suggestion, accepted=True) if incident.suggestion else None,
        acknowledge_by=fact.acknowledge_by,
        update_by=fact.update_by,
        page_by=fact.page_by,
        audience=fact.audience,
        people=incident.people | set(fact.invited),
    )


def _acknowledged(incident: Incident, by: str, at: datetime) -> Incident:
    return replace(
        incident,
        acknowledged_by=by,
        milestones=passed(incident.milestones, Milestone.ACKNOWLEDGED, at, by),
        commander=incident.commander or by,
        escalated=0,
        page_by=None,
        troubles=tuple(t for t in incident.troubles if t.job not in ABOUT_ANSWERING),
    )


def _status_changed(incident: Incident, fact: StatusChanged) -> Incident:
    told = incident.milestones
    if fact.status in TELLS:
        told = passed(told, TELLS[fact.status], fact.stamp.occurred_at, fact.stamp.by)
    ends = incident.status in OPEN and fact.status not in OPEN
    return replace(
        incident,
        status=fact.status,
        reason=fact.reason,
        milestones=told,
        offers=incident.offers if TRANSITIONS[fact.status] else (),
        ended=incident.seq + 1 if ends else incident.ended,
    )


def _reopened(incident: Incident, fact: Reopened) -> Incident:
    over = {Milestone.MITIGATED, Milestone.IMPACT_ENDED, Milestone.RESOLVED}
    return replace(
        incident,
        status=Status.INVESTIGATING,
        milestones={m: p for m, p in incident.milestones.items() if m not in over},
        acknowledge_by=fact.acknowledge_by,
        update_by=fact.update_by,
        escalated=0,
        roomless=False,
    )


def _absorbed(incident: Incident, fact: Absorbed) -> Incident:
    known = (*(i for i in incident.absorbed if i != fact.incident), fact.incident)
    return replace(incident, absorbed=known, people=incident.people | set(fact.people))


def _made_private(incident: Incident, fact: MadePrivate) -> Incident:
    left = () if incident.channel is None else (incident.channel,)
    chosen = frozenset(fact.people)
    return replace(
        _among(incident, lambda person: person in chosen),
        audience=fact.audience,
        people=chosen,
        commander=incident.commander if incident.commander in chosen else fact.stamp.by,
        channel=None,
        thread=None,
        card=None,
        former_channels=(*incident.former_channels, *left),
        roomless=False,
    )


def _among(incident: Incident, stays: Callable[[str], bool]) -> Incident:
    """Forget what part everybody else had in it: nobody is to write to them about it."""
    return replace(
        incident,
        roles={r: tuple(p for p in held if stays(p)) for r, held in incident.roles.items()},
        offers=tuple(offer for offer in incident.offers if stays(offer.person)),
        paged=tuple(person for person in incident.paged if stays(person)),
        actions=tuple(
            action if action.owner and stays(action.owner) else replace(action, owner=None)
            for action in incident.actions
        ),
        subscribers={p: post for p, post in incident.subscribers.items() if stays(p)},
        joined=frozenset(person for person in incident.joined if stays(person)),
    )


def _shelved(incident: Incident, fact: Shelved) -> Incident:
    """Tell the incident from what stays, whether or not the facts before it are known."""
    times = {
        Milestone.DECLARED: fact.declared_at,
        Milestone.ACKNOWLEDGED: fact.acknowledged_at,
        Milestone.MITIGATED: fact.mitigated_at,
        Milestone.RESOLVED: fact.resolved_at,
    }
    return Incident(
        incident.id,
        seq=fact.facts + 1,
        title=fact.title,
        practice=fact.practice,
        severity=fact.severity,
        services=fact.services,
        status=fact.status,
        declared_at=fact.declared_at,
        milestones={m: Passed(at, fact.stamp.by, said=True) for m, at in times.items() if at},
        commander=fact.commander,
        acknowledged_by=fact.acknowledged_by,
        channel=fact.channel,
        into=fact.into,
        audience=fact.audience,
        people=frozenset(fact.people),
        shelved=True,
    )


def after_people(incident: Incident, fact: People) -> Incident:
    """Fold a fact of who takes part."""
    match fact:
        case Joined(stamp):
            return replace(_moved(incident, stamp), joined=incident.joined | {stamp.by})
        case Left(stamp) if incident.audience is not None:
            return _moved(_among(incident, lambda person: person != stamp.by), stamp)
        case Left(stamp):
            return _moved(incident, stamp)
        case Paged(_, people):
            return replace(incident, paged=(*incident.paged, *people), page_by=None)
        case StoodDown(_, people):
            return replace(incident, paged=tuple(p for p in incident.paged if p not in people))
        case HandoverOffered(stamp, role, person, brief):
            offer = Offer(role, person, brief, stamp.by, incident.seq + 1)
            return replace(incident, offers=(*_without(incident, role), offer))
        case HandoverDeclined(_, role):
            return replace(incident, offers=_without(incident, role))
        case RoleAssigned():
            return _assigned(incident, fact)
        case Subscribed(stamp):
            kept = {stamp.by: None, **incident.subscribers}
            return replace(incident, subscribers=kept)
        case Unsubscribed(stamp):
            kept = {p: post for p, post in incident.subscribers.items() if p != stamp.by}
            return replace(incident, subscribers=kept)
        case SubscriptionOpened(_, person, channel, ts):
            if person not in incident.subscribers:  # they changed their mind meanwhile
                return incident
            kept = {**incident.subscribers, person: Post(channel, ts)}
            return replace(incident, subscribers=kept)


def _moved(incident: Incident, stamp: Stamp) -> Incident:
    return replace(incident, moved={**incident.moved, stamp.by: stamp.occurred_at})


def _without(incident: Incident, role: Role) -> tuple[Offer, ...]:
    return tuple(offer for offer in incident.offers if offer.role is not role)


def _assigned(incident: Incident, fact: RoleAssigned) -> Incident:
    people = incident.people | {fact.person}
    told = replace(incident, offers=_without(incident, fact.role), people=people)
    held = tuple(p for p in incident.roles.get(fact.role, ()) if p != fact.person)
    match fact.role:
        case Role.COMMANDER:
            return replace(told, commander=fact.person)
        case Role.RESPONDER:
            return replace(told, roles={**told.roles, fact.role: (*held, fact.person)})
        case _:
            return replace(told, roles={**told.roles, fact.role: (fact.person,)})


def after_work(incident: Incident, fact: Work) -> Incident:
    """Fold a fact of what people said and did."""
    match fact:
        case Updated(stamp, text, update_by, channel, ts):
            source = _post(channel, ts)
            update = Update(text, stamp.occurred_at, stamp.by, source)
            told = incident.told_from | {source} if source else incident.told_from
            return replace(incident, update=update, update_by=update_by, told_from=told)
        case UpdateMissed(_, update_by):
            return replace(incident, update_missed=update_by)
        case Noted(stamp, number, text, channel, ts):
            note = Note(number, text, stamp.occurred_at, stamp.by, _post(channel, ts))
            notes = (*(n for n in incident.notes if n.number != number), note)
            return replace(incident, notes=notes, last_note=max(incident.last_note, number))
        case NoteEdited(_, number, text, at):
            notes = tuple(
                replace(n, text=text, at=at) if n.number == number else n for n in incident.notes
            )
            return replace(incident, notes=notes)
        case NoteRetracted(_, number):
            notes = tuple(n for n in incident.notes if n.number != number)
            return replace(incident, notes=notes)
        case ActionAdded() | ActionChanged() | ActionDone() | ActionReopened() | ActionRetracted():
            return _acted(incident, fact)


ActionFact = ActionAdded | ActionChanged | ActionDone | ActionReopened | ActionRetracted


def _acted(incident: Incident, fact: ActionFact) -> Incident:
    def changed(change: Callable[[ActionItem], ActionItem]) -> Incident:
        known = (change(a) if a.number == fact.action else a for a in incident.actions)
        return replace(incident, actions=tuple(known))

    match fact:
        case ActionAdded(stamp, number, text, owner, due, urgency, channel, ts):
            source = _post(channel, ts)
            item = ActionItem(number, text, owner, due, urgency, stamp.by, source)
            others = tuple(a for a in incident.actions if a.number != number)
            last = max(incident.last_action, number)
            return replace(incident, actions=(*others, item), last_action=last)
        case ActionChanged(_, _, text, owner, due, urgency):
            return changed(lambda a: replace(a, text=text, owner=owner, due=due, urgency=urgency))
        case ActionDone(stamp):
            return changed(lambda a: replace(a, done_at=stamp.occurred_at))
        case ActionReopened():
            return changed(lambda a: replace(a, done_at=None))
        case ActionRetracted(_, number):
            kept = tuple(a for a in incident.actions if a.number != number)
            return replace(incident, actions=kept)


def after_surfaces(incident: Incident, fact: Surfaces) -> Incident:
    """Fold a fact of what the bot put where people look."""
    match fact:
        case ChannelOpened(_, channel, _, False) if incident.audience is not None:
            return replace(incident, former_channels=(*incident.former_channels, channel))
        case ChannelOpened(stamp, channel):
            former = tuple(c for c in incident.former_channels if c != channel)
            opened = replace(incident, channel=channel, opened_at=stamp.occurred_at)
            return replace(opened, former_channels=former, roomless=False)
        case ThreadOpened() if incident.audience is not None:  # begun before it was made private
            return incident
        case ThreadOpened(_, channel, ts):
            return replace(incident, thread=Post(channel, ts))
        case ChannelRetired(stamp, channel):
            former = (*(c for c in incident.former_channels if c != channel), channel)
            if channel != incident.channel:
                return replace(incident, former_channels=former)
            by_hand = stamp.by != BOT.person
            left = replace(incident, channel=None, card=None, former_channels=former)
            return replace(left, roomless=by_hand)
        case CardPosted(_, _, channel) if channel and channel != incident.room:
            return incident  # drawn before it moved
        case CardPosted(_, ts):
            return replace(incident, card=ts)
        case Announced(_, channel, ts):
            return replace(incident, announcement=Post(channel, ts))
        case PostmortemFiled(_, _, link, tells):
            return replace(incident, postmortem=link, postmortem_tells=tells)
        case JobBuried(_, job, reason):
            return _troubled(incident, Trouble(job, reason))
        case OutcomeUnknown(_, job):
            return _troubled(incident, Trouble(job, None))
        case TroubleOver(_, job):
            return replace(incident, troubles=tuple(t for t in incident.troubles if t.job != job))


def _troubled(incident: Incident, trouble: Trouble) -> Incident:
    if trouble in incident.troubles:
        return incident
    numbered = replace(trouble, seq=incident.seq + 1)
    return replace(incident, troubles=(*incident.troubles, numbered))


def _post(channel: str | None, ts: str | None) -> Post | None:
    return Post(channel, ts) if channel and ts else None
