"""The limits of attachments, Slack's older way of adding to a message."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blocks.checking import message_problems
from sandbox.blocks.kinds import MESSAGE_BLOCKS
from sandbox.blocks.objects import address
from sandbox.blocks.rules import (
    Rule,
    anything,
    boolean,
    both,
    either,
    items,
    number,
    problem,
    shape,
    string,
    written,
)
from sandbox.blocks.standing import named
from sandbox.errors import SlackError
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST_ATTACHMENTS = 100
LONGEST_FIELD = 12_000
NO_FALLBACK = "[no preview available]"
TEXT = string(LONGEST_FIELD, least=0)
FIELD = shape({}, {"title": TEXT, "value": TEXT, "short": boolean})
SAYING = ("text", "pretext", "title", "fields", "image_url", "thumb_url", "fallback", "blocks")


def _moment(value: Any, at: str) -> Iterator[str]:
    yield from (
        written(r"\d+(\.\d+)?", "of a timestamp")(value, at)
        if isinstance(value, str)
        else number(value, at)
    )


FIELDS: Mapping[str, Rule] = {
    **dict.fromkeys(
        ("fallback", "pretext", "author_name", "author_subname", "title", "text", "footer"), TEXT
    ),
    **dict.fromkeys(
        ("author_link", "author_icon", "title_link", "image_url", "thumb_url", "footer_icon"),
        address,
    ),
    "callback_id": string(255),
    "color": written("#?[0-9A-Fa-f]{6}|good|warning|danger", "of a color"),
    "fields": items(FIELD, MOST_ATTACHMENTS, least=0),
    "mrkdwn_in": items(string(255), len(SAYING), least=0),
    "ts": _moment,
    "blocks": anything,  # checked as a message's
}
ATTACHMENTS = items(both(shape({}, FIELDS), either(*SAYING)), MOST_ATTACHMENTS, least=0)


def message_attachments(given: Any, workspace: Workspace) -> list[Json]:
    """Return a message's attachments as Slack keeps them, or refuse them."""
    if isinstance(given, list) and len(given) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    problems = list(ATTACHMENTS(given, "/attachments"))
    if not problems:
        for index, attachment in enumerate(given):
            if "blocks" in attachment:
                at = f"/attachments/{index}/blocks"
                problems += message_problems(attachment["blocks"], at, workspace)
    if problems:
        raise SlackError("invalid_attachments", problems, errors=problems)
    return [_kept(attachment, number) for number, attachment in enumerate(given, start=1)]


def blocks_within(attachments: list[Json]) -> list[Json]:
    """Return the blocks of all attachments."""
    return [block for attachment in attachments for block in attachment.get("blocks", ())]


def refuse_many_blocks(blocks: list[Json], within: list[Json]) -> None:
    """Refuse a message of too many blocks, or of two with one id, in attachments or not."""
    if len(blocks) + len(within) > MESSAGE_BLOCKS:
        words = problem(f"no more than {MESSAGE_BLOCKS} items allowed", "/attachments")
        raise SlackError("invalid_attachments", [words], errors=[words])
    names = [block["block_id"] for block in (*blocks, *within)]
    for name in names:
        if names.count(name) > 1:
            told = f'`block_id` "{name}" already exists for another block'
            words = problem(told, "/attachments")
            raise SlackError("invalid_attachments", [words], errors=[words])


def _kept(attachment: Json, number: int) -> Json:
    kept = {"fallback": NO_FALLBACK, **attachment, "id": number}
    if "blocks" in attachment:
        kept["blocks"] = [named(block) for block in attachment["blocks"]]
    return kept
