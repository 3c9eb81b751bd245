"""Keeps as many pods as a ReplicaSet wants."""

from copy import deepcopy

from sandbox.cluster.controllers.room import Room, reference
from sandbox.cluster.defaults import pod_spec
from sandbox.cluster.deleting import end_pod
from sandbox.cluster.fates import is_ready
from sandbox.wire import Json

SOURCE = "replicaset-controller"
PODS, SETS = "pods", "replicasets.apps"
OVER = ("Failed", "Succeeded")


class ReplicaSets:
    """Make pods and end them, until there are as many as wanted."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._ready_since: dict[str, float] = {}

    def reconcile(self) -> None:
        """Do what is to be done now."""
        for thing in self._room.store.all(SETS):
            if "deletionTimestamp" not in thing["metadata"]:
                self._one(thing)

    def due(self) -> float | None:
        """Return when the next pod has been ready for as long as wanted."""
        waits = [
            self._ready_since[pod["metadata"]["uid"]] + self._patience(thing)
            for thing in self._room.store.all(SETS)
            if thing["spec"].get("minReadySeconds")
            for pod in self._room.owned(PODS, thing)
            if pod["metadata"]["uid"] in self._ready_since
        ]
        return min((at for at in waits if at > self._room.now), default=None)

    def _one(self, thing: Json) -> None:
        pods = [
            pod
            for pod in self._room.owned(PODS, thing)
            if pod["status"]["phase"] not in OVER and "deletionTimestamp" not in pod["metadata"]
        ]
        missing = thing["spec"]["replicas"] - len(pods)
        pods += [self._make(thing) for _ in range(missing)]
        if missing < 0:
            pods.sort(key=self._rank, reverse=True)
            for pod in pods[:-missing]:
                end_pod(self._room.store, pod)
                words = f"Deleted pod: {pod['metadata']['name']}"
                self._room.tell(thing, "SuccessfulDelete", words, SOURCE)
            pods = pods[-missing:]
        self._report(thing, pods)

    def _rank(self, pod: Json) -> tuple[bool, bool, str]:
        waits = pod["status"]["phase"] != "Running"
        return waits, not is_ready(pod), pod["metadata"]["creationTimestamp"]

    def _make(self, thing: Json) -> Json:
        meta, template = thing["metadata"], deepcopy(thing["spec"]["template"])
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                **template["metadata"],
                "generateName": f"{meta['name']}-",
                "namespace": meta["namespace"],
                "ownerReferences": [reference(thing)],
            },
            "spec": template["spec"],
            "status": {"phase": "Pending", "qosClass": _quality(template["spec"])},
        }
        pod_spec(pod["spec"])
        made = self._room.store.create(self._room.kind(PODS), pod)
        words = f"Created pod: {made['metadata']['name']}"
        self._room.tell(thing, "SuccessfulCreate", words, SOURCE)
        return made

    def _patience(self, thing: Json) -> float:
        return self._room.lasting(thing["spec"].get("minReadySeconds", 0))

    def _is_available(self, thing: Json, pod: Json) -> bool:
        uid = pod["metadata"]["uid"]
        if not is_ready(pod):
            self._ready_since.pop(uid, None)
            return False
        since = self._ready_since.setdefault(uid, self._room.now)
        return self._room.now >= since + self._patience(thing)

    def _report(self, thing: Json, pods: list[Json]) -> None:
        told = deepcopy(thing)
        counts = {
            "fullyLabeledReplicas": len(pods),
            "readyReplicas": sum(is_ready(pod) for pod in pods),
            "availableReplicas": sum(self._is_available(thing, pod) for pod in pods),
        }
        told["status"] = {
            "replicas": len(pods),
            **{name: count for name, count in counts.items() if count},
            "observedGeneration": thing["metadata"]["generation"],
        }
        self._room.store.save(SETS, told)


def _quality(spec: Json) -> str:
    resources = [one.get("resources") or {} for one in spec["containers"]]
    if not any(resources):
        return "BestEffort"
    same = all(one.get("limits") and one["limits"] == one.get("requests") for one in resources)
    return "Guaranteed" if same else "Burstable"
