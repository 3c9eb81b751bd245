"""Gives pods a node to run on."""

from copy import deepcopy

from sandbox.cluster.controllers.room import Room, set_condition
from sandbox.cluster.fates import limit
from sandbox.cluster.quantities import amount
from sandbox.wire import Json

SOURCE = "default-scheduler"
PODS, NODES = "pods", "nodes"


class Scheduler:
    """Place pods where there is room for them, or say why there is none."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def reconcile(self) -> None:
        """Place the pods that have no place."""
        for pod in self._room.store.all(PODS):
            if not pod["spec"].get("nodeName") and pod["status"]["phase"] == "Pending":
                self._place(deepcopy(pod))

    def due(self) -> float | None:
        """Return nothing: placing takes no time."""
        return None

    def _place(self, pod: Json) -> None:
        nodes, why = self._room.store.all(NODES), dict[str, int]()
        fitting = []
        for node in nodes:
            lacks = self._lacking(node, pod)
            if lacks:
                why[lacks] = why.get(lacks, 0) + 1
            else:
                fitting.append(node)
        if not fitting:
            self._refuse(pod, len(nodes), why)
            return
        node = min(fitting, key=lambda one: len(self._on(one)))
        pod["spec"]["nodeName"] = node["metadata"]["name"]
        set_condition(pod["status"], {"type": "PodScheduled", "status": "True"}, self._room.stamp)
        self._room.store.save(PODS, pod)
        meta = pod["metadata"]
        to = f"{meta['namespace']}/{meta['name']} to {node['metadata']['name']}"
        self._room.tell(pod, "Scheduled", f"Successfully assigned {to}", SOURCE)

    def _on(self, node: Json) -> list[Json]:
        name = node["metadata"]["name"]
        over = ("Failed", "Succeeded")
        pods = self._room.store.all(PODS)
        return [
            one
            for one in pods
            if one["spec"].get("nodeName") == name and one["status"]["phase"] not in over
        ]

    def _lacking(self, node: Json, pod: Json) -> str:
        if node["spec"].get("unschedulable"):
            return "node(s) were unschedulable"
        there = node["status"]["allocatable"]
        for name in ("cpu", "memory"):
            taken = sum(_requested(one, name) for one in [*self._on(node), pod])
            if taken > amount(there[name]) and _requested(pod, name):
                return f"Insufficient {name}"
        return "" if len(self._on(node)) < int(there["pods"]) else "Too many pods"

    def _refuse(self, pod: Json, nodes: int, why: dict[str, int]) -> None:
        told = ", ".join(f"{count} {words}" for words, count in sorted(why.items()))
        message = f"0/{nodes} nodes are available: {told}."
        condition = {
            "type": "PodScheduled",
            "status": "False",
            "reason": "Unschedulable",
            "message": message,
        }
        old = pod["status"].get("conditions") or [{}]
        if old[0].get("message") != message:
            set_condition(pod["status"], condition, self._room.stamp)
            self._room.store.save(PODS, pod)
            self._room.tell(pod, "FailedScheduling", message, SOURCE, warning=True)


def _requested(pod: Json, name: str) -> float:
    return sum(limit(one, "requests", name) or 0.0 for one in pod["spec"]["containers"])
