"""The facts of roles, updates, timeline entries and action items."""

from collections.abc import Sequence
from dataclasses import replace

from .commands import (
    AcceptRole,
    AddAction,
    AddNote,
    ChangeAction,
    DeclineRole,
    EditNote,
    FinishAction,
    OfActions,
    OfferRole,
    OfRoles,
    OfWork,
    ReopenAction,
    RetractAction,
    RetractNote,
    Update,
)
from .facts import (
    ActionAdded,
    ActionChanged,
    ActionDone,
    ActionReopened,
    ActionRetracted,
    Fact,
    HandoverDeclined,
    HandoverOffered,
    Noted,
    NoteEdited,
    NoteRetracted,
    Role,
    RoleAssigned,
    Stamp,
    Updated,
)
from .policy import Policy
from .state import ActionItem, Incident, Post
from .status import OPEN


def roles(incident: Incident, command: OfRoles, stamp: Stamp) -> Sequence[Fact]:
    """Return what a command about a role makes true."""
    match command:
        case OfferRole(_, role, person) if has_role(incident, role, person):
            return []
        case AcceptRole(by, role) if has_role(incident, role, by.person):
            return []
        case OfferRole(by, Role.COMMANDER, person, brief) if person != by.person:
            return [HandoverOffered(stamp, Role.COMMANDER, person, brief.strip())]
        case OfferRole(_, role, person):
            return [RoleAssigned(stamp, role, person)]
        case AcceptRole(by, role):
            return [RoleAssigned(stamp, role, by.person)]
        case DeclineRole(_, role):
            return [HandoverDeclined(stamp, role)]


def has_role(incident: Incident, role: Role, person: str) -> bool:
    """Say whether somebody has that role."""
    if role is Role.COMMANDER:
        return incident.commander == person
    return person in incident.roles.get(role, ())


def work(incident: Incident, command: OfWork, policy: Policy, stamp: Stamp) -> Sequence[Fact]:
    """Return what a command about an update, the timeline or action items makes true."""
    match command:
        case Update(_, text, within, source, at):
            if source in incident.told_from:
                return []
            now = stamp.recorded_at
            due = now + within if within else policy.update_by(incident.severity, now)
            told = replace(stamp, occurred_at=at or now)
            promised = due if incident.status in OPEN else None
            return [Updated(told, text.strip(), promised, *_place(source))]
        case AddNote(_, text, at, source):
            if source and any(note.source == source for note in incident.notes):
                return []
            noted = replace(stamp, occurred_at=at or stamp.recorded_at)
            return [Noted(noted, incident.last_note + 1, text.strip(), *_place(source))]
        case EditNote(_, number, text, at):
            note = next(n for n in incident.notes if n.number == number)
            changed = (note.text if text is None else text.strip(), at or note.at)
            same = changed == (note.text, note.at)
            return [] if same else [NoteEdited(stamp, number, *changed)]
        case RetractNote(_, number, source):
            gone = [n for n in incident.notes if n.number == number or _from(n.source, source)]
            return [NoteRetracted(stamp, note.number) for note in gone]
        case _:
            return _actions(incident, command, stamp)


def _actions(incident: Incident, command: OfActions, stamp: Stamp) -> Sequence[Fact]:
    match command:
        case AddAction(_, text, owner, due, urgency, source):
            if source and any(action.source == source for action in incident.actions):
                return []
            number, place = incident.last_action + 1, _place(source)
            return [ActionAdded(stamp, number, text.strip(), owner, due, urgency, *place)]
        case ChangeAction(_, number, text, owner, due, urgency):
            said = (text.strip(), owner, due, urgency)
            item = _item(incident, number)
            same = said == (item.text, item.owner, item.due, item.urgency)
            return [] if same else [ActionChanged(stamp, number, *said)]
        case FinishAction(_, number):
            return [] if _item(incident, number).done_at else [ActionDone(stamp, number)]
        case ReopenAction(_, number):
            return [ActionReopened(stamp, number)] if _item(incident, number).done_at else []
        case RetractAction(_, number, source):
            gone = [a for a in incident.actions if a.number == number or _from(a.source, source)]
            return [ActionRetracted(stamp, action.number) for action in gone]


def _item(incident: Incident, number: int) -> ActionItem:
    return next(action for action in incident.actions if action.number == number)


def _from(found: Post | None, source: Post | None) -> bool:
    return source is not None and found == source


def _place(source: Post | None) -> tuple[str | None, str | None]:
    return (source.channel, source.ts) if source else (None, None)
