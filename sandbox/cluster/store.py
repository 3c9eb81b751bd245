"""Where the cluster's objects are kept, with every change in order."""

from collections import deque
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Literal

from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import already_exists, conflict
from sandbox.wire import Json

ChangeType = Literal["ADDED", "MODIFIED", "DELETED"]
KEPT = 2000


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one object, and what it was before."""

    version: int
    resource: str
    type: ChangeType
    thing: Json
    before: Json | None


def rfc3339(moment: float) -> str:
    """Return a moment as objects tell it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Store:
    """Keep objects; none that it hands out may be changed: `editable` gives a copy that may."""

    def __init__(self, random: Random, kept: int = KEPT) -> None:
        self.version = 1
        self.now = 0.0
        self.listeners: set[Callable[[], None]] = set()
        self._random = random
        self._kept = kept
        self._things: dict[str, dict[tuple[str, str], Json]] = {}
        self._changes: deque[Change] = deque(maxlen=kept)

    def find(self, resource: str, namespace: str, name: str) -> Json | None:
        """Return an object, if it is there."""
        return self._things.get(resource, {}).get((namespace, name))

    def editable(self, resource: str, namespace: str, name: str) -> Json | None:
        """Return a copy of an object, if it is there."""
        return deepcopy(self.find(resource, namespace, name))

    def all(self, resource: str, namespace: str = "") -> list[Json]:
        """Return the objects of a kind, of one namespace or of all, by name."""
        kept = self._things.get(resource, {})
        return [kept[key] for key in sorted(kept) if not namespace or key[0] == namespace]

    def everything(self, namespace: str) -> Iterator[tuple[str, Json]]:
        """Return all that is in a namespace."""
        for resource, kept in list(self._things.items()):
            for (place, _), thing in list(kept.items()):
                if place == namespace:
                    yield resource, thing

    def owner_alive(self, uid: str) -> bool:
        """Tell whether an object with this uid is there."""
        return any(
            thing["metadata"]["uid"] == uid
            for kept in self._things.values()
            for thing in kept.values()
        )

    def imagined(self, kind: Kind, thing: Json) -> Json:
        """Return what a new object would be, or refuse because there is one of that name."""
        meta = thing["metadata"]
        if "name" not in meta:
            meta["name"] = meta["generateName"] + self.letters(5)
        place = (meta.get("namespace", ""), meta["name"])
        if place in self._things.get(kind.resource, {}):
            raise already_exists(kind.group, kind.plural, meta["name"])
        meta["uid"] = self.uid()
        meta["creationTimestamp"] = rfc3339(self.now)
        return thing

    def create(self, kind: Kind, thing: Json) -> Json:
        """Keep a new object, or refuse because there is one of that name."""
        return self._keep(kind.resource, self.imagined(kind, thing), "ADDED")

    def would_update(self, kind: Kind, thing: Json) -> Json:
        """Return what a changed object would be, or refuse because it changed meanwhile."""
        meta = thing["metadata"]
        before = self._things[kind.resource][meta.get("namespace", ""), meta["name"]]
        if meta["resourceVersion"] != before["metadata"]["resourceVersion"]:
            raise conflict(kind.group, kind.plural, meta["name"])
        return thing

    def update(self, kind: Kind, thing: Json) -> Json:
        """Keep a changed object, or refuse because it changed meanwhile."""
        self.would_update(kind, thing)
        return self.save(kind.resource, thing)

    def save(self, resource: str, thing: Json) -> Json:
        """Keep what a controller changed, which nobody else can have changed meanwhile."""
        meta = thing["metadata"]
        before = self.find(resource, meta.get("namespace", ""), meta["name"])
        if before is None or thing == before:
            return thing
        return self._keep(resource, thing, "MODIFIED")

    def remove(self, resource: str, namespace: str, name: str) -> None:
        """Forget an object."""
        thing = deepcopy(self._things[resource].pop((namespace, name)))
        self.version += 1
        thing["metadata"]["resourceVersion"] = str(self.version)
        self._tell(Change(self.version, resource, "DELETED", thing, thing))

    def since(self, version: int) -> list[Change] | None:
        """Return the changes after a version, or nothing where they are forgotten."""
        if version < self.version - len(self._changes):
            return None
        return [change for change in self._changes if change.version > version]

    def forget(self) -> None:
        """Forget the changes until now, so that watches from before have to begin anew."""
        self.version += 1
        self._changes.clear()

    def uid(self) -> str:
        """Return a new uid."""
        digits = f"{self._random.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def letters(self, count: int) -> str:
        """Return letters that end a generated name."""
        return "".join(self._random.choices("bcdfghjklmnpqrstvwxz2456789", k=count))

    def _keep(self, resource: str, thing: Json, how: ChangeType) -> Json:
        meta = thing["metadata"]
        place = (meta.get("namespace", ""), meta["name"])
        kept = self._things.setdefault(resource, {})
        before = kept.get(place)
        self.version += 1
        meta["resourceVersion"] = str(self.version)
        kept[place] = thing
        self._tell(Change(self.version, resource, how, thing, before))
        return thing

    def _tell(self, change: Change) -> None:
        self._changes.append(change)
        for listener in tuple(self.listeners):
            listener()
