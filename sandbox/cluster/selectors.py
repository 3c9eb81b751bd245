"""Which objects a label or field selector means."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.wire import Json

Labels = Mapping[str, str]
Matches = Callable[[Json], bool]
KEY = re.compile(r"(?:[a-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$")
REQUIREMENT = re.compile(
    r"\s*(?:!\s*(?P<missing>[^\s=!,()]+)"
    r"|(?P<key>[^\s=!,()]+)\s*(?:"
    r"(?P<is>==?|!=)\s*(?P<value>[^\s=!,()]*)"
    r"|\s(?P<among>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|$)"
)
FIELDS = {
    "pods": {"spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "status.phase"},
    "events": {
        *(f"involvedObject.{part}" for part in ("kind", "name", "namespace", "uid", "apiVersion")),
        *("involvedObject.resourceVersion", "involvedObject.fieldPath"),
        *("reason", "reportingComponent", "source", "type"),
    },
    "nodes": {"spec.unschedulable"},
    "namespaces": {"status.phase"},
    "secrets": {"type"},
    "replicasets.apps": {"status.replicas"},
}
EVERYWHERE = {"metadata.name", "metadata.namespace"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One demand on a label."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Labels) -> bool:
        """Tell whether the labels meet it."""
        match self.operator:
            case "exists":
                return self.key in labels
            case "missing":
                return self.key not in labels
            case "in":
                return labels.get(self.key) in self.values
            case _:
                return labels.get(self.key) not in self.values


def label_requirements(text: str) -> list[Requirement]:
    """Return what a label selector demands, or raise ValueError."""
    found, at = [], 0
    while at < len(text):
        match = REQUIREMENT.match(text, at)
        if match is None:
            words = f"unable to parse requirement: found '{text[at:]}', expected a label"
            raise ValueError(words)
        found.append(_requirement(match))
        at = match.end()
    return found


def _requirement(match: re.Match[str]) -> Requirement:
    key = match["missing"] or match["key"]
    if not KEY.match(key):
        words = f'unable to parse requirement: invalid label key "{key}"'
        raise ValueError(words)
    if match["missing"]:
        return Requirement(key, "missing")
    if match["is"]:
        return Requirement(key, "notin" if match["is"] == "!=" else "in", (match["value"],))
    if match["among"]:
        values = tuple(value.strip() for value in match["values"].split(","))
        return Requirement(key, match["among"], values)
    return Requirement(key, "exists")


OPERATORS = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "missing"}


def meant(selector: Json | None, labels: Labels) -> bool:
    """Tell whether an object's own selector (matchLabels, matchExpressions) means these labels."""
    given = selector or {}
    wanted = [Requirement(key, "in", (value,)) for key, value in _pairs(given)]
    wanted += [
        Requirement(one["key"], OPERATORS[one["operator"]], tuple(one.get("values") or ()))
        for one in given.get("matchExpressions") or ()
    ]
    return all(one.holds(labels) for one in wanted)


def _pairs(selector: Json) -> list[tuple[str, str]]:
    return list((selector.get("matchLabels") or {}).items())


def by_labels(text: str) -> Matches:
    """Return who is meant by a label selector, or raise ValueError."""
    wanted = label_requirements(text)
    return lambda thing: all(one.holds(labels_of(thing)) for one in wanted)


def by_fields(text: str, resource: str) -> Matches:
    """Return who is meant by a field selector, or raise ValueError."""
    wanted = []
    for term in filter(None, (part.strip() for part in text.split(","))):
        path, sign, value = _split(term)
        if path not in EVERYWHERE | FIELDS.get(resource, set()):
            words = f"field label not supported: {path}"
            raise ValueError(words)
        wanted.append((path, sign, value))
    return lambda thing: all(
        (field(thing, path) == value) == (sign == "=") for path, sign, value in wanted
    )


def _split(term: str) -> tuple[str, str, str]:
    for written, sign in (("!=", "!="), ("==", "="), ("=", "=")):
        path, found, value = term.partition(written)
        if found:
            return path, sign, value
    words = f"invalid selector: '{term}'; can't understand '{term}'"
    raise ValueError(words)


def field(thing: Json, path: str) -> str:
    """Return what stands at a dotted path, as a field selector compares it."""
    value: Any = thing
    if path == "source":
        path = "source.component"
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return str(value).lower()
    return "false" if value is None and path == "spec.unschedulable" else str(value or "")


def labels_of(thing: Json) -> Labels:
    """Return an object's labels."""
    labels: Labels = thing["metadata"].get("labels") or {}
    return labels
