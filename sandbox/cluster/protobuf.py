"""The few small messages that kubectl sends as protocol buffers and never as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.cluster.refusals import Refused
from sandbox.wire import Json

TYPE = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\0"
VARINT, TEXT = 0, 2
Shape = Mapping[int, tuple[str, Any]]

META: Shape = {
    1: ("name", str),
    2: ("generateName", str),
    3: ("namespace", str),
    5: ("uid", str),
    6: ("resourceVersion", str),
}
ATTRIBUTES: Shape = {
    1: ("namespace", str),
    2: ("verb", str),
    3: ("group", str),
    4: ("version", str),
    5: ("resource", str),
    6: ("subresource", str),
    7: ("name", str),
}
OPTIONS: Shape = {
    1: ("gracePeriodSeconds", int),
    2: ("preconditions", {1: ("uid", str), 2: ("resourceVersion", str)}),
    3: ("orphanDependents", bool),
    4: ("propagationPolicy", str),
    5: ("dryRun", list),
}
MESSAGES: dict[str, Shape] = {
    "SelfSubjectAccessReview": {
        1: ("metadata", META),
        2: (
            "spec",
            {
                1: ("resourceAttributes", ATTRIBUTES),
                2: ("nonResourceAttributes", {1: ("path", str), 2: ("verb", str)}),
            },
        ),
    },
    "SelfSubjectRulesReview": {1: ("metadata", META), 2: ("spec", {1: ("namespace", str)})},
    "DeleteOptions": OPTIONS,
    "Eviction": {1: ("metadata", META), 2: ("deleteOptions", OPTIONS)},
    "Scale": {1: ("metadata", META), 2: ("spec", {1: ("replicas", int)})},
}
ENVELOPE: Shape = {1: ("type", {1: ("apiVersion", str), 2: ("kind", str)}), 2: ("raw", bytes)}


def read(body: bytes) -> Json:
    """Return the object in such a message, or refuse it."""
    try:
        envelope = _message(ENVELOPE, body.removeprefix(MAGIC))
        kind = envelope["type"]["kind"]
        if kind not in MESSAGES:
            known = ", ".join(MESSAGES)
            words = f"a {kind} is not taken as {TYPE} here, only {known}: send it as JSON"
            raise Refused(415, f"{words} (kubectl create -f, kubectl apply -f)")
        return {**envelope["type"], **_message(MESSAGES[kind], envelope.get("raw", b""))}
    except (ValueError, KeyError, IndexError) as error:
        raise Refused(400, f"the body is no message of {TYPE}: {error}") from error


def _message(shape: Shape, body: bytes) -> Json:
    found: Json = {}
    for number, value in _fields(body):
        if number not in shape:
            continue
        name, kind = shape[number]
        if isinstance(kind, Mapping):
            found[name] = _message(kind, _bytes(value))
        elif kind is list:
            found.setdefault(name, []).append(_bytes(value).decode())
        elif kind is str:
            found[name] = _bytes(value).decode()
        else:
            found[name] = kind(value)
    return found


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    raise ValueError("a number stands where a text should")


def _fields(body: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(body):
        key, at = _varint(body, at)
        value, at = _varint(body, at)
        if key & 7 == VARINT:
            yield key >> 3, value
        elif key & 7 == TEXT:
            if at + value > len(body):
                raise ValueError("it ends too early")
            yield key >> 3, body[at : at + value]
            at += value
        else:
            raise ValueError("it has a field of a strange kind")


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if not byte & 128:
            return value, at
