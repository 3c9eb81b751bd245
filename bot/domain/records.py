"""Facts as a file format: shapes only grow, and every shape ever written is read for ever."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, get_args

from .facts import Cause, DataLoss, Fact, Milestone, Role, Stamp, Urgency
from .severity import Severity
from .status import Status

Record = dict[str, Any]
Upcaster = Callable[[Record], Record]

FACTS: Mapping[str, type[Fact]] = {kind.__name__: kind for kind in get_args(Fact)}

# A shape that grows: its number here, and an upcaster from the number before it.
GROWN = {
    "AlertFired": 2,
    "AlertsMoved": 2,
    "Declared": 3,
    "SeverityChanged": 2,
    "StatusChanged": 2,
    "Reopened": 2,
    "Shelved": 3,
    "PostmortemFiled": 2,
    "ChannelOpened": 2,
    "CardPosted": 2,
}
VERSIONS: Mapping[str, int] = dict.fromkeys(FACTS, 1) | GROWN


def _grown(**fields: object) -> Upcaster:
    """Return what adds these fields, with what they were before there were such."""
    return lambda record: fields | record


UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    ("Declared", 1): _grown(
        services=(),
        invited=(),
        origin_channel=None,
        origin_ts=None,
        update_by=None,
        page_by=None,
    ),
    ("AlertFired", 1): _grown(untold=0),
    ("Declared", 2): _grown(practice=None),
    ("AlertsMoved", 1): _grown(quiet_by=None),
    ("SeverityChanged", 1): _grown(update_by=None),
    ("StatusChanged", 1): _grown(reason=""),
    ("Reopened", 1): _grown(update_by=None),
    ("ChannelOpened", 1): _grown(private=None),
    ("CardPosted", 1): _grown(channel=None),
    ("Shelved", 1): _grown(
        services=(), acknowledged_at=None, mitigated_at=None, resolved_at=None, into=None
    ),
    ("Shelved", 2): _grown(practice=None),
    ("PostmortemFiled", 1): _grown(tells=0),
}


class TooNew(Exception):
    """A newer bot wrote this; the message names the version needed."""


# A field's name means one thing in every fact.
READERS: Mapping[str, Callable[[Any], object]] = {
    "occurred_at": datetime.fromisoformat,
    "recorded_at": datetime.fromisoformat,
    "acknowledge_by": datetime.fromisoformat,
    "declared_at": datetime.fromisoformat,
    "acknowledged_at": datetime.fromisoformat,
    "mitigated_at": datetime.fromisoformat,
    "resolved_at": datetime.fromisoformat,
    "update_by": datetime.fromisoformat,
    "page_by": datetime.fromisoformat,
    "at": datetime.fromisoformat,
    "until": datetime.fromisoformat,
    "quiet_by": datetime.fromisoformat,
    "begin": datetime.fromisoformat,
    "end": datetime.fromisoformat,
    "due": date.fromisoformat,
    "severity": Severity,
    "status": Status,
    "cause": Cause,
    "role": Role,
    "milestone": Milestone,
    "data_loss": DataLoss,
    "urgency": Urgency,
    "services": tuple,
    "invited": tuple,
    "audience": tuple,
    "people": tuple,
    "ways": tuple,
}


def to_record(fact: Fact) -> Record:
    """Write a fact as plain JSON values."""
    fields = asdict(fact)
    fields = fields.pop("stamp") | fields
    name = type(fact).__name__
    return {"type": name, "v": VERSIONS[name]} | {k: _plain(v) for k, v in fields.items()}


def from_record(record: Record) -> Fact:
    """Read a fact of this or any earlier version; TooNew if it is newer."""
    fields = {k: _read(k, v) for k, v in upcast(record, VERSIONS, UPCASTERS).items()}
    name, _ = fields.pop("type"), fields.pop("v")
    stamp = Stamp(*(fields.pop(k) for k in ("occurred_at", "recorded_at", "by")))
    return FACTS[name](stamp, **fields)


def upcast(
    record: Record, versions: Mapping[str, int], upcasters: Mapping[tuple[str, int], Upcaster]
) -> Record:
    """Bring a record to the version its type has now."""
    name, version = record["type"], record["v"]
    known = versions.get(name, 0)
    if version > known:
        msg = f"This data needs a bot that reads {name} v{version}; this one reads v{known}."
        raise TooNew(msg)
    for older in range(version, known):
        record = upcasters[name, older](record) | {"v": older + 1}
    return record


def _plain(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


def _read(name: str, value: Any) -> Any:
    return READERS[name](value) if name in READERS and value is not None else value
