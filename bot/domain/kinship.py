"""Which incident is about the same as some services, or about what they need."""

from collections.abc import Iterable, Sequence

from .policy import Policy
from .state import Incident


def kin(services: Iterable[str], incidents: Sequence[Incident], policy: Policy) -> Incident | None:
    """Return the one that shares a service, else a dependency; the newest of several."""
    wanted = set(services)
    needs = wanted | policy.dependencies(wanted)
    for mine, theirs in ((wanted, _about), (needs, _needs)):
        found = [i for i in incidents if not mine.isdisjoint(theirs(i, policy))]
        if found:
            return max(found, key=lambda incident: incident.id)
    return None


def _about(incident: Incident, _: Policy) -> set[str]:
    return set(incident.services)


def _needs(incident: Incident, policy: Policy) -> set[str]:
    return set(incident.services) | policy.dependencies(incident.services)
