"""What a pod's status says about its containers."""

from copy import deepcopy
from dataclasses import dataclass

from sandbox.cluster.controllers.room import set_condition
from sandbox.cluster.store import rfc3339
from sandbox.wire import Json


def waiting(reason: str, message: str = "") -> Json:
    """Return the state of a container that does not run yet, or again."""
    return {"waiting": {"reason": reason, **({"message": message} if message else {})}}


def running(since: float) -> Json:
    """Return the state of a container that runs."""
    return {"running": {"startedAt": rfc3339(since)}}


def terminated(reason: str, exit_code: int, since: float, until: float) -> Json:
    """Return how a container ended."""
    return {
        "exitCode": exit_code,
        "reason": reason,
        "startedAt": rfc3339(since),
        "finishedAt": rfc3339(until),
    }


@dataclass(frozen=True, slots=True)
class First:
    """How a pod's first container is: now, before its last restart, and how often that was."""

    state: Json
    last: Json
    restarts: int
    ready: bool


def status(pod: Json, first: First, stamp: str) -> Json:
    """Return a pod's status, where its first container is in this state."""
    told: Json = deepcopy(pod["status"])
    has_begun = "running" in first.state or bool(first.last)
    told["phase"] = "Running" if has_begun else "Pending"
    told["hostIP"] = "127.0.0.1"
    if has_begun:
        told["podIP"] = address(pod["metadata"]["uid"])
        told["podIPs"] = [{"ip": told["podIP"]}]
    others = {"running": {"startedAt": told["startTime"]}} if has_begun else first.state
    own, *beside = pod["spec"]["containers"]
    shown = _container(own, first.state) | {"ready": first.ready, "restartCount": first.restarts}
    if first.last:
        shown["lastState"] = {"terminated": first.last}
    told["containerStatuses"] = [shown, *(_container(one, others) for one in beside)]
    _conditions(pod, told, stamp, ready=first.ready)
    return told


def _container(container: Json, state: Json) -> Json:
    is_up = "running" in state
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": f"docker-pullable://{container['image']}" if is_up else "",
        "state": state,
        "lastState": {},
        "ready": is_up,
        "started": is_up,
        "restartCount": 0,
    }


def _conditions(pod: Json, told: Json, stamp: str, *, ready: bool) -> None:
    set_condition(told, {"type": "Initialized", "status": "True"}, stamp)
    name = pod["spec"]["containers"][0]["name"]
    words = f"containers with unready status: [{name}]"
    why = {} if ready else {"reason": "ContainersNotReady", "message": words}
    for kind in ("Ready", "ContainersReady"):
        set_condition(told, {"type": kind, "status": str(ready), **why}, stamp)


def address(uid: str) -> str:
    """Return the address of a pod."""
    first, second = int(uid[:2], 16), int(uid[2:4], 16)
    return f"10.1.{first}.{max(1, second)}"
