"""Whether a command may be, as things stand; if not, the person is told why and what to do."""

from .alarming import groups, of_group
from .alert_commands import (
    Accept,
    Dismiss,
    DisputeRule,
    FoldInto,
    NoteCost,
    OfAlerts,
    OpenApart,
    RecordAlerts,
    Silence,
    SplitOff,
    Suggest,
    TakeAlerts,
)
from .authority import BOT, Source
from .commands import (
    Absorb,
    AcceptRole,
    Acknowledge,
    AddAction,
    AddNote,
    ChangeAction,
    ChangeSeverity,
    ChangeStatus,
    Command,
    Declare,
    DeclineRole,
    DescribeImpact,
    EditNote,
    FinishAction,
    Join,
    Leave,
    LoseChannel,
    MakePrivate,
    Merge,
    NameServices,
    NoteStage,
    OfActions,
    OfferRole,
    OfNotes,
    OfTheClock,
    OfWork,
    RegainChannel,
    Reopen,
    ReopenAction,
    RetractAction,
    RetractNote,
    SetMilestone,
    Subscribe,
    Unsubscribe,
    Update,
)
from .discretion import exact
from .errors import Refused
from .facts import Milestone
from .policy import Policy
from .practice import SOURCE
from .standing import Standing, judge_standing
from .state import Incident
from .status import OPEN, TRANSITIONS, Status
from .titles import cleaned
from .visibility import visible
from .working import has_role

APART = "A drill is practised by itself: nothing real becomes part of it, nor it of that."
UNKNOWN = "I know no such incident. `/incident list` shows those you can see."


def judge(incident: Incident, command: Command, policy: Policy) -> None:
    """Raise Refused unless the command may be."""
    match command:
        case Declare():
            _judge_declaration(incident, command)
            _judge_known(command, policy)
        case Suggest() if incident.status is not None or incident.suggestion:
            msg = f"{incident.id} is known already."
            raise Refused(msg)
        case TakeAlerts(new=True) if incident.seq and not _takes_others(incident):
            msg = f"{incident.id} takes no other alerts any more."
            raise Refused(msg)
        case RecordAlerts(_, group) if (group.source == SOURCE) is (incident.practice is None):
            raise Refused(APART)
        case Suggest() | RecordAlerts() | TakeAlerts() | OpenApart() | NoteCost() | NoteStage():
            pass  # nobody can ask that of us in words
        case _ if incident.status is None and incident.suggestion:
            _judge_suggestion(incident, command)
            _judge_silence(incident, command, policy)
        case _ if incident.status is None:
            raise Refused(UNKNOWN)
        case Join() | Leave() | LoseChannel() | RegainChannel():
            pass
        case _ if isinstance(command, OfTheClock):
            pass
        case _ if not visible(incident, command.by):
            raise Refused(UNKNOWN)
        case _:
            _judge_open(incident, incident.status, command)
            _judge_silence(incident, command, policy)
            _judge_known(command, policy)


def _takes_others(incident: Incident) -> bool:
    """Say whether alerts that were nobody's may become a part of it."""
    return incident.under_way and incident.audience is None


def _judge_declaration(incident: Incident, command: Declare) -> None:
    if not cleaned(command.text):
        raise Refused(
            "What is wrong? Say it in a few words, as in: checkout is down.", about="title"
        )
    if incident.status is not None:
        msg = f"{incident.id} is already declared."
        raise Refused(msg)


def _judge_known(command: Command, policy: Policy) -> None:
    """Refuse services that the catalogue does not have; without a catalogue any will do."""
    if not isinstance(command, NameServices | Declare) or not policy.services:
        return
    unknown = [name for name in command.services if name not in policy.services]
    if unknown:
        msg = f"The catalogue has no service `{{quote}}`. It has: {', '.join(policy.services)}."
        raise Refused(msg, about="services", quote=unknown[0])


def _judge_suggestion(incident: Incident, command: Command) -> None:
    """Refuse what is no answer to a suggestion, and a second answer."""
    known = incident.suggestion
    if isinstance(command, OfTheClock):
        return
    if known and not known.open:
        raise only_suggested(incident)
    match command:
        case FoldInto(by, into):
            if into.status not in OPEN or not visible(into, by):
                raise Refused("That one is not open any more. Choose another, or accept this one.")
            if into.practice is not None:
                raise Refused(APART)
            if into.audience is not None:
                raise Refused("What everybody sees cannot become part of a private incident.")
        case ChangeSeverity(by) if by.source is Source.BOT:
            pass
        case SplitOff():
            _judge_alerts(incident, command)
        case Accept() | Dismiss() | Silence() | DisputeRule():
            pass
        case _:
            raise only_suggested(incident)


def only_suggested(incident: Incident) -> Refused:
    """Return why what was never declared cannot be treated as an incident."""
    known = incident.suggestion
    if known is None or known.open:
        return Refused(
            f"{incident.id} is only suggested by alerts so far. Accept it first: "
            f"`/incident ack {incident.id}`; `/incident status {incident.id}` shows its alerts."
        )
    if incident.into:
        return Refused(
            f"{incident.id} is no suggestion any more: <@{known.dismissed_by}> made it a part of "
            f"{incident.into}. `/incident status {incident.into}` shows it."
        )
    how = f"<@{known.dismissed_by}> declined it."
    if known.dismissed_by == BOT.person:
        how = "its alerts cleared by themselves."
    msg = (
        f"{incident.id} is no suggestion any more: {how} If it is an incident after all: "
        "`/incident declare TEXT`."
    )
    return Refused(msg)


def _judge_silence(incident: Incident, command: Command, policy: Policy) -> None:
    if not isinstance(command, Silence):
        return
    if command.source not in policy.alerts.silenced_at:
        msg = "I may not keep these alerts quiet: no address is configured to ask that of."
        raise Refused(msg)
    alarms = of_group(incident, command.source, command.group)
    if not alarms:
        msg = f"{incident.id} has no such alerts any more."
        raise Refused(msg)
    if not all(exact(alarm.labels) for alarm in alarms):
        raise Refused(
            "I cannot name these alerts exactly: their labels are very many or long, or one held "
            "a secret, which I do not keep. Please silence them where they come from."
        )


def _judge_alerts(incident: Incident, command: OfAlerts) -> None:
    match command:
        case Accept() | Dismiss() | FoldInto():
            how = "it was declared."
            if incident.suggestion and incident.declared_by == BOT.person:
                how = "its alerts became so bad that it opened by itself."
            elif incident.suggestion:
                how = f"<@{incident.declared_by}> accepted it."
            on = f" <#{incident.channel}>" if incident.channel else ""
            shows = f"`/incident status {incident.id}` shows it."
            msg = f"{incident.id} is an incident already: {how}{on} {shows}"
            raise Refused(msg)
        case SplitOff(_, source, group) if not of_group(incident, source, group):
            msg = f"{incident.id} has no such alerts any more."
            raise Refused(msg)
        case SplitOff() if incident.practice is not None:
            raise Refused(APART)
        case SplitOff(_, source, group) if len(groups(incident)) == 1:
            msg = f"{incident.id} is about these alerts only; there is nothing to split them from."
            raise Refused(msg)
        case _:
            pass


RESOLVED = frozenset({Status.RESOLVED, Status.CLOSED})
AFTERWARDS = OfNotes | OfActions | SetMilestone | Subscribe | Unsubscribe | MakePrivate


def _judge_open(incident: Incident, status: Status, command: Command) -> None:
    stands = f"{incident.id} is {status}"
    if incident.into:
        msg = f"{incident.id} is merged into {incident.into}. Say it there: add {incident.into}."
        raise Refused(msg)
    if incident.shelved:
        msg = f"{stands} and put away. To go on, declare a new one: `/incident declare TEXT`."
        raise Refused(msg)
    if not TRANSITIONS[status] and not isinstance(command, AFTERWARDS):
        msg = f"{stands}. To go on, declare a new one: `/incident declare TEXT`."
        raise Refused(msg)
    _judge_change(incident, status, command)


def _judge_change(incident: Incident, status: Status, command: Command) -> None:
    stands = f"{incident.id} is {status}"
    match command:
        case ChangeStatus(_, wanted) if wanted not in {status, *TRANSITIONS[status]}:
            on = ", ".join(s for s in Status if s in TRANSITIONS[status])
            msg = f"{stands}. From there it can become: {on}."
            raise Refused(msg)
        case Reopen() if status in OPEN and not incident.roomless:
            msg = f"{stands}, so it is open already."
            raise Refused(msg)
        case Acknowledge(by) if incident.acknowledged_by not in {None, by.person}:
            msg = f"<@{incident.acknowledged_by}> has taken {incident.id} already."
            raise Refused(msg)
        case Acknowledge() if status not in OPEN:
            msg = f"{stands}; there is nothing to take. `/incident reopen` brings it back."
            raise Refused(msg)
        case DescribeImpact(_, impact) if not cleaned(impact):
            raise Refused("What do users notice?", about="impact")
        case _ if isinstance(command, OfAlerts):
            _judge_alerts(incident, command)
        case SetMilestone(_, Milestone.RESOLVED, None) if status in RESOLVED:
            msg = f"{stands}, so it was at some time. `/incident timeline set resolved 14:05`."
            raise Refused(msg)
        case SetMilestone(_, Milestone.RESOLVED, at) if at and status not in RESOLVED:
            msg = f"{stands}. `/incident resolve` says that it is over; then correct the time."
            raise Refused(msg)
        case Merge() | Absorb():
            _judge_merge(incident, command)
        case MakePrivate():
            _judge_private(incident, command)
        case OfferRole() | AcceptRole() | DeclineRole():
            _judge_role(incident, command)
        case _ if isinstance(command, OfWork):
            _judge_work(incident, command)
        case _:
            pass


def _judge_merge(incident: Incident, command: Merge | Absorb) -> None:
    other = command.into if isinstance(command, Merge) else command.other
    if other.suggested and isinstance(command, Merge):
        msg = (
            f"{other.id} is only suggested by alerts so far. Say it the other way round: "
            f"`/incident merge {other.id} into {incident.id}`."
        )
        raise Refused(msg)
    if other.status is None or not visible(other, command.by):
        raise Refused(UNKNOWN)
    if other.id == incident.id:
        msg = f"{incident.id} cannot be merged into itself. Name the other one."
        raise Refused(msg)
    if incident.practice is not None or other.practice is not None:
        raise Refused(APART)
    if (other.audience is None) != (incident.audience is None):
        msg = (
            "A private incident and one that everybody sees cannot be merged: it would show. "
            "Make both private first: `/incident private`."
        )
        raise Refused(msg)
    going_on = other if isinstance(command, Merge) else incident
    if going_on.status not in OPEN:
        msg = f"{going_on.id} is {going_on.status}, so nothing can be merged into it."
        raise Refused(msg)


def _judge_private(incident: Incident, command: MakePrivate) -> None:
    if incident.audience is not None:
        msg = f"{incident.id} is private already. Whoever is invited to its channel is in it."
        raise Refused(msg)
    if command.by.person not in incident.people:
        msg = f"Only somebody who takes part can make {incident.id} private. Join its channel."
        raise Refused(msg)


def _judge_role(incident: Incident, command: OfferRole | AcceptRole | DeclineRole) -> None:
    offer = next((o for o in incident.offers if o.role is command.role), None)
    match command:
        case OfferRole(_, _, person, _, standing):
            _judge_in_it(incident, person, standing)
        case AcceptRole(by, role) if has_role(incident, role, by.person):
            pass  # accepted before
        case AcceptRole(by, role) if not offer or offer.person != by.person:
            msg = f"Nobody waits for you to become {role} of {incident.id} any more."
            raise Refused(msg)
        case DeclineRole(by, role) if not offer or by.person not in {offer.person, offer.by}:
            msg = f"No offer of yours to be {role} of {incident.id} is open any more."
            raise Refused(msg)


def _judge_in_it(incident: Incident, person: str | None, standing: Standing) -> None:
    judge_standing(person, standing, incident.people)
    if person and incident.audience is not None and person not in incident.people:
        msg = f"<@{person}> is not in this private incident. Invite them to its channel first."
        raise Refused(msg, about="person")


def _judge_work(incident: Incident, command: OfWork) -> None:
    notes = {note.number for note in incident.notes}
    actions = {action.number: action for action in incident.actions}
    match command:
        case Update(_, text, _, source) | AddNote(_, text, _, source) if not (
            source or cleaned(text)
        ):
            raise Refused("What should it say?", about="text")
        case EditNote(_, note, text) if note in notes and text is not None and not cleaned(text):
            raise Refused("What should it say instead?", about="text")
        case EditNote(_, note) | RetractNote(_, int(note)) if note not in notes:
            msg = f"{incident.id} has no timeline entry {note}. `/incident timeline` shows them."
            raise Refused(msg)
        case AddAction(_, text, _, _, _, source) if not (source or cleaned(text)):
            raise Refused("What has to be done?", about="text")
        case AddAction(owner=owner, standing=standing):
            _judge_in_it(incident, owner, standing)
        case ChangeAction(_, action) | FinishAction(_, action) | ReopenAction(_, action) if (
            action not in actions
        ):
            raise _no_action(incident, action)
        case RetractAction(_, int(action)) if action not in actions:
            raise _no_action(incident, action)
        case ChangeAction(_, action, text, owner, _, _, standing):
            if not (cleaned(text) or (actions[action].source and not actions[action].text)):
                raise Refused("What has to be done?", about="text")
            if owner != actions[action].owner:
                _judge_in_it(incident, owner, standing)
        case _:
            pass


def _no_action(incident: Incident, action: int) -> Refused:
    return Refused(
        f"{incident.id} has no action item {action}. `/incident action list` shows those it has."
    )
