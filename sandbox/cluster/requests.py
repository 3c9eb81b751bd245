"""What is asked of the API: read from a request's address, options and body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

from sandbox.cluster import protobuf
from sandbox.cluster.access import User
from sandbox.cluster.kinds import Kind, Kinds
from sandbox.cluster.refusals import Refused, invalid, unsupported
from sandbox.wire import Json, parsed

VERBS = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
PATCHES = (JSON_PATCH, MERGE, STRATEGIC)
BODIES = ("application/json", "application/yaml")
LARGEST = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """A resource's address, taken apart."""

    group: str
    version: str
    plural: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @property
    def path(self) -> str:
        """Return the resource as rules name it."""
        return f"{self.plural}/{self.subresource}" if self.subresource else self.plural


def address(path: str) -> Address | None:
    """Return what a path below /api or /apis means, if it means a resource."""
    match path.strip("/").split("/"):
        case ["api", version, *rest] if rest:
            return _below("", version, rest)
        case ["apis", group, version, *rest] if rest:
            return _below(group, version, rest)
        case _:
            return None


def _below(group: str, version: str, rest: list[str]) -> Address | None:
    match rest:
        case ["namespaces", name, ("status" | "finalize") as sub]:
            return Address(group, version, "namespaces", name, name, sub)
        case ["namespaces", name]:
            return Address(group, version, "namespaces", name, name)
        case ["namespaces", namespace, plural]:
            return Address(group, version, plural, namespace)
        case ["namespaces", namespace, plural, name]:
            return Address(group, version, plural, namespace, name)
        case ["namespaces", namespace, plural, name, sub]:
            return Address(group, version, plural, namespace, name, sub)
        case [plural]:
            return Address(group, version, plural)
        case [plural, name]:
            return Address(group, version, plural, "", name)
        case [plural, name, sub]:
            return Address(group, version, plural, "", name, sub)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Call:
    """One request, understood as far as needed to judge it."""

    user: User
    verb: str
    address: Address
    options: Mapping[str, str]
    content_type: str
    body: bytes

    @property
    def is_dry(self) -> bool:
        """Tell whether nothing is to be changed, or refuse a wish not understood."""
        wish = self.options.get("dryRun", "")
        if wish not in ("", "All"):
            cause = unsupported("dryRun", wish, ["All"])
            kind = f"{self.verb.title()}Options"
            raise invalid("meta.k8s.io", kind, "", [cause])
        return wish == "All"

    def json(self) -> Json:
        """Return the object in the body, or refuse it."""
        if not self.body:
            return {}
        if self.content_type == protobuf.TYPE:
            return protobuf.read(self.body)
        if self.content_type and self.content_type not in (*BODIES, *PATCHES):
            known = ", ".join(BODIES)
            words = "the body of the request was in an unknown format"
            raise Refused(415, f"{words} - accepted media types include: {known}")
        thing = read(self.body, self.content_type)
        if not isinstance(thing, dict):
            raise Refused(400, "the object provided is unrecognized: it is not an object")
        return thing


def read(body: bytes, content_type: str) -> Any:
    """Return what a body says, or refuse it."""
    try:
        return yaml.safe_load(body) if content_type.endswith("yaml") else parsed(body)
    except (orjson.JSONDecodeError, ValueError, yaml.YAMLError) as error:
        words = "the object provided is unrecognized (must be of type Status): couldn't get "
        raise Refused(400, f"{words}version/kind; json parse error: {error}") from error


def verb(method: str, address: Address, options: Mapping[str, str]) -> str:
    """Return what rules call this."""
    if address.name:
        return VERBS.get(method, method.lower())
    if method == "GET":
        return "watch" if options.get("watch") in ("1", "true") else "list"
    return "deletecollection" if method == "DELETE" else VERBS.get(method, method.lower())


def kind_of(kinds: Kinds, at: Address) -> Kind:
    """Return the kind that is meant, or refuse what is not served, naming what is."""
    kind = kinds.at(at.group, at.version, at.plural)
    if kind is None:
        served = sorted(
            f"{one.plural}.{one.api_version}" for one in kinds.all if one.group == at.group
        )
        known = served or [group for group in kinds.groups]
        raise Refused(
            404,
            "the server could not find the requested resource "
            f"({at.plural} of {at.group or 'the core group'}, {at.version}); "
            f"it serves {', '.join(known)}",
        )
    return kind
