"""The shape of what travels between Slack and an app, and JSON as both write it."""

from typing import Any, TypeAlias

import orjson

Json: TypeAlias = dict[str, Any]
DEEPEST = 200  # levels; what is told of a value later nests it a little deeper, up to 254


def written(value: Any) -> bytes:
    """Return the value as JSON."""
    return orjson.dumps(value)


def parsed(text: bytes | str) -> Any:
    """Return what the JSON says, or raise ValueError where it is none or nests too deep."""
    value = orjson.loads(text)
    if len(text) > DEEPEST and is_deeper(value, DEEPEST):
        raise ValueError("nested too deep")
    return value


def is_deeper(value: Any, levels: int) -> bool:
    """Tell whether lists and objects in the value nest in more levels than these."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_deeper(item, levels - 1) for item in inner)
