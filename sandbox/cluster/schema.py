"""Which fields the known kinds have, from the models of the official client."""

import re
from functools import cache
from typing import Any

from kubernetes.client import models

from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import Refused
from sandbox.wire import Json

ITEMS = re.compile(r"(?:List\[|Dict\[str, ?)(.+)\]$", re.IGNORECASE)
SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "float": (int, float),
    "datetime": (str,),
}
GO = {"str": "string", "int": "int32", "bool": "bool", "float": "float64", "datetime": "Time"}
SAID = {str: "string", int: "number", float: "number", bool: "bool", list: "array", dict: "object"}
MODELS = {
    ("", "Event"): "CoreV1Event",
    ("events.k8s.io", "Event"): "EventsV1Event",
    ("policy/v1beta1", "PodDisruptionBudget"): "V1PodDisruptionBudget",
}


@cache
def _fields(model: str) -> dict[str, str]:
    known = getattr(models, model)
    types: dict[str, str] = known.openapi_types
    names: dict[str, str] = known.attribute_map
    return {names[name]: kind for name, kind in types.items()}


def model_of(kind: Kind) -> str:
    """Return the name of the model that describes a kind."""
    special = MODELS.get((kind.api_version, kind.kind)) or MODELS.get((kind.group, kind.kind))
    return special or kind.version[0].upper() + kind.version[1:] + kind.kind


def fitted(kind: Kind, thing: Json) -> tuple[Json, list[str]]:
    """Return an object without unknown and null fields, and where the unknown ones stood."""
    if kind.is_custom:
        return thing, []
    unknown: list[str] = []
    try:
        return _object(model_of(kind), thing, "", unknown), unknown
    except TypeError as error:
        words = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}'
        raise Refused(400, f"{words}: {error}") from error


def _object(model: str, thing: Any, path: str, unknown: list[str]) -> Json:
    if not isinstance(thing, dict):
        raise TypeError(_words(thing, path, model.removeprefix("V1")))
    fields = _fields(model)
    unknown += [f"{path}.{name}".lstrip(".") for name in thing if name not in fields]
    return {
        name: _value(fields[name], value, f"{path}.{name}".lstrip("."), unknown)
        for name, value in thing.items()
        if name in fields and value is not None
    }


def _value(kind: str, value: Any, path: str, unknown: list[str]) -> Any:
    if kind in SCALARS:
        is_wrong_bool = isinstance(value, bool) and kind != "bool"
        if is_wrong_bool or not isinstance(value, SCALARS[kind]):
            raise TypeError(_words(value, path, GO[kind]))
        return value
    if items := ITEMS.match(kind):
        return _several(kind, items[1], value, path, unknown)
    return value if kind == "object" else _object(kind, value, path, unknown)


def _several(kind: str, item: str, value: Any, path: str, unknown: list[str]) -> Any:
    if kind.lower().startswith("dict"):
        if not isinstance(value, dict):
            raise TypeError(_words(value, path, f"map[string]{GO.get(item, item)}"))
        return {key: _value(item, one, path, unknown) for key, one in value.items()}
    if not isinstance(value, list):
        raise TypeError(_words(value, path, f"[]{GO.get(item, item.removeprefix('V1'))}"))
    return [_value(item, one, f"{path}[{at}]", unknown) for at, one in enumerate(value)]


def _words(value: Any, path: str, wanted: str) -> str:
    found = SAID.get(type(value), "null")
    return f"json: cannot unmarshal {found} into Go struct field .{path} of type {wanted}"
