"""A deployment with its ReplicaSets, and how many pods its strategy lets come and go."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.cluster.quantities import share
from sandbox.wire import Json


@dataclass(slots=True)
class Rollout:
    """A deployment with its ReplicaSets: the one of its template, and older ones."""

    deployment: Json
    new: Json | None
    old: list[Json]

    @property
    def sets(self) -> list[Json]:
        """Return all of them."""
        return [*self.old, *([self.new] if self.new else [])]

    @property
    def wanted(self) -> int:
        """Return how many pods there are to be."""
        count: int = self.deployment["spec"]["replicas"]
        return count

    @property
    def surge(self) -> int:
        """Return how many pods there may be beyond those wanted."""
        return self._bounds[0]

    @property
    def least(self) -> int:
        """Return how many pods have to be available meanwhile."""
        return self.wanted - self._bounds[1]

    @property
    def _bounds(self) -> tuple[int, int]:
        strategy = self.deployment["spec"]["strategy"]
        if strategy["type"] == "Recreate":
            return 0, self.wanted
        rolling = strategy["rollingUpdate"]
        surge = share(rolling["maxSurge"], self.wanted, up=True)
        missing = share(rolling["maxUnavailable"], self.wanted, up=False)
        return surge, min(self.wanted, missing or (0 if surge else 1))


def size(sets: Sequence[Json]) -> int:
    """Return how many pods ReplicaSets want together."""
    return sum(one["spec"]["replicas"] for one in sets)


def available(sets: Sequence[Json]) -> int:
    """Return how many pods of ReplicaSets are available."""
    return sum((one.get("status") or {}).get("availableReplicas", 0) for one in sets)
