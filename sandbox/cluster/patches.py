"""The three ways to change a part of an object."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from sandbox.wire import Json

# How lists of objects are merged: by which field their items are told apart.
KEYS = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "imagePullSecrets": "name",
    "ownerReferences": "uid",
    "conditions": "type",
    "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
    "secrets": "name",
}
SETS = {"finalizers"}
ORDER, TAKEN, RETAINED = "$setElementOrder/", "$deleteFromPrimitiveList/", "$retainKeys"


class BadPatch(ValueError):
    """The patch is none, or cannot be applied."""


def merged(target: Any, patch: Any) -> Any:
    """Return the target after a JSON merge patch."""
    if not isinstance(patch, dict):
        return deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def strategically_merged(target: Json, patch: Json) -> Json:
    """Return the target after a strategic merge patch."""
    if patch.get("$patch") == "replace":
        return {key: deepcopy(value) for key, value in patch.items() if key != "$patch"}
    if patch.get("$patch") == "delete":
        return {}
    retained = patch.get(RETAINED)
    result = {key: value for key, value in target.items() if retained is None or key in retained}
    for key, value in patch.items():
        if key.startswith(TAKEN):
            name = key.removeprefix(TAKEN)
            result[name] = [one for one in result.get(name, []) if one not in value]
        elif value is None:
            result.pop(key, None)
        elif not key.startswith("$"):
            result[key] = _part(key, result.get(key), value)
    for key, value in patch.items():
        if key.startswith(ORDER):
            _reorder(result, key.removeprefix(ORDER), value)
    return result


def _part(key: str, old: Any, new: Any) -> Any:
    if isinstance(new, dict):
        return strategically_merged(old if isinstance(old, dict) else {}, new)
    if not isinstance(new, list):
        return new
    if key in SETS:
        kept = old or []
        return kept + [one for one in new if one not in kept]
    told_apart = _key(key, [*(old or []), *new])
    return _list(old or [], new, told_apart) if told_apart else deepcopy(new)


def _key(name: str, items: list[Any]) -> str | None:
    if name == "ports":
        is_of_container = any("containerPort" in one for one in items if isinstance(one, dict))
        return "containerPort" if is_of_container else "port"
    return KEYS.get(name)


def _list(old: list[Any], new: list[Any], key: str) -> list[Any]:
    if any(isinstance(one, dict) and one.get("$patch") == "replace" for one in new):
        return [one for one in new if one.get("$patch") != "replace"]
    result = list(old)
    for one in new:
        if not isinstance(one, dict) or key not in one:
            words = f"map: {one} does not contain declared merge key: {key}"
            raise BadPatch(words)
        at = next((i for i, kept in enumerate(result) if kept.get(key) == one[key]), None)
        if one.get("$patch") == "delete":
            result = [kept for kept in result if kept.get(key) != one[key]]
        elif at is None:
            result.append(strategically_merged({}, one))
        else:
            result[at] = strategically_merged(result[at], one)
    return result


def _reorder(result: Json, name: str, order: list[Any]) -> None:
    items = result.get(name)
    if not items:
        return
    key = _key(name, items)
    places = [one.get(key) if key and isinstance(one, dict) else one for one in order]

    def place(item: Any) -> int:
        told = item.get(key) if key else item
        return places.index(told) if told in places else len(places)

    result[name] = sorted(items, key=place)


def json_patched(target: Json, patch: list[Json]) -> Json:
    """Return the target after a JSON patch (RFC 6902)."""
    result: Any = deepcopy(target)
    for step in patch:
        work = STEPS.get(step.get("op", "")) if isinstance(step, dict) else None
        if work is None or not isinstance(step.get("path"), str):
            words = f"Unexpected kind: {step}"
            raise BadPatch(words)
        result = work(result, step)
    if not isinstance(result, dict):
        raise BadPatch("the patch leaves no object")
    return result


def _keys(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        words = f"a path begins with a slash: {pointer}"
        raise BadPatch(words)
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _value(target: Any, pointer: str) -> Any:
    for key in _keys(pointer):
        try:
            target = target[int(key)] if isinstance(target, list) else target[key]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            words = f"missing value at path: {pointer}"
            raise BadPatch(words) from error
    return target


def _parent(target: Any, pointer: str) -> tuple[Any, str]:
    above, slash, _ = pointer.rpartition("/")
    if not slash:
        raise BadPatch("the whole object cannot be taken away")
    return _value(target, above), _keys(pointer)[-1]


def _add(target: Any, step: Json) -> Any:
    if step["path"] == "":
        return deepcopy(step.get("value"))
    parent, key = _parent(target, step["path"])
    value = deepcopy(step.get("value"))
    if isinstance(parent, list):
        at = len(parent) if key == "-" else _index(key, len(parent))
        parent.insert(at, value)
    elif isinstance(parent, dict):
        parent[key] = value
    else:
        words = f"add operation does not apply: doc is missing path: {step['path']}"
        raise BadPatch(words)
    return target


def _index(key: str, most: int) -> int:
    if not key.isdecimal() or int(key) > most:
        words = f"Unable to access invalid index: {key}"
        raise BadPatch(words)
    return int(key)


def _remove(target: Any, step: Json) -> Any:
    _value(target, step["path"])
    parent, key = _parent(target, step["path"])
    del parent[int(key) if isinstance(parent, list) else key]
    return target


def _replace(target: Any, step: Json) -> Any:
    _value(target, step["path"])
    if step["path"] == "":
        return deepcopy(step.get("value"))
    parent, key = _parent(target, step["path"])
    parent[int(key) if isinstance(parent, list) else key] = deepcopy(step.get("value"))
    return target


def _move(target: Any, step: Json) -> Any:
    value = deepcopy(_value(target, step.get("from", "")))
    if step["op"] == "move":
        target = _remove(target, {"path": step["from"]})
    return _add(target, {"path": step["path"], "value": value})


def _test(target: Any, step: Json) -> Any:
    if _value(target, step["path"]) != step.get("value"):
        words = f"testing value {step['path']} failed"
        raise BadPatch(words)
    return target


STEPS: dict[str, Callable[[Any, Json], Any]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _move,
    "test": _test,
}
