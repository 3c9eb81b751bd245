"""Check whole messages and views, and complete what Slack completes in them."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.blocks.belonging import belonging
from sandbox.blocks.charts import MOST_CHARTS
from sandbox.blocks.kinds import ANYWHERE, LONGEST_MARKDOWN, MESSAGE, SURFACES
from sandbox.blocks.rules import by_type, problem
from sandbox.blocks.standing import every_block, named, placed_elements
from sandbox.blocks.tables import LONGEST_TABLES, text_length
from sandbox.errors import SlackError, missing
from sandbox.wire import Json
from sandbox.workspace import Workspace

MESSAGE_TEXT = 11_300  # the least of the sums at which messages were seen to be refused
MARKDOWN_TEXT = 12_000  # of a message that is nothing else
VIEW_BYTES = 250_000
COUNTED_APART = ("table", "data_table", "data_visualization")


def message_blocks(
    given: Any, *, whole_text_limited: bool = True, workspace: Workspace | None = None
) -> list[Json]:
    """Return a message's blocks as Slack keeps them, or refuse them."""
    problems = message_problems(given, "/blocks", workspace)
    if problems:
        raise SlackError("invalid_blocks", problems, errors=problems)
    refuse_crowd(given, whole_text_limited=whole_text_limited)
    return [named(block) for block in given]


def message_problems(given: Any, at: str, workspace: Workspace | None) -> list[str]:
    """Return what is wrong with a list of a message's blocks."""
    problems = list(MESSAGE(given, at)) or _together(given, at, workspace)
    return problems or [*_too_much(given, at), *_answered(given, at)]


def loose_problems(given: Any, at: str) -> list[str]:
    """Return what is wrong with a list of blocks, wherever they are to stand."""
    return list(ANYWHERE(given, at)) or _together(given, at, None)


def refuse_crowd(blocks: list[Json], *, whole_text_limited: bool = True) -> None:
    """Refuse blocks, each of which may be right, but which are too much for one message."""
    if sum(block["type"] == "table" for _, block in every_block(blocks)) > 1:
        raise SlackError("invalid_attachments", ["only_one_table_allowed"])
    if whole_text_limited:
        told = [block for block in blocks if block["type"] not in COUNTED_APART]
        is_markdown = all(block["type"] == "markdown" for block in told)
        if text_length(told) > (MARKDOWN_TEXT if is_markdown else MESSAGE_TEXT):
            raise SlackError("msg_blocks_too_long")


def view_definition(given: Any, kind: str, workspace: Workspace | None = None) -> Json:
    """Return a view of that kind as Slack keeps it, or refuse it."""
    if given is None:
        raise missing("view")
    problems = view_problems(given, kind, workspace)
    if problems:
        raise SlackError("invalid_arguments", problems)
    if len(json.dumps(given).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**given, "blocks": [named(block) for block in given["blocks"]]}


def view_problems(given: Any, kind: str, workspace: Workspace | None = None) -> list[str]:
    """Return what is wrong with a view of that kind."""
    at = "/view/blocks"
    problems = list(by_type({kind: SURFACES[kind]})(given, "/view"))
    if problems:
        return problems
    blocks = given["blocks"]
    return [
        *_together(blocks, at, workspace),
        *_unsubmittable(given),
        *_too_much(blocks, at),
        *_focused(blocks, at),
        *_answered(blocks, at, allowed=given["type"] == "modal"),
    ]


def _together(blocks: list[Json], at: str, workspace: Workspace | None) -> list[str]:
    foreign = [] if workspace is None else list(belonging(workspace, blocks, at))
    return foreign or list(_repeated_ids(blocks, at))


def _unsubmittable(view: Json) -> Iterator[str]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        yield problem("must define `submit` to use an `input` block in modals", "/view")


def _repeated_ids(blocks: list[Json], at: str) -> Iterator[str]:
    seen: set[str] = set()
    for place, block in every_block(blocks, at):
        name = block.get("block_id")
        if name in seen:
            words = f'`block_id` "{name}" already exists for another block'
            yield problem(words, f"{place}/block_id")
        if name is not None:
            seen.add(name)
        yield from _repeated_actions(block, place)


def _repeated_actions(block: Json, at: str) -> Iterator[str]:
    seen: set[str] = set()
    for place, element in placed_elements(block, at):
        name = element.get("action_id")
        if name in seen:
            words = f'`action_id` "{name}" already exists for another element'
            yield problem(words, f"{place}/action_id")
        if name is not None:
            seen.add(name)


def _too_much(blocks: list[Json], at: str) -> Iterator[str]:
    markdown = tables = charts = 0
    for place, block in every_block(blocks, at):
        if block["type"] == "markdown":
            markdown += len(block["text"])
            if markdown > LONGEST_MARKDOWN:
                yield problem(f"must be less than {LONGEST_MARKDOWN + 1} characters", place)
        elif block["type"] == "table":
            tables += text_length(block["rows"])
            if tables > LONGEST_TABLES:
                yield problem(f"must be less than {LONGEST_TABLES + 1} characters", place)
        elif block["type"] == "data_visualization":
            charts += 1
            if charts > MOST_CHARTS:
                yield problem(f"no more than {MOST_CHARTS} items allowed", place)


def _focused(blocks: list[Json], at: str) -> Iterator[str]:
    found = False
    for place, block in every_block(blocks, at):
        for spot, element in placed_elements(block, place):
            if element.get("focus_on_load") and found:
                yield problem("only one element may have `focus_on_load`", f"{spot}/focus_on_load")
            found = found or bool(element.get("focus_on_load"))


def _answered(blocks: list[Json], at: str, *, allowed: bool = False) -> Iterator[str]:
    for place, block in every_block(blocks, at):
        for spot, element in placed_elements(block, place):
            fits = allowed and block["type"] == "input"
            if element.get("response_url_enabled") and not fits:
                words = "`response_url_enabled` is only for `input` blocks in modals"
                yield problem(words, f"{spot}/response_url_enabled")
