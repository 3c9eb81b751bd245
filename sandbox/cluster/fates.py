"""What becomes of pods, as whoever plays the machines decides; and pods as they see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sandbox.cluster.quantities import amount
from sandbox.wire import Json

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a container that is about to start; times in seconds of the clock."""

    starts_after: float = 1.0
    ready_after: float = 1.0
    crashes_after: float | None = None
    reason: str = "Error"
    exit_code: int = 1
    image_missing: bool = False
    stops_after: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line that a container wrote."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class PodView:
    """A pod, as the shop's physics needs to see it; `status` is what kubectl would show."""

    namespace: str
    name: str
    uid: str
    deployment: str
    revision: int
    image: str
    phase: str
    status: str
    ready: bool
    ending: bool
    started_at: float | None
    restarts: int
    cpu_limit: float | None
    cpu_request: float | None
    memory_limit: float | None
    env: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeploymentView:
    """A deployment, as the shop's physics and its panel need to see it."""

    namespace: str
    name: str
    image: str
    revision: int
    wanted: int
    ready: int
    updated: int
    available: int
    paused: bool
    done: bool
    failed: bool


class Fates(Protocol):
    """Decides what becomes of pods."""

    def fate(self, pod: PodView) -> Fate:
        """Return what becomes of a pod's container that is about to start, anew or again."""


class Logs(Protocol):
    """Has what containers wrote."""

    def lines(self, pod: PodView, *, previous: bool) -> Sequence[Line]:
        """Return what a pod's container wrote, or the one before its last restart."""


class Healthy:
    """Let every pod start and live."""

    def fate(self, pod: PodView) -> Fate:
        """Return a fate without trouble."""
        return Fate()


class Silent:
    """Let no container write anything."""

    def lines(self, pod: PodView, *, previous: bool) -> Sequence[Line]:
        """Return no lines."""
        return ()


def status_shown(pod: Json) -> str:
    """Return what kubectl shows as a pod's status."""
    status = pod.get("status") or {}
    if pod["metadata"].get("deletionTimestamp"):
        return "Terminating"
    for container in status.get("containerStatuses") or ():
        state = container.get("state") or {}
        told = state.get("waiting") or state.get("terminated") or {}
        if told.get("reason"):
            return str(told["reason"])
    return str(status.get("reason") or status.get("phase", "Pending"))


def is_ready(pod: Json) -> bool:
    """Tell whether a pod takes requests."""
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def owner(thing: Json) -> Json | None:
    """Return the reference to the controller that owns an object."""
    owners = thing["metadata"].get("ownerReferences") or ()
    return next((one for one in owners if one.get("controller")), None)


def limit(container: Json, part: str, name: str) -> float | None:
    """Return a container's limit or request, if it has one."""
    written = ((container.get("resources") or {}).get(part) or {}).get(name)
    return None if written is None else amount(written)


def view(pod: Json, replica_set: Json | None, started_at: float | None) -> PodView:
    """Return a pod as the physics sees it."""
    meta, status, container = pod["metadata"], pod["status"], pod["spec"]["containers"][0]
    above = owner(replica_set) if replica_set else None
    notes = (replica_set or {"metadata": {}})["metadata"].get("annotations") or {}
    told = (status.get("containerStatuses") or [{}])[0]
    env = {one["name"]: one.get("value", "") for one in container.get("env") or ()}
    return PodView(
        namespace=meta["namespace"],
        name=meta["name"],
        uid=meta["uid"],
        deployment=above["name"] if above else "",
        revision=int(notes.get(REVISION, 0)),
        image=container["image"],
        phase=status["phase"],
        status=status_shown(pod),
        ready=is_ready(pod),
        ending="deletionTimestamp" in meta,
        started_at=started_at,
        restarts=told.get("restartCount", 0),
        cpu_limit=limit(container, "limits", "cpu"),
        cpu_request=limit(container, "requests", "cpu"),
        memory_limit=limit(container, "limits", "memory"),
        env=env,
    )


def deployment_view(thing: Json) -> DeploymentView:
    """Return a deployment as the physics sees it."""
    meta, spec, status = thing["metadata"], thing["spec"], thing.get("status") or {}
    wanted, updated = spec["replicas"], status.get("updatedReplicas", 0)
    available = status.get("availableReplicas", 0)
    is_seen = status.get("observedGeneration", 0) >= meta["generation"]
    settled = updated == wanted == status.get("replicas", 0) == available
    reasons = {one.get("reason") for one in status.get("conditions") or ()}
    return DeploymentView(
        namespace=meta["namespace"],
        name=meta["name"],
        image=spec["template"]["spec"]["containers"][0]["image"],
        revision=int((meta.get("annotations") or {}).get(REVISION, 0)),
        wanted=wanted,
        ready=status.get("readyReplicas", 0),
        updated=updated,
        available=available,
        paused=bool(spec.get("paused")),
        done=is_seen and settled,
        failed=is_seen and "ProgressDeadlineExceeded" in reasons,
    )
