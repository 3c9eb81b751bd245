"""What a drill is: whom it reaches, what it does not count in, and how long people took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .alerts import AlertRules
from .catalogue import Service
from .commands import Command, Declare
from .facts import Acknowledged, Fact, Milestone, RoleAssigned, Updated
from .incident import Incident, replay
from .policy import Policy
from .severity import Severity

SOURCE = "drill"  # of the alerts of a practice production

__all__ = ["SOURCE", "Step", "policy_for", "policy_of", "practised", "real", "times"]


def policy_of(incident: Incident, policy: Policy) -> Policy:
    """Return the rules that count for an incident: those of a drill reach nobody outside it."""
    return policy if incident.practice is None else _practising(incident.id, policy)


def policy_for(incident: Incident, command: Command, policy: Policy) -> Policy:
    """Return the rules that count for what is asked of it, or would begin it."""
    begins = isinstance(command, Declare) and command.practice is not None
    return _practising(incident.id, policy) if begins else policy_of(incident, policy)


def _practising(incident: str, policy: Policy) -> Policy:
    """Return rules by which nobody is on call, and nothing of the team's production is known."""
    services = policy.practice.get(incident, {})
    return replace(
        policy,
        paged_for=frozenset[Severity](),
        on_call="",
        on_call_people=(),
        announcements=None,
        operators=None,
        bridge=None,
        services={name: _nobodys(service) for name, service in services.items()},
        alerts=AlertRules(quiet_for=policy.alerts.quiet_for),
        assessment=(),
        watch=policy.practice_watch,
    )


def _nobodys(service: Service) -> Service:
    return replace(service, owners=(), on_call=(), user_groups=(), bridge=None, links={})


def real(incidents: Iterable[Incident]) -> list[Incident]:
    """Return those that happened: only they are counted, and are like each other."""
    return [incident for incident in incidents if incident.practice is None]


def practised(incidents: Iterable[Incident]) -> list[Incident]:
    """Return those that were drills."""
    return [incident for incident in incidents if incident.practice is not None]


@dataclass(frozen=True, slots=True)
class Step:
    """How long after its beginning a drill came to a step; None is that it never did."""

    name: str
    after: timedelta | None


def times(incident: str, facts: Sequence[Fact]) -> Sequence[Step]:
    """Return how long people took to each step of a drill."""
    milestones = replay(incident, facts).milestones
    began = milestones[Milestone.DECLARED].at
    moments: Mapping[str, datetime | None] = {
        "acknowledged": _first(facts, Acknowledged),
        "assigned": _first(facts, RoleAssigned),
        "updated": _first(facts, Updated),
        "mitigated": milestones[Milestone.MITIGATED].at
        if Milestone.MITIGATED in milestones
        else None,
        "resolved": milestones[Milestone.RESOLVED].at
        if Milestone.RESOLVED in milestones
        else None,
    }
    return [
        Step(name, max(timedelta(), at - began) if at else None) for name, at in moments.items()
    ]


def _first(facts: Iterable[Fact], kind: type[Fact]) -> datetime | None:
    return next((fact.stamp.occurred_at for fact in facts if isinstance(fact, kind)), None)
