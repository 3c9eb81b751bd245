"""How objects end: at once, or after a grace period, and what becomes of what they own."""

from copy import deepcopy

from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import Refused, conflict
from sandbox.cluster.requests import Call
from sandbox.cluster.store import Store, rfc3339
from sandbox.wire import Json

FOREGROUND, ORPHAN = "foregroundDeletion", "Orphan"
POLICIES = ("", "Background", "Foreground", ORPHAN)
KNOWN = {
    *("apiVersion", "kind", "dryRun", "gracePeriodSeconds", "orphanDependents"),
    *("preconditions", "propagationPolicy"),
}


def delete(store: Store, kind: Kind, thing: Json, call: Call) -> Json:
    """Delete an object as a call asks; return what is left of it, or that it is gone."""
    options = _options(call)
    meta = thing["metadata"]
    for name, value in (options.get("preconditions") or {}).items():
        if meta.get(name) != value:
            words = f"Precondition failed: {name} in precondition: {value}, in object: "
            raise conflict(kind.group, kind.plural, meta["name"], words + str(meta.get(name)))
    if call.is_dry or options.get("dryRun"):
        return thing
    if options.get("propagationPolicy") == ORPHAN:
        orphan(store, meta["uid"])
    if kind.resource == "pods":
        return end_pod(store, thing, options.get("gracePeriodSeconds"))
    if kind.resource == "namespaces" or options.get("propagationPolicy") == "Foreground":
        return _mark(store, kind, thing)
    store.remove(kind.resource, meta.get("namespace", ""), meta["name"])
    details = {"name": meta["name"], "group": kind.group, "kind": kind.plural, "uid": meta["uid"]}
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {key: value for key, value in details.items() if value},
    }


def _options(call: Call) -> Json:
    options = call.json()
    for name in ("gracePeriodSeconds", "propagationPolicy"):
        if name in call.options:
            given = call.options[name]
            options.setdefault(name, int(given) if given.isdecimal() else given)
    unknown = set(options) - KNOWN
    if unknown:
        raise Refused(400, f"DeleteOptions: unknown fields: {', '.join(sorted(unknown))}")
    policy = options.get("propagationPolicy") or ""
    if policy not in POLICIES:
        known = ", ".join(POLICIES[1:])
        raise Refused(422, f'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: {known}')
    return options


def end_pod(store: Store, pod: Json, grace: int | None = None) -> Json:
    """Ask a pod to end within its grace period, or end it at once where that is none."""
    meta = pod["metadata"]
    seconds = pod["spec"].get("terminationGracePeriodSeconds", 30) if grace is None else grace
    is_placed = pod["spec"].get("nodeName") and pod["status"]["phase"] in ("Pending", "Running")
    if seconds == 0 or not is_placed:
        store.remove("pods", meta["namespace"], meta["name"])
        return pod
    told = deepcopy(pod)
    told["metadata"].setdefault("deletionTimestamp", rfc3339(store.now + seconds))
    told["metadata"].setdefault("deletionGracePeriodSeconds", seconds)
    return store.save("pods", told)


def _mark(store: Store, kind: Kind, thing: Json) -> Json:
    told = deepcopy(thing)
    meta = told["metadata"]
    meta.setdefault("deletionTimestamp", rfc3339(store.now))
    if kind.resource == "namespaces":
        told["status"]["phase"] = "Terminating"
    elif FOREGROUND not in meta.setdefault("finalizers", []):
        meta["finalizers"].append(FOREGROUND)
    return store.save(kind.resource, told)


def orphan(store: Store, uid: str) -> None:
    """Let what an object owns live on by itself."""
    for resource in ("replicasets.apps", "pods"):
        for thing in store.all(resource):
            owners = thing["metadata"].get("ownerReferences") or []
            if any(owner["uid"] == uid for owner in owners):
                told = deepcopy(thing)
                left = [owner for owner in owners if owner["uid"] != uid]
                told["metadata"]["ownerReferences"] = left
                store.save(resource, told)
