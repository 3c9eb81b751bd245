"""Rolls deployments out, and back."""

import hashlib
from copy import deepcopy

import orjson

from sandbox.cluster.controllers.progress import Progress
from sandbox.cluster.controllers.rollout import Rollout, available, size
from sandbox.cluster.controllers.room import Room, reference
from sandbox.cluster.fates import HASH, REVISION
from sandbox.wire import Json

SOURCE = "deployment-controller"
DEPLOYMENTS, SETS, PODS = "deployments.apps", "replicasets.apps", "pods"
DESIRED, MOST = (
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
)
HISTORY = "deployment.kubernetes.io/revision-history"
NOT_COPIED = {
    "kubectl.kubernetes.io/last-applied-configuration",
    *(REVISION, HISTORY, DESIRED, MOST),
}
LETTERS = "bcdfghjklmnpqrstvwxz2456789"


class Deployments:
    """Make ReplicaSets and size them, as deployments and their strategies say."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._progress = Progress(room)

    def reconcile(self) -> None:
        """Do what is to be done now."""
        for thing in self._room.store.all(DEPLOYMENTS):
            if "deletionTimestamp" not in thing["metadata"]:
                self._one(deepcopy(thing))

    def due(self) -> float | None:
        """Return when the next rollout has taken too long."""
        return self._progress.due()

    def _one(self, thing: Json) -> None:
        rollout = self._rollout(thing)
        if thing["spec"].get("paused"):
            self._resize(rollout)
        else:
            rollout.new = self._current(rollout)
            if self._is_resized(rollout):
                self._resize(rollout)
            elif thing["spec"]["strategy"]["type"] == "Recreate":
                self._recreate(rollout)
            else:
                self._roll(rollout)
            self._clean(rollout)
        self._progress.report(rollout.deployment, rollout.new, rollout.sets)

    def _rollout(self, thing: Json) -> Rollout:
        sets = sorted(self._room.owned(SETS, thing), key=_age)
        new = next((one for one in sets if _template(one) == _template(thing)), None)
        return Rollout(thing, new, [one for one in sets if one is not new])

    def _current(self, rollout: Rollout) -> Json:
        """Return the ReplicaSet of the deployment's template, with the newest revision."""
        newest = max((_revision(one) for one in rollout.old), default=0)
        new = rollout.new or self._make(rollout, newest + 1)
        notes = new["metadata"].setdefault("annotations", {})
        if _revision(new) < newest:
            before = [notes.get(HISTORY, ""), notes[REVISION]]
            notes[HISTORY] = ",".join(filter(None, before))
            notes[REVISION] = str(newest + 1)
        notes |= _copied(rollout.deployment)
        new["spec"]["minReadySeconds"] = rollout.deployment["spec"].get("minReadySeconds", 0)
        if not new["spec"]["minReadySeconds"]:
            del new["spec"]["minReadySeconds"]
        own = rollout.deployment["metadata"].setdefault("annotations", {})
        own[REVISION] = notes[REVISION]
        self._room.store.save(SETS, new)
        return new

    def _make(self, rollout: Rollout, revision: int) -> Json:
        meta, spec = rollout.deployment["metadata"], rollout.deployment["spec"]
        told = _hash(spec["template"])
        labels = {**(spec["template"]["metadata"].get("labels") or {}), HASH: told}
        selector = deepcopy(spec["selector"])
        selector["matchLabels"] = {**(selector.get("matchLabels") or {}), HASH: told}
        template = deepcopy(spec["template"])
        template["metadata"]["labels"] = labels
        made = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{meta['name']}-{told}",
                "namespace": meta["namespace"],
                "labels": dict(labels),
                "annotations": {**_copied(rollout.deployment), REVISION: str(revision)},
                "ownerReferences": [reference(rollout.deployment)],
                "generation": 1,
            },
            "spec": {"replicas": 0, "selector": selector, "template": template},
            "status": {"replicas": 0},
        }
        return deepcopy(self._room.store.create(self._room.kind(SETS), made))

    def _is_resized(self, rollout: Rollout) -> bool:
        return any(
            int(one["metadata"]["annotations"][DESIRED]) != rollout.wanted
            for one in rollout.sets
            if one["spec"]["replicas"] and DESIRED in (one["metadata"].get("annotations") or {})
        )

    def _resize(self, rollout: Rollout) -> None:
        """Spread a deployment's new size over its ReplicaSets, in proportion."""
        active = [one for one in rollout.sets if one["spec"]["replicas"]]
        if len(active) <= 1:
            target = active[0] if active else rollout.new
            if target is not None:
                self._scale(rollout, target, rollout.wanted)
            return
        spread = rollout.wanted + rollout.surge - size(active)
        active.sort(key=lambda one: one["spec"]["replicas"], reverse=True)
        total, left = size(active), spread
        for one in active:
            part = round(one["spec"]["replicas"] * spread / total)
            part = max(min(part, left), left) if spread < 0 else min(part, left)
            left -= part
            self._scale(rollout, one, max(0, one["spec"]["replicas"] + part))
        if left > 0:
            self._scale(rollout, active[0], active[0]["spec"]["replicas"] + left)

    def _recreate(self, rollout: Rollout) -> None:
        for one in rollout.old:
            self._scale(rollout, one, 0)
        old_pods = [pod for one in rollout.old for pod in self._room.owned(PODS, one)]
        if not any(pod["status"]["phase"] in ("Pending", "Running") for pod in old_pods):
            self._scale_new(rollout, rollout.wanted)

    def _scale_new(self, rollout: Rollout, count: int) -> None:
        if rollout.new is not None:
            self._scale(rollout, rollout.new, count)

    def _roll(self, rollout: Rollout) -> None:
        new = size([rollout.new] if rollout.new else [])
        if new > rollout.wanted:
            self._scale_new(rollout, rollout.wanted)
        elif new < rollout.wanted:
            room = rollout.wanted + rollout.surge - size(rollout.sets)
            if room > 0:
                self._scale_new(rollout, new + min(room, rollout.wanted - new))
                return
        self._shrink(rollout)

    def _shrink(self, rollout: Rollout) -> None:
        """Take pods from the old ReplicaSets, those first that are of no use."""
        new = [rollout.new] if rollout.new else []
        unavailable = size(new) - available(new)
        spare = size(rollout.sets) - rollout.least - unavailable
        for one in rollout.old:
            useless = one["spec"]["replicas"] - available([one])
            if spare > 0 and useless > 0:
                taken = min(spare, useless)
                spare -= taken
                self._scale(rollout, one, one["spec"]["replicas"] - taken)
        spare = available(rollout.sets) - rollout.least
        for one in rollout.old:
            taken = min(spare, one["spec"]["replicas"])
            if taken > 0:
                spare -= taken
                self._scale(rollout, one, one["spec"]["replicas"] - taken)

    def _scale(self, rollout: Rollout, target: Json, count: int) -> None:
        notes = target["metadata"].setdefault("annotations", {})
        notes[DESIRED] = str(rollout.wanted)
        notes[MOST] = str(rollout.wanted + rollout.surge)
        before = target["spec"]["replicas"]
        if before != count:
            target["spec"]["replicas"] = count
            target["metadata"]["generation"] += 1
            way = "up" if count > before else "down"
            words = f"Scaled {way} replica set {target['metadata']['name']} to {count}"
            self._room.tell(rollout.deployment, "ScalingReplicaSet", words, SOURCE)
        self._room.store.save(SETS, target)

    def _clean(self, rollout: Rollout) -> None:
        """Forget the oldest ReplicaSets beyond those that are to be remembered."""
        empty = [
            one
            for one in rollout.old
            if not one["spec"]["replicas"] and not one["status"].get("replicas")
        ]
        most = rollout.deployment["spec"]["revisionHistoryLimit"]
        if len(rollout.old) <= most:
            return
        for one in sorted(empty, key=_revision)[: len(rollout.old) - most]:
            meta = one["metadata"]
            self._room.store.remove(SETS, meta["namespace"], meta["name"])
            rollout.old.remove(one)


def _age(thing: Json) -> tuple[str, int]:
    return thing["metadata"]["creationTimestamp"], _revision(thing)


def _revision(thing: Json) -> int:
    return int((thing["metadata"].get("annotations") or {}).get(REVISION, 0))


def _template(thing: Json) -> Json:
    template = deepcopy(thing["spec"]["template"])
    (template["metadata"].get("labels") or {}).pop(HASH, None)
    return dict(template)


def _copied(deployment: Json) -> Json:
    notes = deployment["metadata"].get("annotations") or {}
    return {key: value for key, value in notes.items() if key not in NOT_COPIED}


def _hash(template: Json) -> str:
    text = orjson.dumps(template, option=orjson.OPT_SORT_KEYS)
    digits = hashlib.sha256(text).digest()[:10]
    return "".join(LETTERS[digit % len(LETTERS)] for digit in digits)
