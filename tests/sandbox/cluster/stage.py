"""A cluster whose clock a test holds, and what tests put into it."""

from collections.abc import Callable
from random import Random
from typing import Any

from sandbox.clock import SteppedClock
from sandbox.cluster import Cluster, Fate, PodView, Setup, User
from sandbox.wire import Json

ADMIN = User("admin", ("system:masters",))
BO = User("bo")
USERS = {"admin-token": ADMIN, "bo-token": BO}


class Fates:
    """Fates by image; all other pods live."""

    def __init__(self) -> None:
        self.by_image: dict[str, Fate] = {}

    def fate(self, pod: PodView) -> Fate:
        return self.by_image.get(pod.image, Fate())


class Stage:
    """A cluster, and a hand on its clock."""

    def __init__(self, **setup: Any) -> None:
        self.clock = SteppedClock()
        self.fates = Fates()
        setup.setdefault("users", USERS)
        self.cluster = Cluster(self.clock, Random(1), self.fates, setup=Setup(**setup))

    def step(self, seconds: float = 0.0) -> None:
        self.clock.step(seconds)
        self.cluster.advance(self.clock.now())

    def until(self, holds: Callable[[], bool], most: int = 600) -> int:
        """Step a second at a time until it holds; return how many it took."""
        for seconds in range(most):
            if holds():
                return seconds
            self.step(1)
        raise AssertionError("it never held")

    def change(self, **spec: Any) -> None:
        """Change the spec of the deployment `web`."""
        self.cluster.apply(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "web"},
                "spec": spec,
            }
        )
        self.step()

    def image(self, image: str) -> None:
        template = {"spec": {"containers": [{"name": "app", "image": image}]}}
        self.change(template=template)

    def condition(self, name: str) -> Json:
        thing = self.cluster.store.find("deployments.apps", "default", "web")
        assert thing is not None
        return next(one for one in thing["status"]["conditions"] if one["type"] == name)

    def statuses(self) -> list[str]:
        return sorted(pod.status for pod in self.cluster.pods("default", "web"))

    def events(self, reason: str) -> list[Json]:
        return [one for one in self.cluster.store.all("events") if one["reason"] == reason]


def web(replicas: int = 3, **spec: Any) -> Json:
    container = {"name": "app", "image": "web:1", "resources": {"requests": {"cpu": "100m"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [container]},
            },
            **spec,
        },
    }


def staged(replicas: int = 3, **spec: Any) -> Stage:
    """Return a stage on which the deployment `web` runs."""
    stage = Stage()
    stage.cluster.apply(web(replicas, **spec))
    stage.step()
    stage.until(lambda: stage.cluster.deployment("default", "web").done)
    return stage
