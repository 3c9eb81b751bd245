"""Check whole messages and views, and complete what Slack completes in them."""

import copy
import json
import secrets
from collections.abc import Iterator
from typing import Any

from sandbox.blocks.kinds import MESSAGE, SURFACES
from sandbox.blocks.rules import by_type, problem
from sandbox.errors import SlackError, missing
from sandbox.wire import Json

MESSAGE_TEXT = 12_000
VIEW_BYTES = 250_000


def elements_of(block: Json) -> list[Json]:
    """Return the elements of a block that a person can act on."""
    found = [block.get("accessory"), block.get("element")]
    if block.get("type") == "actions":
        found += block["elements"]
    return [element for element in found if element and element["type"] != "image"]


def message_blocks(given: Any, *, whole_text_limited: bool = True) -> list[Json]:
    """Return a message's blocks as Slack keeps them, or refuse them."""
    problems = list(MESSAGE(given, "/blocks")) or list(_repeated_ids(given, "/blocks"))
    if problems:
        raise SlackError("invalid_blocks", problems, errors=problems)
    if whole_text_limited and _text_length(given) > MESSAGE_TEXT:
        raise SlackError("msg_blocks_too_long")
    return _with_ids(given)


def view_definition(given: Any, kind: str) -> Json:
    """Return a view of that kind as Slack keeps it, or refuse it."""
    if given is None:
        raise missing("view")
    problems = list(by_type({kind: SURFACES[kind]})(given, "/view")) or [
        *_repeated_ids(given["blocks"], "/view/blocks"),
        *_unsubmittable(given),
    ]
    if problems:
        raise SlackError("invalid_arguments", problems)
    if len(json.dumps(given).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**given, "blocks": _with_ids(given["blocks"])}


def _unsubmittable(view: Json) -> Iterator[str]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        yield problem("must define `submit` to use an `input` block in modals", "/view")


def _repeated_ids(blocks: list[Json], at: str) -> Iterator[str]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name in seen:
            words = f'`block_id` "{name}" already exists for another block'
            yield problem(words, f"{at}/{index}/block_id")
        if name is not None:
            seen.add(name)
        yield from _repeated_actions(block, f"{at}/{index}")


def _repeated_actions(block: Json, at: str) -> Iterator[str]:
    names = [element.get("action_id") for element in elements_of(block)]
    for index, name in enumerate(names):
        if name is not None and name in names[:index]:
            words = f'`action_id` "{name}" already exists for another element'
            yield problem(words, f"{at}/elements/{index}/action_id")


def _text_length(value: Any) -> int:
    if isinstance(value, list):
        return sum(_text_length(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(_text_length(item) for item in value.values())


def _with_ids(blocks: list[Json]) -> list[Json]:
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return kept
