"""The same object in another version of its group."""

from copy import deepcopy

from sandbox.cluster.kinds import Kind
from sandbox.wire import Json

CPU = "targetCPUUtilizationPercentage"
CORE_EVENT = {
    "regarding": "involvedObject",
    "note": "message",
    "deprecatedCount": "count",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedSource": "source",
    "reportingController": "reportingComponent",
}


def shown(thing: Json, kind: Kind) -> Json:
    """Return a kept object in the version of this kind; it is not changed."""
    if thing.get("apiVersion") == kind.api_version:
        return thing
    match kind.resource:
        case "events":
            names = {old: new for new, old in CORE_EVENT.items()}
            told = {names.get(key, key): value for key, value in thing.items()}
        case "horizontalpodautoscalers.autoscaling" if kind.version == "v1":
            told = _first_scaler(thing)
        case _:
            told = dict(thing)
    return {**told, "apiVersion": kind.api_version, "kind": kind.kind}


def kept(thing: Json, kind: Kind, preferred: Kind) -> Json:
    """Return an object of this kind in the version in which it is kept."""
    told = dict(thing)
    if kind.resource.startswith("horizontal"):
        told = _second_scaler(thing) if kind.version == "v1" else told
    return {**told, "apiVersion": preferred.api_version, "kind": preferred.kind}


def _first_scaler(thing: Json) -> Json:
    spec = deepcopy(thing["spec"])
    for metric in spec.pop("metrics", None) or ():
        target = (metric.get("resource") or {}).get("target") or {}
        if (metric.get("resource") or {}).get("name") == "cpu" and "averageUtilization" in target:
            spec[CPU] = target["averageUtilization"]
    spec.pop("behavior", None)
    status = deepcopy(thing.get("status") or {})
    status.pop("conditions", None)
    for metric in status.pop("currentMetrics", None) or ():
        now = metric["resource"]["current"].get("averageUtilization")
        if now is not None:
            status["currentCPUUtilizationPercentage"] = now
    return {**thing, "spec": spec, "status": status}


def _second_scaler(thing: Json) -> Json:
    spec = deepcopy(thing.get("spec") or {})
    share = spec.pop(CPU, None)
    if share is not None:
        target = {"type": "Utilization", "averageUtilization": share}
        metric = {"type": "Resource", "resource": {"name": "cpu", "target": target}}
        spec["metrics"] = [metric]
    status = deepcopy(thing.get("status") or {})
    status.pop("currentCPUUtilizationPercentage", None)
    return {**thing, "spec": spec, **({"status": status} if status else {})}
