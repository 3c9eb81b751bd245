"""How far a rollout is: what a deployment's status says, and when it has taken too long."""

from collections.abc import Sequence
from copy import deepcopy

from sandbox.cluster.controllers.rollout import Rollout
from sandbox.cluster.controllers.room import Room, set_condition
from sandbox.wire import Json

DEPLOYMENTS = "deployments.apps"
OVERDUE, DONE = "ProgressDeadlineExceeded", "NewReplicaSetAvailable"
Counts = dict[str, int]


class Progress:
    """Tell how far rollouts are."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._moved: dict[str, float] = {}
        self._deadlines: dict[str, float] = {}

    def due(self) -> float | None:
        """Return when the next rollout has taken too long."""
        return min((at for at in self._deadlines.values() if at > self._room.now), default=None)

    def report(self, thing: Json, new: Json | None, sets: Sequence[Json]) -> None:
        """Say in a deployment's status how far it is."""
        before = thing.get("status") or {}
        counts = _counts(thing, new, sets)
        status: Json = {"observedGeneration": thing["metadata"]["generation"]}
        status |= {name: count for name, count in counts.items() if count}
        status["conditions"] = deepcopy(before.get("conditions") or [])
        self._progressing(thing, status, new)
        self._available(thing, status, counts)
        thing["status"] = status
        self._room.store.save(DEPLOYMENTS, thing)

    def _available(self, thing: Json, status: Json, counts: Counts) -> None:
        has = counts["availableReplicas"] >= Rollout(thing, None, []).least
        condition = {
            "type": "Available",
            "status": str(has),
            "reason": "MinimumReplicasAvailable" if has else "MinimumReplicasUnavailable",
            "message": f"Deployment {'has' if has else 'does not have'} minimum availability.",
        }
        set_condition(status, condition, self._room.stamp, updated=True)

    def _progressing(self, thing: Json, status: Json, new: Json | None) -> None:
        uid, old = thing["metadata"]["uid"], _condition(status)
        paused = bool(thing["spec"].get("paused"))
        if paused or old.get("reason") == "DeploymentPaused":
            self._deadlines.pop(uid, None)
            self._moved[uid] = self._room.now
            if paused:
                self._set(status, "Unknown", "DeploymentPaused", "Deployment is paused")
                return
            self._set(status, "Unknown", "DeploymentResumed", "Deployment is resumed")
        if new is None:
            return
        name = new["metadata"]["name"]
        if _is_done(thing, status):
            self._deadlines.pop(uid, None)
            words = f'ReplicaSet "{name}" has successfully progressed.'
            self._set(status, "True", DONE, words)
            return
        if _is_moving(thing.get("status") or {}, status, new, old):
            self._moved[uid] = self._room.now
            reason, words = "ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.'
            if name not in old.get("message", ""):
                reason, words = "NewReplicaSetCreated", f'Created new replica set "{name}"'
            self._set(status, "True", reason, words)
        elif old.get("reason") == DONE:
            return
        deadline = thing["spec"]["progressDeadlineSeconds"]
        ends = self._moved.setdefault(uid, self._room.now) + self._room.lasting(deadline)
        self._deadlines[uid] = ends
        if self._room.now >= ends:
            words = f'ReplicaSet "{name}" has timed out progressing.'
            self._set(status, "False", OVERDUE, words)

    def _set(self, status: Json, turn: str, reason: str, message: str) -> None:
        told = {"type": "Progressing", "status": turn, "reason": reason, "message": message}
        set_condition(status, told, self._room.stamp, updated=True)


def _counts(thing: Json, new: Json | None, sets: Sequence[Json]) -> Counts:
    def total(name: str, of: Sequence[Json]) -> int:
        return sum((one.get("status") or {}).get(name, 0) for one in of)

    wanted = max(thing["spec"]["replicas"], sum(one["spec"]["replicas"] for one in sets))
    able = total("availableReplicas", sets)
    return {
        "replicas": total("replicas", sets),
        "updatedReplicas": total("replicas", [new] if new else []),
        "readyReplicas": total("readyReplicas", sets),
        "availableReplicas": able,
        "unavailableReplicas": max(0, wanted - able),
    }


def _condition(status: Json) -> Json:
    told: list[Json] = status["conditions"]
    return next((one for one in told if one["type"] == "Progressing"), {})


def _is_done(thing: Json, status: Json) -> bool:
    wanted = thing["spec"]["replicas"]
    names = ("updatedReplicas", "replicas", "availableReplicas")
    return all(status.get(name, 0) == wanted for name in names)


def _is_moving(before: Json, status: Json, new: Json, old: Json) -> bool:
    """Tell whether more is new, ready or available, or less is old, than before."""
    if new["metadata"]["name"] not in old.get("message", ""):
        return True

    def aged(told: Json) -> int:
        return int(told.get("replicas", 0)) - int(told.get("updatedReplicas", 0))

    rising = ("updatedReplicas", "readyReplicas", "availableReplicas")
    return aged(status) < aged(before) or any(
        status.get(name, 0) > before.get(name, 0) for name in rising
    )
