"""What a command adds to an incident: facts, or a refusal in the person's words."""

from collections.abc import Iterable
from datetime import datetime

from .commands import (
    Acknowledge,
    ChangeSeverity,
    ChangeStatus,
    CheckAnswered,
    Command,
    Declare,
    Join,
    Leave,
    Reopen,
    Shelve,
)
from .errors import Refused
from .facts import (
    Acknowledged,
    Cause,
    Declared,
    Escalated,
    Fact,
    Joined,
    Left,
    Reopened,
    SeverityChanged,
    Shelved,
    Stamp,
    StatusChanged,
)
from .incident import Incident, evolve
from .policy import Policy
from .status import OPEN, TRANSITIONS, Status
from .titles import cleaned, title_and_details
from .visibility import visible


def decide(incident: Incident, command: Command, policy: Policy, at: datetime) -> list[Fact]:
    """Return the facts this command makes true, each step judged after the one before.

    Raises Refused, and then nothing is true that was not before.
    """
    facts: list[Fact] = []
    for step in _steps(incident, command, policy):
        _judge(incident, step)
        for fact in _facts(incident, step, policy, at):
            incident = evolve(incident, fact)
            facts.append(fact)
    return facts


def _steps(incident: Incident, command: Command, policy: Policy) -> Iterable[Command]:
    match command:
        case Declare(by) if policy.on_call in by.groups:
            return (command, Acknowledge(by))
        case ChangeStatus(by, Status.CLOSED) if incident.status in OPEN:
            return (ChangeStatus(by, Status.RESOLVED), command)
        case ChangeStatus(by, Status.INVESTIGATING) if incident.status is Status.RESOLVED:
            return (Reopen(by),)
        case _:
            return (command,)


def _judge(incident: Incident, command: Command) -> None:
    match command:
        case Declare():
            _judge_declaration(incident, command)
        case _ if incident.status is None:
            raise Refused(UNKNOWN)
        case Join() | Leave() | CheckAnswered() | Shelve():
            pass
        case _ if not visible(incident, command.by):
            raise Refused(UNKNOWN)
        case _:
            _judge_change(incident, incident.status, command)


UNKNOWN = "I know no such incident. `/incident list` shows those you can see."


def _judge_declaration(incident: Incident, command: Declare) -> None:
    if not cleaned(command.text):
        raise Refused("What is wrong? `/incident declare checkout is down`", about="title")
    if incident.status is not None:
        msg = f"{incident.id} is already declared."
        raise Refused(msg)


def _judge_change(incident: Incident, status: Status, command: Command) -> None:
    stands = f"{incident.id} is {status}"
    reachable = TRANSITIONS[status]
    match command:
        case _ if not reachable:
            msg = f"{stands}. To go on, declare a new one: `/incident declare TEXT`."
            raise Refused(msg)
        case ChangeStatus(_, wanted) if wanted not in {status, *reachable}:
            on = ", ".join(s for s in Status if s in reachable)
            msg = f"{stands}. From there it can become: {on}."
            raise Refused(msg)
        case Reopen() if status in OPEN:
            msg = f"{stands}, so it is open already."
            raise Refused(msg)
        case Acknowledge(by) if incident.acknowledged_by not in {None, by.person}:
            msg = f"<@{incident.acknowledged_by}> has taken {incident.id} already."
            raise Refused(msg)
        case Acknowledge() if status not in OPEN:
            msg = f"{stands}; there is nothing to take. `/incident reopen` brings it back."
            raise Refused(msg)


def _facts(incident: Incident, command: Command, policy: Policy, at: datetime) -> list[Fact]:
    stamp = Stamp(occurred_at=at, recorded_at=at, by=command.by.person)
    match command:
        case Declare():
            return [_declared(command, policy, stamp)]
        case Acknowledge(by):
            return [] if incident.acknowledged_by == by.person else [Acknowledged(stamp)]
        case Join(by):
            return [] if by.person in incident.people else [Joined(stamp)]
        case Leave(by):
            return [Left(stamp)] if by.person in incident.people else []
        case ChangeSeverity(_, severity):
            changed = SeverityChanged(stamp, severity, policy.acknowledge_by(severity, at))
            return [] if severity is incident.severity else [changed]
        case ChangeStatus(_, status):
            return [] if status is incident.status else [StatusChanged(stamp, status)]
        case Reopen():
            return [Reopened(stamp, policy.acknowledge_by(incident.severity, at))]
        case CheckAnswered():
            escalated = Escalated(stamp, incident.escalated + 1, Cause.UNANSWERED)
            return [escalated] if _unanswered(incident, at) else []
        case Shelve():
            return _shelved(incident, stamp)


def _shelved(incident: Incident, stamp: Stamp) -> list[Fact]:
    """Put away what nobody can change any more, once."""
    if incident.shelved or incident.status is None or TRANSITIONS[incident.status]:
        return []
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
        )
    ]


def _declared(command: Declare, policy: Policy, stamp: Stamp) -> Declared:
    title, details = title_and_details(command.text)
    return Declared(
        stamp,
        title,
        details,
        command.severity,
        policy.acknowledge_by(command.severity, stamp.recorded_at),
        policy.private_readers if command.private else None,
    )


def _unanswered(incident: Incident, at: datetime) -> bool:
    """Say whether nobody took it in time; told once for each time that was given."""
    return (
        incident.status in OPEN
        and incident.acknowledged_by is None
        and incident.acknowledge_by is not None
        and at >= incident.acknowledge_by
        and incident.missed != incident.acknowledge_by
    )
