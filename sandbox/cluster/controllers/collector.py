"""Takes away what nobody owns any more, and namespaces that are to go."""

from copy import deepcopy

from sandbox.cluster.controllers.room import Room
from sandbox.cluster.deleting import FOREGROUND, end_pod
from sandbox.wire import Json

OWNED = ("replicasets.apps", "pods")
OWNING = ("deployments.apps", *OWNED)


class Collector:
    """Take away what is left over."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def due(self) -> float | None:
        """Return nothing: taking away takes no time."""
        return None

    def reconcile(self) -> None:
        """Take away all that is left over now."""
        self._namespaces()
        store = self._room.store
        owners = {thing["metadata"]["uid"]: thing for name in OWNING for thing in store.all(name)}
        for resource in OWNED:
            for thing in store.all(resource):
                self._judge(resource, thing, owners)
        for resource in OWNING:
            for thing in store.all(resource):
                self._finish(resource, thing)

    def _judge(self, resource: str, thing: Json, owners: dict[str, Json]) -> None:
        references = thing["metadata"].get("ownerReferences") or []
        if not references:
            return
        above = [owners[one["uid"]] for one in references if one["uid"] in owners]
        is_going = above and all(_waits(one) for one in above)
        if not above or is_going:
            self._remove(resource, thing)

    def _remove(self, resource: str, thing: Json) -> None:
        if "deletionTimestamp" in thing["metadata"]:
            return
        if resource == "pods":
            end_pod(self._room.store, thing)
        elif _waits_for_pods(self._room, thing):
            told = deepcopy(thing)
            told["metadata"] |= {
                "deletionTimestamp": self._room.stamp,
                "finalizers": [FOREGROUND],
            }
            self._room.store.save(resource, told)
        else:
            meta = thing["metadata"]
            self._room.store.remove(resource, meta["namespace"], meta["name"])

    def _finish(self, resource: str, thing: Json) -> None:
        if not _waits(thing):
            return
        uid, meta = thing["metadata"]["uid"], thing["metadata"]
        for name in OWNED:
            for other in self._room.store.all(name, meta["namespace"]):
                owners = other["metadata"].get("ownerReferences") or ()
                if any(one["uid"] == uid for one in owners):
                    return
        self._room.store.remove(resource, meta["namespace"], meta["name"])

    def _namespaces(self) -> None:
        store = self._room.store
        for space in store.all("namespaces"):
            if "deletionTimestamp" not in space["metadata"]:
                continue
            name = space["metadata"]["name"]
            left = list(store.everything(name))
            for resource, thing in left:
                if resource == "pods":
                    if "deletionTimestamp" not in thing["metadata"]:
                        end_pod(store, thing)
                else:
                    store.remove(resource, name, thing["metadata"]["name"])
            if not left:
                store.remove("namespaces", "", name)


def _waits(thing: Json) -> bool:
    """Tell whether an object is to go once what it owns is gone."""
    return FOREGROUND in (thing["metadata"].get("finalizers") or ())


def _waits_for_pods(room: Room, thing: Json) -> bool:
    """Tell whether a ReplicaSet goes only after its pods, because its owner waits for it."""
    owners = thing["metadata"].get("ownerReferences") or ()
    place = thing["metadata"]["namespace"]
    above = [room.store.find("deployments.apps", place, one["name"]) for one in owners]
    return any(one is not None and _waits(one) for one in above)
