"""What a command adds to an incident: facts, or a refusal in the person's words."""

from collections.abc import Iterable
from datetime import datetime

from .alarming import steps
from .alert_commands import OfAlerts
from .commands import (
    Acknowledge,
    ChangeSeverity,
    ChangeStatus,
    Command,
    Declare,
    DescribeImpact,
    NameServices,
    Reopen,
    Resolve,
    SetMilestone,
    Triage,
)
from .consequences import consequences, paging
from .discretion import discreet
from .facts import Fact, Milestone
from .incident import Incident, evolve
from .judging import UNKNOWN, judge
from .policy import Policy
from .practice import policy_for
from .status import OPEN, Status

__all__ = ["UNKNOWN", "decide"]


def decide(incident: Incident, command: Command, policy: Policy, at: datetime) -> list[Fact]:
    """Return the facts this command makes true, each step judged after the one before.

    Raises Refused, and then nothing is true that was not before.
    """
    policy = policy_for(incident, command, policy)
    facts: list[Fact] = []
    for step in map(discreet, tuple(_steps(incident, command, policy))):
        judge(incident, step, policy)
        for fact in consequences(incident, step, policy, at):
            incident = evolve(incident, fact)
            facts.append(fact)
    return [*facts, *paging(incident, facts, policy)]


def _steps(incident: Incident, command: Command, policy: Policy) -> Iterable[Command]:
    match command:
        case Declare(by) if policy.on_call in by.groups:
            return (command, Acknowledge(by))
        case _ if isinstance(command, OfAlerts):
            return steps(incident, command, policy)
        case Triage():
            return _triage(incident, command)
        case Resolve():
            return _resolve(command)
        case ChangeStatus(by, Status.CLOSED) if incident.status in OPEN:
            return (ChangeStatus(by, Status.RESOLVED), command)
        case ChangeStatus(by, Status.INVESTIGATING) if incident.status is Status.RESOLVED:
            return (Reopen(by),)
        case _:
            return (command,)


def _triage(incident: Incident, command: Triage) -> Iterable[Command]:
    by = command.by
    if command.severity:
        yield ChangeSeverity(by, command.severity)
    if command.services is not None:
        yield NameServices(by, command.services)
    if command.impact:
        yield DescribeImpact(by, command.impact)
    if incident.acknowledged_by is None:
        yield Acknowledge(by)
    if incident.status in {Status.DETECTED, Status.TRIAGING}:
        yield ChangeStatus(by, Status.INVESTIGATING)


def _resolve(command: Resolve) -> Iterable[Command]:
    if command.impact_ended:
        yield SetMilestone(command.by, Milestone.IMPACT_ENDED, command.impact_ended)
    if command.learned:
        yield command.learned
    yield ChangeStatus(command.by, Status.RESOLVED)
