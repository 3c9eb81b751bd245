"""Keeps count of how many pods may be disrupted."""

from copy import deepcopy

from sandbox.cluster.controllers.room import Room, set_condition
from sandbox.cluster.fates import is_ready, owner
from sandbox.cluster.quantities import share
from sandbox.cluster.selectors import labels_of, meant
from sandbox.wire import Json

BUDGETS, PODS = "poddisruptionbudgets.policy", "pods"


class Budgets:
    """Say in budgets' status what they allow."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def due(self) -> float | None:
        """Return nothing: counting takes no time."""
        return None

    def reconcile(self) -> None:
        """Count anew."""
        for budget in self._room.store.all(BUDGETS):
            self._one(deepcopy(budget))

    def _one(self, budget: Json) -> None:
        place, spec = budget["metadata"]["namespace"], budget["spec"]
        pods = [
            pod
            for pod in self._room.store.all(PODS, place)
            if meant(spec.get("selector"), labels_of(pod))
            and pod["status"]["phase"] not in ("Failed", "Succeeded")
        ]
        expected = self._expected(place, pods)
        if "maxUnavailable" in spec:
            desired = max(0, expected - share(spec["maxUnavailable"], expected, up=True))
        else:
            desired = share(spec.get("minAvailable", 1), expected, up=True)
            expected = len(pods) if isinstance(spec.get("minAvailable"), int) else expected
        healthy = sum(is_ready(pod) and "deletionTimestamp" not in pod["metadata"] for pod in pods)
        allowed = max(0, healthy - desired) if expected else 0
        status = budget.get("status") or {}
        status |= {
            "currentHealthy": healthy,
            "desiredHealthy": desired,
            "disruptionsAllowed": allowed,
            "expectedPods": expected,
            "observedGeneration": budget["metadata"]["generation"],
        }
        if self._room.kinds.release != "1.20":
            condition = {
                "type": "DisruptionAllowed",
                "status": str(allowed > 0),
                "reason": "SufficientPods" if allowed else "InsufficientPods",
                "message": "",
            }
            set_condition(status, condition, self._room.stamp)
        budget["status"] = status
        self._room.store.save(BUDGETS, budget)

    def _expected(self, place: str, pods: list[Json]) -> int:
        """Return how many pods the owners of these want."""
        owners = {one["name"] for pod in pods if (one := owner(pod))}
        sets = [self._room.store.find("replicasets.apps", place, name) for name in owners]
        above = {one["name"] for thing in sets if thing and (one := owner(thing))}
        wanted = [self._room.store.find("deployments.apps", place, name) for name in above]
        alone = [thing for thing in sets if thing and not owner(thing)]
        return sum(thing["spec"]["replicas"] for thing in [*wanted, *alone] if thing)
