"""The cluster, as whoever plays the machines uses it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from sandbox.clock import Clock
from sandbox.cluster.access import User
from sandbox.cluster.api import Api
from sandbox.cluster.controllers.autoscaler import Autoscaler, Use
from sandbox.cluster.controllers.budgets import Budgets
from sandbox.cluster.controllers.collector import Collector
from sandbox.cluster.controllers.deployments import Deployments
from sandbox.cluster.controllers.kubelet import Kubelet
from sandbox.cluster.controllers.replica_sets import ReplicaSets
from sandbox.cluster.controllers.room import Room, Timings
from sandbox.cluster.controllers.scheduler import Scheduler
from sandbox.cluster.fates import (
    DeploymentView,
    Fates,
    Healthy,
    Logs,
    PodView,
    Silent,
    deployment_view,
)
from sandbox.cluster.kinds import CUSTOM, Kind, Kinds
from sandbox.cluster.refusals import not_found
from sandbox.cluster.store import KEPT, Store, rfc3339
from sandbox.wire import Json

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
MOST_ROUNDS = 1000
ROOM = {"cpu": "8", "memory": "32Gi", "pods": "110"}
PODS, DEPLOYMENTS = "pods", "deployments.apps"


class Controller(Protocol):
    """Moves the cluster towards what its objects wish."""

    def reconcile(self) -> None:
        """Do all that is to be done now."""

    def due(self) -> float | None:
        """Return when there is something to do again, though nothing changes."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How a cluster is set up: who comes in by which token, and what release it is like."""

    users: Mapping[str, User] = field(default_factory=dict)
    nodes: Sequence[str] = ("node-1",)
    release: str = "1.32"
    custom: Iterable[Kind] = tuple(CUSTOM)
    timings: Timings = field(default_factory=Timings)
    kept_changes: int = KEPT


class Cluster:
    """Objects, and the controllers that move them when time goes on."""

    def __init__(
        self,
        clock: Clock,
        random: Random,
        fates: Fates | None = None,
        logs: Logs | None = None,
        setup: Setup | None = None,
    ) -> None:
        setup = setup or Setup()
        self.clock = clock
        self.users = dict(setup.users)
        self.logs = logs or Silent()
        self.kinds = Kinds(setup.release, setup.custom)
        self.store = Store(random, setup.kept_changes)
        self.store.now = clock.now()
        self.api = Api(self.store, self.kinds)
        self.room = Room(self.store, self.kinds, setup.timings)
        self.kubelet = Kubelet(self.room, fates or Healthy())
        self._autoscaler = Autoscaler(self.room)
        self._controllers: Sequence[Controller] = (
            *(Collector(self.room), self._autoscaler, Deployments(self.room)),
            *(ReplicaSets(self.room), Scheduler(self.room), self.kubelet, Budgets(self.room)),
        )
        for name in NAMESPACES:
            self.namespace(name)
        for name in setup.nodes:
            self.apply(_node(name, rfc3339(self.store.now)))
        self.store.forget()

    def namespace(self, name: str) -> None:
        """Have a namespace of that name."""
        labels = {"kubernetes.io/metadata.name": name}
        meta = {"name": name, "labels": labels}
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": meta})

    def apply(self, manifest: Json) -> None:
        """Have an object as a manifest says, whether it is new or not; wrong ones are refused."""
        self.api.apply(manifest)

    def advance(self, now: float) -> None:
        """Let all happen that is due until then, each at its moment."""
        self._settle()
        while (due := self._due()) is not None and due <= now:
            self.store.now = max(self.store.now, due)
            self._settle()
        self.store.now = max(self.store.now, now)
        self._settle()
        self.room.forget_old_events()

    def pods(self, namespace: str, deployment: str | None = None) -> list[PodView]:
        """Return the pods of a namespace, or of one of its deployments."""
        views = [self.kubelet.view(pod) for pod in self.store.all(PODS, namespace)]
        return [one for one in views if deployment in (None, one.deployment)]

    def deployment(self, namespace: str, name: str) -> DeploymentView:
        """Return a deployment, or raise `Refused` because there is none."""
        thing = self.store.find(DEPLOYMENTS, namespace, name)
        if thing is None:
            raise not_found("apps", "deployments", name)
        return deployment_view(thing)

    def deployments(self, namespace: str) -> list[DeploymentView]:
        """Return a namespace's deployments."""
        return [deployment_view(one) for one in self.store.all(DEPLOYMENTS, namespace)]

    def use(self, namespace: str, pod: str, cpu: float, memory: float) -> None:
        """Report how many cores and bytes a pod uses."""
        self._autoscaler.used[self._pod(namespace, pod)["metadata"]["uid"]] = Use(cpu, memory)

    def killed(self, namespace: str, pod: str, reason: str, exit_code: int, now: float) -> None:
        """End a pod's container by force, as for OOMKilled (137); it is started again."""
        self.store.now = max(self.store.now, now)
        self.kubelet.killed(self._pod(namespace, pod), reason, exit_code)

    def unready(self, namespace: str, pod: str, why: str, now: float) -> None:
        """Let a pod fail its readiness probe for a reason, or pass it again with none."""
        self.store.now = max(self.store.now, now)
        self.kubelet.unready(self._pod(namespace, pod), why)

    def evicted(self, namespace: str, pod: str, why: str, now: float) -> None:
        """Let a node throw a pod out, as for memory that ran low on it."""
        self.store.now = max(self.store.now, now)
        self.kubelet.evicted(self._pod(namespace, pod), why)

    def _pod(self, namespace: str, name: str) -> Json:
        pod = self.store.find(PODS, namespace, name)
        if pod is None:
            raise not_found("", "pods", name)
        return pod

    def _due(self) -> float | None:
        moments = [at for one in self._controllers if (at := one.due()) is not None]
        return min(moments, default=None)

    def _settle(self) -> None:
        """Let the controllers work until nothing changes any more."""
        for _ in range(MOST_ROUNDS):
            before = self.store.version
            for controller in self._controllers:
                controller.reconcile()
            if self.store.version == before:
                return
        raise RuntimeError("the controllers do not come to rest")


def _node(name: str, stamp: str) -> Json:
    kubelet = {
        "reason": "KubeletReady",
        "message": "kubelet is posting ready status",
        "lastHeartbeatTime": stamp,
        "lastTransitionTime": stamp,
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "spec": {},
        "status": {
            "capacity": ROOM,
            "allocatable": ROOM,
            "conditions": [{"type": "Ready", "status": "True", **kubelet}],
            "addresses": [{"type": "Hostname", "address": name}],
        },
    }
