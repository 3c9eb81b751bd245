"""Objects as kubectl lists them: the columns of `kubectl get`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sandbox.cluster.fates import is_ready, status_shown
from sandbox.cluster.kinds import Kind
from sandbox.wire import Json

Column = tuple[str, str, int]
Row = Sequence[object]
NAME, AGE = ("Name", "string", 0), ("Age", "string", 0)
MINUTE, HOUR, DAY = 60, 3600, 86400
SHOWN_WITH_MINUTES = 8  # hours
NONE, UNSET = "<none>", "<unset>"


def _columns(*names: str, wide: Sequence[str] = ()) -> list[Column]:
    shown = [(name, "string", 0) for name in names]
    return [NAME, *shown, AGE, *((name, "string", 1) for name in wide)]


def wanted(accept: str) -> bool:
    """Tell whether a client asks for a table."""
    first = accept.partition(",")[0]
    return "as=Table" in first and "g=meta.k8s.io" in first


def table(kind: Kind, body: Json, now: float) -> Json:
    """Return an object or a list as a table."""
    things = body.get("items", [body])
    columns, cells = TABLES.get(kind.resource, ([NAME, AGE], _plain))
    meta = {
        name: value
        for name, value in body["metadata"].items()
        if name in ("resourceVersion", "continue", "remainingItemCount")
    }
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": meta,
        "columnDefinitions": [
            {
                "name": name,
                "type": shape,
                "format": "name" if name == "Name" else "",
                "description": "",
                "priority": priority,
            }
            for name, shape, priority in columns
        ],
        "rows": [
            {"cells": list(cells(thing, now)), "object": _partial(thing)} for thing in things
        ],
    }


def _partial(thing: Json) -> Json:
    named = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return {**named, "metadata": thing["metadata"]}


def age(since: object, now: float) -> str:
    """Return how long ago a moment was, as kubectl says it."""
    if not since:
        return "<unknown>"
    seconds = max(0, int(now - datetime.fromisoformat(str(since)).timestamp()))
    if seconds < 2 * MINUTE:
        return f"{seconds}s"
    if seconds < 10 * MINUTE:
        minutes, rest = divmod(seconds, MINUTE)
        return f"{minutes}m{rest}s" if rest else f"{minutes}m"
    if seconds < 3 * HOUR:
        return f"{seconds // MINUTE}m"
    if seconds < 2 * DAY:
        hours, rest = seconds // HOUR, seconds % HOUR // MINUTE
        return f"{hours}h{rest}m" if rest and hours < SHOWN_WITH_MINUTES else f"{hours}h"
    return f"{seconds // DAY}d"


def _age(thing: Json, now: float) -> str:
    return age(thing["metadata"].get("creationTimestamp"), now)


def _name(thing: Json) -> str:
    return str(thing["metadata"]["name"])


def _plain(thing: Json, now: float) -> Row:
    return _name(thing), _age(thing, now)


def _selector(thing: Json) -> str:
    labels = (thing["spec"].get("selector") or {}).get("matchLabels") or {}
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def _containers(spec: Json) -> tuple[str, str]:
    containers = spec["containers"]
    names = ",".join(one["name"] for one in containers)
    return names, ",".join(one["image"] for one in containers)


def _deployment(thing: Json, now: float) -> Row:
    status, wanted_ = thing.get("status") or {}, thing["spec"]["replicas"]
    ready = f"{status.get('readyReplicas', 0)}/{wanted_}"
    counts = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    names = _containers(thing["spec"]["template"]["spec"])
    return _name(thing), ready, *counts, _age(thing, now), *names, _selector(thing)


def _replica_set(thing: Json, now: float) -> Row:
    status = thing.get("status") or {}
    counts = thing["spec"]["replicas"], status.get("replicas", 0), status.get("readyReplicas", 0)
    names = _containers(thing["spec"]["template"]["spec"])
    return _name(thing), *counts, _age(thing, now), *names, _selector(thing)


def _pod(thing: Json, now: float) -> Row:
    told = thing["status"].get("containerStatuses") or []
    ready = sum(one["ready"] for one in told)
    total = len(thing["spec"]["containers"])
    restarts = sum(one["restartCount"] for one in told)
    where = thing["status"].get("podIP", NONE), thing["spec"].get("nodeName", NONE)
    shown = f"{ready}/{total}", status_shown(thing), restarts
    return _name(thing), *shown, _age(thing, now), *where, NONE, NONE


def _event(thing: Json, now: float) -> Row:
    about = thing.get("involvedObject") or thing["regarding"]
    what = f"{about['kind'].lower()}/{about['name']}"
    last = thing.get("lastTimestamp") or thing.get("deprecatedLastTimestamp")
    words = str(thing.get("message", thing.get("note", ""))).strip()
    return age(last, now), thing["type"], thing["reason"], what, words, _name(thing)


def _scaler(thing: Json, now: float) -> Row:
    spec, status = thing["spec"], thing.get("status") or {}
    target = spec["scaleTargetRef"]
    wish: object = spec.get("targetCPUUtilizationPercentage", UNSET)
    share: object = status.get("currentCPUUtilizationPercentage", "<unknown>")
    for metric in spec.get("metrics") or ():
        wish = metric["resource"]["target"].get("averageUtilization", UNSET)
    for metric in status.get("currentMetrics") or ():
        share = metric["resource"]["current"].get("averageUtilization", share)
    shown = f"{share}%" if share != "<unknown>" else share
    uses = f"cpu: {shown}/{wish}%" if "metrics" in spec else f"{shown}/{wish}%"
    bounds = str(spec["minReplicas"]), spec["maxReplicas"], status.get("currentReplicas", 0)
    return _name(thing), f"{target['kind']}/{target['name']}", uses, *bounds, _age(thing, now)


def _budget(thing: Json, now: float) -> Row:
    spec, status = thing["spec"], thing.get("status") or {}
    least, most = (str(spec.get(name, "N/A")) for name in ("minAvailable", "maxUnavailable"))
    return _name(thing), least, most, status.get("disruptionsAllowed", 0), _age(thing, now)


def _service(thing: Json, now: float) -> Row:
    spec = thing["spec"]
    ports = ",".join(f"{one['port']}/{one['protocol']}" for one in spec.get("ports") or ())
    shown = spec["type"], spec.get("clusterIP", NONE), NONE, ports or NONE
    selector = ",".join(f"{key}={value}" for key, value in (spec.get("selector") or {}).items())
    return _name(thing), *shown, _age(thing, now), selector or NONE


def _config_map(thing: Json, now: float) -> Row:
    count = len(thing.get("data") or {}) + len(thing.get("binaryData") or {})
    return _name(thing), count, _age(thing, now)


def _secret(thing: Json, now: float) -> Row:
    return _name(thing), thing["type"], len(thing.get("data") or {}), _age(thing, now)


def _node(thing: Json, now: float) -> Row:
    turn = "Ready" if is_ready(thing) else "NotReady"
    if thing["spec"].get("unschedulable"):
        turn += ",SchedulingDisabled"
    version = (thing["status"].get("nodeInfo") or {}).get("kubeletVersion", "")
    return _name(thing), turn, NONE, _age(thing, now), version


def _namespace(thing: Json, now: float) -> Row:
    return _name(thing), thing["status"]["phase"], _age(thing, now)


WORKLOAD = ("Containers", "Images", "Selector")
TABLES: dict[str, tuple[list[Column], Callable[[Json, float], Row]]] = {
    "deployments.apps": (
        _columns("Ready", "Up-to-date", "Available", wide=WORKLOAD),
        _deployment,
    ),
    "replicasets.apps": (_columns("Desired", "Current", "Ready", wide=WORKLOAD), _replica_set),
    "pods": (
        _columns(
            *("Ready", "Status", "Restarts"),
            wide=("IP", "Node", "Nominated Node", "Readiness Gates"),
        ),
        _pod,
    ),
    "events": (
        [
            *((name, "string", 0) for name in ("Last Seen", "Type", "Reason", "Object")),
            ("Message", "string", 0),
            ("Name", "string", 1),
        ],
        _event,
    ),
    "horizontalpodautoscalers.autoscaling": (
        _columns("Reference", "Targets", "MinPods", "MaxPods", "Replicas"),
        _scaler,
    ),
    "poddisruptionbudgets.policy": (
        _columns("Min Available", "Max Unavailable", "Allowed Disruptions"),
        _budget,
    ),
    "services": (
        _columns("Type", "Cluster-IP", "External-IP", "Port(s)", wide=("Selector",)),
        _service,
    ),
    "configmaps": (_columns("Data"), _config_map),
    "secrets": (_columns("Type", "Data"), _secret),
    "nodes": (
        [
            NAME,
            ("Status", "string", 0),
            ("Roles", "string", 0),
            AGE,
            ("Version", "string", 0),
        ],
        _node,
    ),
    "namespaces": (_columns("Status"), _namespace),
}
