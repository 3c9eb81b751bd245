"""What is asked of a part of an object: its scale, its log, its eviction."""

from collections.abc import Sequence
from copy import deepcopy

from sandbox.cluster.access import User, allowed, rules
from sandbox.cluster.api import Answer, Api, patched
from sandbox.cluster.cluster import Cluster
from sandbox.cluster.deleting import end_pod
from sandbox.cluster.fates import Line
from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import Refused, bad_value, conflict, invalid
from sandbox.cluster.requests import Address, Call
from sandbox.cluster.selectors import labels_of, meant
from sandbox.cluster.store import Store, rfc3339
from sandbox.wire import Json

BUDGETS = "poddisruptionbudgets.policy"
LOG_OPTIONS = {
    *("container", "tailLines", "sinceSeconds", "sinceTime", "timestamps", "limitBytes"),
    *("previous", "follow", "pretty", "insecureSkipTLSVerifyBackend"),
}


def scale(thing: Json) -> Json:
    """Return the Scale of a deployment or a ReplicaSet."""
    meta, selector = thing["metadata"], thing["spec"]["selector"]
    labels = (selector.get("matchLabels") or {}).items()
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: meta[name] for name in kept},
        "spec": {"replicas": thing["spec"]["replicas"]},
        "status": {
            "replicas": (thing.get("status") or {}).get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in sorted(labels)),
        },
    }


def answer_scale(api: Api, kind: Kind, call: Call) -> Answer:
    """Show or change how many pods there are to be."""
    thing = api.found(kind, call)
    if call.verb == "get":
        return Answer(scale(thing))
    if call.verb not in ("update", "patch"):
        raise Refused(405, "the server does not allow this method on the requested resource")
    wish = call.json() if call.verb == "update" else patched(kind, scale(thing), call)
    count = (wish.get("spec") or {}).get("replicas", 0)
    name = thing["metadata"]["name"]
    if not isinstance(count, int) or isinstance(count, bool):
        raise Refused(400, 'Scale in version "v1" cannot be handled as a Scale: spec.replicas')
    if count < 0:
        words = "must be greater than or equal to 0"
        raise invalid("autoscaling", "Scale", name, [bad_value("spec.replicas", count, words)])
    told = deepcopy(thing)
    told["spec"]["replicas"] = count
    version = (wish.get("metadata") or {}).get("resourceVersion")
    if version and version != thing["metadata"]["resourceVersion"]:
        raise conflict(kind.group, kind.plural, name)
    saved = api.changed(kind, told, thing, dry=call.is_dry, strict="")
    return Answer(scale(saved))


def evict(api: Api, kind: Kind, call: Call) -> Answer:
    """End a pod, unless a budget does not allow it now."""
    pod, wish = api.found(kind, call), call.json()
    served = [f"policy/{one}" for one in api.kinds.versions("policy")]
    given = wish.get("apiVersion", served[0])
    if wish.get("kind", "Eviction") != "Eviction" or given not in served:
        words = f'no kind "{wish.get("kind")}" is registered for version "{given}"'
        raise Refused(400, f"{words}; an Eviction of {', '.join(served)} is taken")
    budget = _budget(api.store, pod)
    if budget is not None and pod["status"]["phase"] == "Running":
        _spend(api.store, budget, dry=call.is_dry)
    if not call.is_dry:
        grace = (wish.get("deleteOptions") or {}).get("gracePeriodSeconds")
        end_pod(api.store, pod, grace)
    done = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    return Answer(done, 201)


def _budget(store: Store, pod: Json) -> Json | None:
    place = pod["metadata"]["namespace"]
    found = [
        one
        for one in store.all(BUDGETS, place)
        if meant(one["spec"].get("selector"), labels_of(pod))
    ]
    if len(found) > 1:
        words = "This pod has more than one PodDisruptionBudget, which the eviction subresource"
        raise Refused(500, f"{words} does not support.", "InternalError")
    return found[0] if found else None


def _spend(store: Store, budget: Json, *, dry: bool) -> None:
    status, name = budget.get("status") or {}, budget["metadata"]["name"]
    if not status.get("disruptionsAllowed"):
        wanted, there = status.get("desiredHealthy", 0), status.get("currentHealthy", 0)
        words = f"The disruption budget {name} needs {wanted} healthy pods and has {there}"
        cause = {"reason": "DisruptionBudget", "message": f"{words} currently"}
        said = "Cannot evict pod as it would violate the pod's disruption budget."
        raise Refused(429, said, details={"causes": [cause]})
    if not dry:
        told = deepcopy(budget)
        told["status"]["disruptionsAllowed"] -= 1
        store.save(BUDGETS, told)


def log(cluster: Cluster, pod: Json, call: Call) -> str:
    """Return what a pod's container wrote, as far as asked for."""
    options, meta = call.options, pod["metadata"]
    if unknown := set(options) - LOG_OPTIONS:
        raise Refused(400, f"unknown options: {', '.join(sorted(unknown))}")
    names = [one["name"] for one in pod["spec"]["containers"]]
    name = options.get("container") or (names[0] if len(names) == 1 else "")
    if not name:
        words = f"a container name must be specified for pod {meta['name']}, choose one of: "
        raise Refused(400, f"{words}[{' '.join(names)}]")
    if name not in names:
        raise Refused(400, f"container {name} is not valid for pod {meta['name']}")
    if options.get("follow") == "true":
        raise Refused(400, "logs are not followed here: ask again with sinceSeconds or tailLines")
    previous = options.get("previous") == "true"
    _require_container(pod, name, previous=previous)
    if name != names[0]:
        return ""
    lines = cluster.logs.lines(cluster.kubelet.view(pod), previous=previous)
    return _cut(lines, call, cluster.store.now)


def _require_container(pod: Json, name: str, *, previous: bool) -> None:
    meta = pod["metadata"]
    told: Json = next(
        (one for one in pod["status"].get("containerStatuses") or () if one["name"] == name), {}
    )
    if previous and not told.get("lastState"):
        words = f'previous terminated container "{name}" in pod "{meta["name"]}" not found'
        raise Refused(400, words)
    waits = (told.get("state") or {"waiting": {}}).get("waiting")
    if waits is not None and not previous and not told.get("lastState"):
        why = waits.get("reason", "ContainerCreating")
        words = f'container "{name}" in pod "{meta["name"]}" is waiting to start: '
        fails = "trying and failing to pull image" if "Image" in why else why
        raise Refused(400, words + fails)


def _number(call: Call, name: str) -> int | None:
    given = call.options.get(name)
    if given is None:
        return None
    if not given.isdecimal():
        cause = bad_value(name, given, "must be greater than or equal to 0")
        raise invalid("", "PodLogOptions", "", [cause])
    return int(given)


def _cut(lines: Sequence[Line], call: Call, now: float) -> str:
    last, seconds = _number(call, "tailLines"), _number(call, "sinceSeconds")
    if seconds is not None:
        lines = [line for line in lines if line.at >= now - seconds]
    if since := call.options.get("sinceTime"):
        lines = [line for line in lines if rfc3339(line.at) >= since]
    if last is not None:
        lines = lines[len(lines) - min(last, len(lines)) :]
    has_times = call.options.get("timestamps") == "true"
    text = "".join(
        f"{rfc3339(line.at)} {line.text}\n" if has_times else f"{line.text}\n" for line in lines
    )
    most = _number(call, "limitBytes")
    return text if most is None else text.encode()[:most].decode(errors="ignore")


def review(store: Store, kind: Kind, call: Call) -> Answer:
    """Tell users what they may do."""
    wish = call.json()
    spec = wish.get("spec") or {}
    told: Json = {"kind": kind.kind, "apiVersion": kind.api_version, "metadata": {}, "spec": spec}
    if kind.kind == "SelfSubjectRulesReview":
        return Answer({**told, "status": _rules(store, call.user, spec)}, 201)
    given = spec.get("resourceAttributes")
    if given is None:
        cause = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        if "nonResourceAttributes" not in spec:
            shown = bad_value("spec.resourceAttributes", "null", cause)
            raise invalid(kind.group, kind.kind, "", [shown])
        return Answer({**told, "status": {"allowed": True}}, 201)
    at = Address(
        given.get("group", ""),
        given.get("version", ""),
        given.get("resource", ""),
        given.get("namespace", ""),
        given.get("name", ""),
        given.get("subresource", ""),
    )
    may = allowed(store, call.user, given.get("verb", ""), at)
    return Answer({**told, "status": {"allowed": may}}, 201)


def _rules(store: Store, user: User, spec: Json) -> Json:
    found = list(rules(store, user, spec.get("namespace", "")))
    if "system:masters" in user.groups:
        found = [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]
    return {"resourceRules": found, "nonResourceRules": [], "incomplete": False}
