"""What a message is to say: text, blocks, attachments or Markdown, checked as a whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.blocks.attachments import blocks_within, message_attachments, refuse_many_blocks
from sandbox.blocks.checking import message_blocks, refuse_crowd
from sandbox.errors import SlackError
from sandbox.records import Message
from sandbox.wire import Json, is_deeper
from sandbox.workspace import Workspace

LONGEST_TEXT = 40_000  # beyond which Slack cuts
LONGEST_MARKDOWN = 12_000
LONGEST_METADATA = 4_000
DEEPEST_METADATA = 100


@dataclass(frozen=True, slots=True)
class Content:
    """What was given for a message; None where nothing was."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None

    @property
    def says_something(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.text or self.blocks or self.attachments)

    def put_into(self, message: Message) -> None:
        """Change what a message says, as Slack does: text that comes without blocks drops them."""
        if self.blocks is not None or self.text is not None:
            message.blocks = self.blocks or None
        if self.text is not None:
            message.text = self.text
        if self.attachments is not None:
            message.attachments = self.attachments or None


def content(
    workspace: Workspace, given: Mapping[str, Any], *, whole_text_limited: bool = True
) -> Content:
    """Return what a message is to say, or refuse it; JSON in the fields is read already."""
    if given.get("markdown_text"):
        made = _of_markdown(workspace, given)
    else:
        made = _of_parts(workspace, given, whole_text_limited=whole_text_limited)
    if not made.says_something:
        raise SlackError("no_text")
    return made


def metadata_of(given: Any) -> Json | None:
    """Return a message's metadata, empty to remove it, None if there is none, or refuse it."""
    if given is None or given == {}:
        return {} if given == {} else None
    fits = isinstance(given, dict) and set(given) == {"event_type", "event_payload"}
    if not fits or not isinstance(given["event_payload"], dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(given["event_type"], str) or not given["event_type"]:
        raise SlackError("invalid_metadata_format")
    if is_deeper(given, DEEPEST_METADATA) or len(json.dumps(given)) > LONGEST_METADATA:
        raise SlackError("metadata_too_large")
    return {name: given[name] for name in ("event_type", "event_payload")}


def _of_markdown(workspace: Workspace, given: Mapping[str, Any]) -> Content:
    markdown = given["markdown_text"]
    if given.get("text") or given.get("blocks"):
        raise SlackError("markdown_text_conflict")
    if not isinstance(markdown, str):
        raise SlackError("invalid_arguments", ["must be a string [json-pointer:/markdown_text]"])
    if len(markdown) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    blocks = message_blocks([{"type": "markdown", "text": markdown}], workspace=workspace)
    return Content(markdown, blocks, _attachments(workspace, given))


def _of_parts(
    workspace: Workspace, given: Mapping[str, Any], *, whole_text_limited: bool
) -> Content:
    text, blocks = given.get("text"), given.get("blocks")
    if text is not None and not isinstance(text, str):
        raise SlackError("invalid_arguments", ["must be a string [json-pointer:/text]"])
    if blocks is not None:
        blocks = message_blocks(blocks, whole_text_limited=whole_text_limited, workspace=workspace)
    attachments = _attachments(workspace, given)
    within = blocks_within(attachments or [])
    if within:
        refuse_many_blocks(blocks or [], within)
        refuse_crowd([*(blocks or []), *within], whole_text_limited=whole_text_limited)
    return Content(text, blocks, attachments)


def _attachments(workspace: Workspace, given: Mapping[str, Any]) -> list[Json] | None:
    attachments = given.get("attachments")
    return None if attachments is None else message_attachments(attachments, workspace)
