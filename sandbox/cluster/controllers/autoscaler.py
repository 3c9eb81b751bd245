"""Sizes deployments by how busy their pods are."""

import math
from copy import deepcopy
from dataclasses import dataclass

from sandbox.cluster.controllers.room import Room, set_condition
from sandbox.cluster.fates import is_ready, limit
from sandbox.cluster.selectors import labels_of, meant
from sandbox.wire import Json

SOURCE = "horizontal-pod-autoscaler"
SCALERS, PODS, TARGETS = (
    "horizontalpodautoscalers.autoscaling",
    "pods",
    {"Deployment": "deployments.apps", "ReplicaSet": "replicasets.apps"},
)
TOLERANCE = 0.1
FASTEST, LEAST_STEP = 2, 4


@dataclass(frozen=True, slots=True)
class Use:
    """What a pod uses: cores and bytes."""

    cpu: float
    memory: float


class Autoscaler:
    """Size what autoscalers point to, as often as they look."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.used: dict[str, Use] = {}
        self._next: float | None = None
        self._wished: dict[str, list[tuple[float, int]]] = {}

    def due(self) -> float | None:
        """Return when it looks next."""
        return self._next if self._room.store.all(SCALERS) else None

    def reconcile(self) -> None:
        """Look, if it is time to."""
        now = self._room.now
        if self._next is None or now >= self._next:
            self._next = now + self._room.lasting(self._room.timings.scaling_period)
            for scaler in self._room.store.all(SCALERS):
                self._one(deepcopy(scaler))

    def _one(self, scaler: Json) -> None:
        wish, place = scaler["spec"]["scaleTargetRef"], scaler["metadata"]["namespace"]
        resource = TARGETS.get(wish["kind"], "")
        target = self._room.store.editable(resource, place, wish["name"])
        status = scaler.setdefault("status", {})
        if target is None:
            kind = f'{resource or wish["kind"]} "{wish["name"]}" not found'
            self._condition(status, "AbleToScale", "False", "FailedGetScale", kind)
        else:
            words = "the HPA controller was able to get the target's current scale"
            self._condition(status, "AbleToScale", "True", "SucceededGetScale", words)
            self._measure(scaler, target, resource)
        self._room.store.save(SCALERS, scaler)

    def _measure(self, scaler: Json, target: Json, resource: str) -> None:
        status, now = scaler["status"], target["spec"]["replicas"]
        status |= {"currentReplicas": now, "desiredReplicas": now}
        if now == 0:
            words = "scaling is disabled since the replica count of the target is zero"
            self._condition(status, "ScalingActive", "False", "ScalingDisabled", words)
            return
        share, why = self._utilization(target)
        wanted = _target(scaler)
        if share is None or wanted is None:
            words = f"the HPA was unable to compute the replica count: {why}"
            name = "FailedGetResourceMetric"
            self._condition(status, "ScalingActive", "False", name, words)
            self._room.tell(scaler, name, why, SOURCE, warning=True)
            return
        words = "the HPA was able to successfully calculate a replica count from cpu resource"
        self._condition(status, "ScalingActive", "True", "ValidMetricFound", words)
        current: Json = {"name": "cpu", "current": {"averageUtilization": round(share)}}
        current["current"] |= {"averageValue": f"{round(self._average(target) * 1000)}m"}
        status["currentMetrics"] = [{"type": "Resource", "resource": current}]
        ratio = share / wanted
        ready = sum(map(is_ready, self._pods(target)))
        wish = math.ceil(ratio * ready) if abs(ratio - 1) > TOLERANCE else now
        self._scale(scaler, target, resource, wish)

    def _scale(self, scaler: Json, target: Json, resource: str, wish: int) -> None:
        spec, status, now = scaler["spec"], scaler["status"], target["spec"]["replicas"]
        steady = self._steady(scaler["metadata"]["uid"], wish, now)
        most = min(spec["maxReplicas"], max(FASTEST * now, LEAST_STEP))
        size = max(spec["minReplicas"], min(most, steady))
        is_bound = size != steady
        reason = "DesiredWithinRange"
        if is_bound:
            reason = "TooManyReplicas" if steady > size else "TooFewReplicas"
        words = "the desired count is within the acceptable range"
        if is_bound:
            edge = "more than the maximum" if steady > size else "less than the minimum"
            words = f"the desired replica count is {edge} replica count"
        self._condition(status, "ScalingLimited", str(is_bound), reason, words)
        status["desiredReplicas"] = size
        if size == now:
            return
        status["lastScaleTime"] = self._room.stamp
        target["spec"]["replicas"] = size
        target["metadata"]["generation"] += 1
        self._room.store.save(resource, target)
        why = "cpu resource utilization (percentage of request) above target"
        why = why if size > now else "All metrics below target"
        self._room.tell(scaler, "SuccessfulRescale", f"New size: {size}; reason: {why}", SOURCE)

    def _steady(self, uid: str, wish: int, now: int) -> int:
        """Return the largest size wished for lately: down only after a while."""
        since = self._room.now - self._room.lasting(self._room.timings.scaling_down_after)
        kept = [one for one in self._wished.get(uid, [(self._room.now, now)]) if one[0] > since]
        self._wished[uid] = [*kept, (self._room.now, wish)]
        return max(wish, min(now, max(size for _, size in self._wished[uid])))

    def _pods(self, target: Json) -> list[Json]:
        return [
            pod
            for pod in self._room.store.all(PODS, target["metadata"]["namespace"])
            if meant(target["spec"]["selector"], labels_of(pod))
            and "deletionTimestamp" not in pod["metadata"]
        ]

    def _average(self, target: Json) -> float:
        used = [self.used.get(pod["metadata"]["uid"], Use(0, 0)) for pod in self._pods(target)]
        return sum(one.cpu for one in used) / max(1, len(used))

    def _utilization(self, target: Json) -> tuple[float | None, str]:
        """Return how many per cent of what they asked for the ready pods use, or why not."""
        pods = [pod for pod in self._pods(target) if is_ready(pod)]
        known = [pod for pod in pods if pod["metadata"]["uid"] in self.used]
        if not known:
            return None, "failed to get cpu utilization: no metrics returned from the metrics API"
        asked = 0.0
        for pod in known:
            for container in pod["spec"]["containers"]:
                request = limit(container, "requests", "cpu")
                if request is None:
                    return None, "failed to get cpu utilization: missing request for cpu"
                asked += request
        used = sum(self.used[pod["metadata"]["uid"]].cpu for pod in known)
        return 100 * used / asked, ""

    def _condition(self, status: Json, name: str, turn: str, reason: str, words: str) -> None:
        told = {"type": name, "status": turn, "reason": reason, "message": words}
        set_condition(status, told, self._room.stamp)


def _target(scaler: Json) -> float | None:
    for metric in scaler["spec"].get("metrics") or ():
        resource = metric.get("resource") or {}
        if resource.get("name") == "cpu":
            share: float | None = (resource.get("target") or {}).get("averageUtilization")
            return share
    return None
