"""What the shop's physics sees of the cluster, and tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Pod(Protocol):
    """A pod as it stands."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def uid(self) -> str:
        """Return what tells it from another of that name."""

    @property
    def image(self) -> str:
        """Return what its container runs."""

    @property
    def ready(self) -> bool:
        """Say whether it takes requests."""

    @property
    def started_at(self) -> float | None:
        """Return since when its container runs, in seconds since 1970."""

    @property
    def restarts(self) -> int:
        """Return how often its container was started again."""


class Pods(Protocol):
    """The pods of each deployment."""

    def pods(self, namespace: str, deployment: str) -> Sequence[Pod]:
        """Return the pods of a deployment, ready or not."""

    def killed(self, namespace: str, pod: str, *, reason: str, exit_code: int, now: float) -> None:
        """Tell that a container was ended, and why."""

    def use(self, namespace: str, pod: str, *, cpu: float, memory: float) -> None:
        """Tell what a pod uses: cores, megabytes."""


@dataclass(slots=True)
class Body:
    """What a pod's container has grown to since it started."""

    started_at: float
    memory: float
    cpu: float = 0.0
