"""Web API methods that upload files and share them."""

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.access import open_channel, require_scope, visible, written_to
from sandbox.arguments import Arguments
from sandbox.blocks.checking import message_blocks
from sandbox.errors import SlackError, missing
from sandbox.happenings import files
from sandbox.happenings.file_kinds import SNIPPETS
from sandbox.happenings.messages import parent_of
from sandbox.methods.method import Method, Tier
from sandbox.records import Channel, File, Message, Ticket
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST_ALT_TEXT = 1000
MOST_CHANNELS = 100
SHARED_AFTER = 0.2  # seconds from the answer to the message
MASKS = ("username", "icon_emoji", "icon_url")
FIELDS = {"id", "title", "highlight_type"}


@dataclass(frozen=True, slots=True)
class Introduction:
    """What is said beside files, and in answer to what."""

    text: str
    blocks: list[Json] | None
    thread_ts: str | None


def get_upload_url(workspace: Workspace, args: Arguments) -> Json:
    """Announce a file and learn where its bytes are to be sent."""
    name, length = args.required("filename"), _length(args)
    alt_text, snippet = args.text("alt_txt"), args.text("snippet_type")
    if len(name) > files.LONGEST_NAME:
        words = f"must be less than {files.LONGEST_NAME + 1} characters [json-pointer:/filename]"
        raise SlackError("invalid_arguments", [words])
    if len(alt_text) > LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    if snippet and snippet not in SNIPPETS:
        raise SlackError("unknown_snippet_type")
    if snippet and length > files.LARGEST_SNIPPET:
        raise SlackError("snippet_too_large")
    if length > files.LARGEST:
        raise SlackError("file_upload_size_restricted")
    bot = workspace.seed.bot_user
    file = files.new_file(workspace, bot, name, length, SNIPPETS.get(snippet))
    file.alt_text = alt_text
    key = secrets.token_urlsafe(24)
    workspace.uploads[key] = Ticket(file.id)
    return {"upload_url": f"{workspace.url}/upload/v1/{key}", "file_id": file.id}


def complete_upload(workspace: Workspace, args: Arguments) -> Json:
    """Finish an upload and, a moment later, share it."""
    titled = _uploaded(workspace, args)
    if any(args.text(mask) for mask in MASKS):
        require_scope(workspace, "chat:write.customize")
    channels = _destinations(workspace, args)
    introduction = _introduction(workspace, channels, args)
    for file, title in titled:
        file.title = title or file.name
        files.complete(workspace, file)
    complete = [file for file, _title in titled]

    def share() -> None:
        for channel in channels:
            _share(workspace, channel, complete, introduction)

    if channels:
        workspace.later.after(SHARED_AFTER, share)
    return {"files": [files.described(workspace, file) for file in complete]}


def _share(
    workspace: Workspace, channel: Channel, complete: list[File], introduction: Introduction
) -> None:
    seed = workspace.seed
    if channel.is_archived or seed.bot_user not in channel.members:
        return
    message = Message(
        workspace.stamp(),
        seed.bot_user,
        introduction.text,
        bot_id=seed.bot,
        blocks=introduction.blocks,
        thread_ts=introduction.thread_ts,
        details={"app_id": seed.app, "team": seed.team},
    )
    still_there = [file for file in complete if not file.is_deleted]
    if still_there:
        files.share(workspace, channel, message, still_there)


def _length(args: Arguments) -> int:
    if not args.has("length"):
        raise missing("length")
    length = args.whole("length")
    if length is None:
        raise SlackError("invalid_arguments", ["must be an integer [json-pointer:/length]"])
    if length == 0:
        raise SlackError("missing_argument")
    return length


def _uploaded(workspace: Workspace, args: Arguments) -> list[tuple[File, str]]:
    given = args.structure("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise missing("files")
    named = [_named(item, place) for place, item in enumerate(given)]
    if len({file_id for file_id, _title in named}) < len(named):
        raise SlackError("invalid_arguments", ["must not repeat a file [json-pointer:/files]"])
    return [(_finished(workspace, file_id), title) for file_id, title in named]


def _named(item: Any, place: int) -> tuple[str, str]:
    fits = isinstance(item, dict) and isinstance(item.get("id"), str)
    if not fits or not all(isinstance(value, str) for value in item.values()):
        words = f"must be an object with an id [json-pointer:/files/{place}]"
        raise SlackError("invalid_arguments", [words])
    if set(item) - FIELDS:
        extra = sorted(set(item) - FIELDS)[0]
        words = f"invalid additional property: {extra} [json-pointer:/files/{place}]"
        raise SlackError("invalid_arguments", [words])
    return item["id"], item.get("title", "")


def _finished(workspace: Workspace, file_id: str) -> File:
    tickets = {ticket.file: ticket for ticket in workspace.uploads.values()}
    if file_id not in tickets or not tickets[file_id].is_used:
        raise SlackError("file_not_found")
    if workspace.files[file_id].is_complete:
        raise SlackError("file_update_failed")
    return workspace.files[file_id]


def _destinations(workspace: Workspace, args: Arguments) -> list[Channel]:
    one, several = args.text("channel_id"), args.names("channels")
    if one and several:
        words = "must define either `channel_id` or `channels`"
        raise SlackError("invalid_arguments", [words])
    if one:
        return [open_channel(workspace, one)]
    ids = list(dict.fromkeys(several))
    if len(ids) > MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    return [_destination(workspace, place) for place in ids]


def _destination(workspace: Workspace, place: str) -> Channel:
    try:
        if place in workspace.people:
            return written_to(workspace, place)
        visible(workspace, place)
    except SlackError as error:
        raise SlackError("invalid_channel") from error
    return open_channel(workspace, place)


def _introduction(workspace: Workspace, channels: list[Channel], args: Arguments) -> Introduction:
    text, thread = args.text("initial_comment"), args.text("thread_ts")
    if thread and len(channels) != 1:
        raise SlackError("invalid_arguments", ["`thread_ts` goes with exactly one channel"])
    given = None if text else args.structure("blocks", "invalid_blocks_format")
    blocks = None if given is None else message_blocks(given, workspace=workspace)
    if any(block["type"] == "markdown" for block in blocks or []):
        raise SlackError("internal_error")
    parent = parent_of(channels[0], thread).ts if thread else None
    return Introduction(text, blocks or None, parent)


METHODS = {
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), Tier.FOUR),
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), Tier.FOUR),
}
