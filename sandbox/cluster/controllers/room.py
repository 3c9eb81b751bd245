"""What the controllers share: the objects, the time, and the events they tell."""

from copy import deepcopy
from dataclasses import dataclass

from sandbox.cluster.kinds import Kind, Kinds
from sandbox.cluster.store import Store, rfc3339
from sandbox.wire import Json

KEPT = 3600.0  # of the cluster's seconds


@dataclass(frozen=True, slots=True)
class Timings:
    """How long one of the cluster's seconds lasts, and what it waits of them."""

    second: float = 1.0
    back_off: float = 10.0
    longest_back_off: float = 300.0
    back_off_forgotten: float = 600.0
    scaling_period: float = 15.0
    scaling_down_after: float = 300.0


class Room:
    """Where the controllers work."""

    def __init__(self, store: Store, kinds: Kinds, timings: Timings) -> None:
        self.store = store
        self.kinds = kinds
        self.timings = timings
        self._told: dict[tuple[str, ...], str] = {}
        self._last: dict[str, float] = {}

    @property
    def now(self) -> float:
        """Return the moment up to which the controllers have worked."""
        return self.store.now

    @property
    def stamp(self) -> str:
        """Return the moment as objects tell it."""
        return rfc3339(self.store.now)

    def kind(self, resource: str) -> Kind:
        """Return the kind of these objects."""
        return next(one for one in self.kinds.all if one.resource == resource)

    def lasting(self, seconds: float) -> float:
        """Return how long so many of the cluster's seconds last."""
        return seconds * self.timings.second

    def tell(
        self, about: Json, reason: str, message: str, source: str, *, warning: bool = False
    ) -> None:
        """Tell an event, or count one more of those told already."""
        uid = about["metadata"].get("uid", about["metadata"]["name"])
        key = (uid, reason, message, source)
        place = about["metadata"].get("namespace") or "default"
        known = self.store.editable("events", place, self._told.get(key, ""))
        if known is not None:
            known |= {"count": known["count"] + 1, "lastTimestamp": self.stamp}
            self._last[known["metadata"]["name"]] = self.now
            self.store.save("events", known)
            return
        name = f"{about['metadata']['name']}.{int(self.now * 1e9):x}{len(self._told):x}"
        event = _event(about, name, place)
        event |= {"reason": reason, "message": message, "source": {"component": source}}
        event |= {"type": "Warning" if warning else "Normal", "count": 1}
        event |= {"firstTimestamp": self.stamp, "lastTimestamp": self.stamp}
        event |= {"reportingComponent": "", "reportingInstance": "", "eventTime": None}
        if "nodeName" in (about.get("spec") or {}):
            event["source"]["host"] = about["spec"]["nodeName"]
        self._told[key] = name
        self._last[name] = self.now
        self.store.create(self.kind("events"), event)

    def forget_old_events(self) -> None:
        """Forget the events that nobody told again for an hour."""
        before = self.now - self.lasting(KEPT)
        old = {name for name, at in self._last.items() if at < before}
        if not old:
            return
        for event in self.store.all("events"):
            meta = event["metadata"]
            if meta["name"] in old:
                self.store.remove("events", meta["namespace"], meta["name"])
        self._last = {name: at for name, at in self._last.items() if name not in old}
        self._told = {key: name for key, name in self._told.items() if name not in old}

    def owned(self, resource: str, above: Json) -> list[Json]:
        """Return copies of the objects that another owns."""
        uid, place = above["metadata"]["uid"], above["metadata"]["namespace"]
        return [
            deepcopy(thing)
            for thing in self.store.all(resource, place)
            if any(
                one["uid"] == uid and one.get("controller")
                for one in thing["metadata"].get("ownerReferences") or ()
            )
        ]


def _event(about: Json, name: str, place: str) -> Json:
    meta = about["metadata"]
    reference = {
        "kind": about["kind"],
        "name": meta["name"],
        "uid": meta.get("uid", meta["name"]),
        "apiVersion": about["apiVersion"],
        "resourceVersion": meta.get("resourceVersion", ""),
    }
    if meta.get("namespace"):
        reference["namespace"] = meta["namespace"]
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": place},
        "involvedObject": reference,
    }


def reference(above: Json) -> Json:
    """Return the reference to an object that another is to be owned by."""
    return {
        "apiVersion": above["apiVersion"],
        "kind": above["kind"],
        "name": above["metadata"]["name"],
        "uid": above["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def set_condition(status: Json, condition: Json, stamp: str, *, updated: bool = False) -> None:
    """Set a condition; the time of its turn changes only where it turns."""
    conditions = status.setdefault("conditions", [])
    old = next((one for one in conditions if one["type"] == condition["type"]), None)
    known: Json = old or {}
    turned = known.get("status") != condition["status"]
    new = {**condition, "lastTransitionTime": stamp if turned else known["lastTransitionTime"]}
    if updated:
        same = all(known.get(key) == value for key, value in condition.items())
        new["lastUpdateTime"] = known["lastUpdateTime"] if same else stamp
    status["conditions"] = [one for one in conditions if one is not old] + [new]
