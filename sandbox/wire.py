"""The shape of what travels between Slack and an app, and JSON as both write it."""

from typing import Any, TypeAlias

import orjson

Json: TypeAlias = dict[str, Any]


def written(value: Any) -> bytes:
    """Return the value as JSON."""
    return orjson.dumps(value)


def parsed(text: bytes | str) -> Any:
    """Return what the JSON says, or raise ValueError where it is none."""
    return orjson.loads(text)
