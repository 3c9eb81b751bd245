"""What is done to objects when somebody asks: get, list, create, update, patch, delete."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from sandbox.cluster import patches
from sandbox.cluster.access import authorize
from sandbox.cluster.defaults import fill_in
from sandbox.cluster.deleting import delete
from sandbox.cluster.kinds import Kind, Kinds
from sandbox.cluster.refusals import Refused, bad_value, conflict, invalid, not_found
from sandbox.cluster.requests import (
    APPLY,
    JSON_PATCH,
    MERGE,
    PATCHES,
    STRATEGIC,
    Call,
    kind_of,
    read,
)
from sandbox.cluster.schema import fitted
from sandbox.cluster.selectors import Matches, by_fields, by_labels
from sandbox.cluster.store import Store
from sandbox.cluster.validation import wrong
from sandbox.cluster.versions import kept, shown
from sandbox.wire import Json

STATUS = "status"
FIXED = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")
BEGUN: dict[str, Json] = {
    "pods": {"phase": "Pending"},
    "deployments.apps": {},
    "replicasets.apps": {"replicas": 0},
    "horizontalpodautoscalers.autoscaling": {},
    "poddisruptionbudgets.policy": {},
}
COUNTED = ("apps", "autoscaling", "policy")
STRICTNESS = ("", "Ignore", "Warn", "Strict")
KNOWN_PATCHES = ", ".join(PATCHES)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API says: an object or a list, and what it warns of."""

    body: Json
    code: int = 200
    kind: Kind | None = None
    warnings: tuple[str, ...] = ()


class Api:
    """Do what calls ask for, as far as their users may."""

    def __init__(self, store: Store, kinds: Kinds) -> None:
        self.store = store
        self.kinds = kinds
        self._verbs: dict[str, Callable[[Kind, Call], Answer]] = {
            "get": self._get,
            "list": self._list,
            "create": self._create,
            "update": self._update,
            "patch": self._patch,
            "delete": self._delete,
            "deletecollection": self._delete_all,
        }

    def judged(self, call: Call) -> Kind:
        """Return the kind that a call is about, or refuse the call."""
        authorize(self.store, call.user, call.verb, call.address)
        kind, sub = kind_of(self.kinds, call.address), call.address.subresource
        if sub and sub not in kind.subresources:
            served = ", ".join(kind.subresources) or "no subresources"
            words = f"the server could not find the requested resource ({sub}); it has {served}"
            raise Refused(404, words)
        is_odd = bool(call.address.name) != (call.verb not in ("list", "watch", "create"))
        is_odd = is_odd and call.verb != "deletecollection"
        if not sub and (is_odd or call.verb not in kind.verbs):
            raise Refused(405, "the server does not allow this method on the requested resource")
        return kind

    def answer(self, call: Call) -> Answer:
        """Do what a call asks for, or refuse it."""
        kind = self.judged(call)
        return self._verbs[call.verb](kind, call)

    def matches(self, kind: Kind, call: Call) -> Matches:
        """Return which objects a call's selectors mean, or refuse them."""
        place, name = call.address.namespace, call.address.name
        try:
            labels = by_labels(call.options.get("labelSelector", ""))
            fields = by_fields(call.options.get("fieldSelector", ""), kind.resource)
        except ValueError as error:
            raise Refused(400, str(error)) from error
        return lambda thing: (
            (not place or not kind.namespaced or thing["metadata"].get("namespace") == place)
            and (not name or thing["metadata"]["name"] == name)
            and labels(thing)
            and fields(thing)
        )

    def found(self, kind: Kind, call: Call) -> Json:
        """Return the object that a call names, or refuse it."""
        at = call.address
        place = at.namespace if kind.namespaced else ""
        thing = self.store.find(kind.resource, place, at.name)
        if thing is None:
            raise not_found(kind.group, kind.plural, at.name)
        return thing

    def apply(self, thing: Json) -> Json:
        """Keep an object as an administrator would, whether it is new or not."""
        kind = self.kinds.named(thing["apiVersion"], thing["kind"])
        if kind is None:
            raise Refused(404, f'no matches for kind "{thing["kind"]}" in {thing["apiVersion"]}')
        place = thing["metadata"].get("namespace", "default") if kind.namespaced else ""
        before = self.store.find(kind.resource, place, thing["metadata"]["name"])
        if before is None:
            return self.created(kind, place, deepcopy(thing), dry=False, strict="Strict")
        changed = patches.strategically_merged(before, thing)
        return self.changed(kind, changed, before, dry=False, strict="Strict")

    def _get(self, kind: Kind, call: Call) -> Answer:
        return Answer(shown(self.found(kind, call), kind), kind=kind)

    def _list(self, kind: Kind, call: Call) -> Answer:
        matches = self.matches(kind, call)
        things = [shown(one, kind) for one in self.store.all(kind.resource) if matches(one)]
        meta = {"resourceVersion": str(self.store.version)}
        page, rest = _page(things, call)
        if rest:
            meta |= rest
        body = {
            "kind": f"{kind.kind}List",
            "apiVersion": kind.api_version,
            "metadata": meta,
            "items": page,
        }
        return Answer(body, kind=kind)

    def _create(self, kind: Kind, call: Call) -> Answer:
        thing, place = call.json(), call.address.namespace if kind.namespaced else ""
        given = (thing.get("apiVersion", kind.api_version), thing.get("kind", kind.kind))
        if given != (kind.api_version, kind.kind):
            words = f'{given[1]} in version "{given[0].rpartition("/")[2]}"'
            raise Refused(400, f"{words} cannot be handled as a {kind.kind}")
        thing |= {"apiVersion": kind.api_version, "kind": kind.kind}
        strict = _strictness(call)
        made, warnings = self._with_warnings(
            kind, lambda: self.created(kind, place, thing, dry=call.is_dry, strict=strict), call
        )
        return Answer(shown(made, kind), 201, kind, warnings)

    def _with_warnings(
        self, kind: Kind, work: Callable[[], Json], call: Call
    ) -> tuple[Json, tuple[str, ...]]:
        warnings: tuple[str, ...] = ()
        if _strictness(call) == "Warn" and call.content_type not in (JSON_PATCH,):
            thing = read(call.body, call.content_type)
            unknown = fitted(kind, thing)[1] if isinstance(thing, dict) else []
            warnings = tuple(f'unknown field "{path}"' for path in unknown)
        return work(), warnings

    def created(self, kind: Kind, place: str, thing: Json, *, dry: bool, strict: str) -> Json:
        """Keep a new object, or refuse it."""
        meta = thing.setdefault("metadata", {})
        if kind.namespaced:
            if meta.setdefault("namespace", place) != place:
                raise Refused(
                    400,
                    "the namespace of the provided object does not match the namespace sent on "
                    "the request",
                )
            if self.store.find("namespaces", "", place) is None:
                raise not_found("", "namespaces", place)
        if meta.get("resourceVersion"):
            raise Refused(500, "resourceVersion should not be set on objects to be created")
        thing = self._prepared(kind, thing, strict)
        for name in FIXED:
            thing["metadata"].pop(name, None)
        if kind.resource in BEGUN:
            thing["status"] = dict(BEGUN[kind.resource])
        self._check(kind, thing, None)
        if _is_counted(kind):
            thing["metadata"]["generation"] = 1
        if dry:
            return self.store.imagined(kind, thing)
        return self.store.create(kind, thing)

    def changed(self, kind: Kind, thing: Json, before: Json, *, dry: bool, strict: str) -> Json:
        """Keep what has become of an object, or refuse it."""
        thing = self._prepared(kind, thing, strict)
        old, new = before["metadata"], thing["metadata"]
        for name in ("name", "namespace"):
            if new.setdefault(name, old.get(name)) != old.get(name):
                words = f"the {name} of the object ({new[name]}) does not match the {name} on the"
                raise Refused(400, f"{words} URL ({old.get(name)})")
        if new.get("uid", old["uid"]) != old["uid"]:
            words = f"Precondition failed: UID in precondition: {new['uid']}, UID in object meta: "
            raise conflict(kind.group, kind.plural, new["name"], words + old["uid"])
        new |= {name: old[name] for name in (*FIXED, "generation") if name in old}
        if STATUS in kind.subresources:
            thing = {**{k: v for k, v in thing.items() if k != STATUS}, **_status(before)}
        if not new.get("resourceVersion"):
            new["resourceVersion"] = old["resourceVersion"]
        self._check(kind, thing, before)
        if _is_counted(kind) and thing.get("spec") != before.get("spec"):
            new["generation"] = old.get("generation", 0) + 1
        return self._saved(kind, thing, dry=dry)

    def status_changed(self, kind: Kind, thing: Json, before: Json, *, dry: bool) -> Json:
        """Keep an object's new status, and nothing else that was sent with it."""
        version = (thing.get("metadata") or {}).get("resourceVersion")
        told = deepcopy(before)
        told[STATUS] = fitted(kind, {STATUS: thing.get(STATUS) or {}})[0][STATUS]
        if version:
            told["metadata"]["resourceVersion"] = version
        return self._saved(kind, told, dry=dry)

    def _saved(self, kind: Kind, thing: Json, *, dry: bool) -> Json:
        return self.store.would_update(kind, thing) if dry else self.store.update(kind, thing)

    def _prepared(self, kind: Kind, thing: Json, strict: str) -> Json:
        fit, unknown = fitted(kind, thing)
        if unknown and strict == "Strict":
            said = ", ".join(f'unknown field "{path}"' for path in unknown)
            words = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: '
            raise Refused(400, f"{words}strict decoding error: {said}")
        fit = kept(fit, kind, self.kinds.preferred(kind))
        try:
            fill_in(kind.resource, fit)
        except (AttributeError, TypeError, KeyError) as error:
            words = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}'
            raise Refused(400, f"{words}: {error}") from error
        return fit

    def _check(self, kind: Kind, thing: Json, before: Json | None) -> None:
        try:
            causes = wrong(kind.resource, thing, before)
        except ValueError as error:
            words = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}'
            raise Refused(400, f"{words}: {error}") from error
        if causes:
            raise invalid(kind.group, kind.kind, thing["metadata"].get("name", ""), causes)

    def _update(self, kind: Kind, call: Call) -> Answer:
        before, thing = self.found(kind, call), call.json()
        dry, strict = call.is_dry, _strictness(call)
        if call.address.subresource == STATUS:
            return Answer(
                shown(self.status_changed(kind, thing, before, dry=dry), kind), kind=kind
            )
        thing |= {"apiVersion": kind.api_version, "kind": kind.kind}
        thing.setdefault("metadata", {})
        saved, warnings = self._with_warnings(
            kind, lambda: self.changed(kind, thing, before, dry=dry, strict=strict), call
        )
        return Answer(shown(saved, kind), 200, kind, warnings)

    def _patch(self, kind: Kind, call: Call) -> Answer:
        before = self.found(kind, call)
        thing = patched(kind, shown(before, kind), call)
        dry, strict = call.is_dry, _strictness(call)
        if call.address.subresource == STATUS:
            saved = self.status_changed(kind, thing, before, dry=dry)
            return Answer(shown(saved, kind), kind=kind)
        saved, warnings = self._with_warnings(
            kind, lambda: self.changed(kind, thing, before, dry=dry, strict=strict), call
        )
        return Answer(shown(saved, kind), 200, kind, warnings)

    def _delete(self, kind: Kind, call: Call) -> Answer:
        body = delete(self.store, kind, self.found(kind, call), call)
        return Answer(shown(body, kind) if body["kind"] != "Status" else body, kind=None)

    def _delete_all(self, kind: Kind, call: Call) -> Answer:
        listed = self._list(kind, replace(call, verb="list"))
        for thing in listed.body["items"]:
            delete(self.store, kind, thing, call)
        return Answer(listed.body, kind=kind)


def patched(kind: Kind, thing: Json, call: Call) -> Json:
    """Return an object after a call's patch, or refuse the patch."""
    if call.content_type == APPLY:
        words = "server-side apply is not served here"
        raise Refused(415, f"{words} - accepted media types include: {KNOWN_PATCHES}")
    if call.content_type not in PATCHES or (kind.is_custom and call.content_type == STRATEGIC):
        words = "the body of the request was in an unknown format"
        known = ", ".join((JSON_PATCH, MERGE)) if kind.is_custom else KNOWN_PATCHES
        raise Refused(415, f"{words} - accepted media types include: {known}")
    patch = read(call.body, call.content_type)
    try:
        return _after(thing, patch, call.content_type)
    except patches.BadPatch as error:
        words = "the server rejected our request due to an error in our request"
        raise Refused(422, words) from error


def _after(thing: Json, patch: Any, content_type: str) -> Json:
    if content_type == JSON_PATCH:
        if not isinstance(patch, list):
            raise Refused(400, "a JSON patch is a list of operations")
        return patches.json_patched(thing, patch)
    if not isinstance(patch, dict):
        raise Refused(400, "a merge patch is an object")
    if content_type == MERGE:
        after: Json = patches.merged(thing, patch)
        return after
    return deepcopy(patches.strategically_merged(thing, patch))


def _page(things: list[Json], call: Call) -> tuple[list[Json], Json]:
    limit, start = call.options.get("limit", "0"), call.options.get("continue", "")
    if not limit.isdecimal():
        raise Refused(400, f'strconv.ParseInt: parsing "{limit}": invalid syntax')
    if start and not start.isdecimal():
        raise Refused(400, "continue key is not valid")
    first, most = int(start or 0), int(limit)
    if not most or first + most >= len(things):
        return things[first:], {}
    after = first + most
    rest = {"continue": str(after), "remainingItemCount": len(things) - after}
    return things[first:after], rest


def _status(before: Json) -> Json:
    return {STATUS: before[STATUS]} if STATUS in before else {}


def _is_counted(kind: Kind) -> bool:
    return kind.group in COUNTED or kind.is_custom


def _strictness(call: Call) -> str:
    given = call.options.get("fieldValidation", "")
    if given not in STRICTNESS:
        cause = bad_value("fieldValidation", given, "it is Ignore, Warn or Strict")
        raise invalid("meta.k8s.io", f"{call.verb.title()}Options", "", [cause])
    return given
