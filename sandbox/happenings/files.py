"""Files: who sees them, and how they are shared and taken away."""

from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.happenings import messages
from sandbox.happenings.file_kinds import IMAGES, FileKind, kind_of_name
from sandbox.records import Channel, File, Message
from sandbox.viewing import sees
from sandbox.wire import Json
from sandbox.workspace import Workspace

LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 255
LARGEST_SNIPPET = 1024 * 1024
PLACES = {"public_channel": "channels", "private_channel": "groups"}


def new_file(
    workspace: Workspace, user: str, name: str, size: int, kind: FileKind | None = None
) -> File:
    """Keep a new file of this person's, of which there are no bytes yet."""
    filetype, mimetype = kind or kind_of_name(name)
    file = File(
        workspace.name_new("F"),
        name,
        name,
        user,
        int(workspace.clock.now()),
        size,
        mimetype=mimetype,
        filetype=filetype,
        is_snippet=kind is not None,
    )
    workspace.files[file.id] = file
    return file


def share(workspace: Workspace, channel: Channel, message: Message, files: Sequence[File]) -> None:
    """Post the message with the files on it, and tell of each that it was shared."""
    for file in files:
        file.shares.setdefault(channel.id, []).append(message.ts)
    message.subtype = "file_share"
    message.files = [described(workspace, file, channel) for file in files]
    message.details |= {"upload": True, "display_as_bot": False}
    if message.bot_id is None:
        messages.write(workspace, channel, message)
    else:
        workspace.add(channel, message)
    if workspace.seed.bot_user not in channel.members:
        return
    for file in files:
        event = _event(workspace, "file_shared", file)
        workspace.emit("file_shared", {**event, "channel_id": channel.id})


def described(workspace: Workspace, file: File, *soon_in: Channel) -> Json:
    """Return the file as messages carry it, with where it is shared or is just about to be."""
    places: Json = {"channels": [], "groups": [], "ims": []}
    found = [*(channel for channel, _ in shared_in(workspace, file)), *soon_in]
    for channel in {channel.id: channel for channel in found}.values():
        places[PLACES.get(channel.kind, "ims")].append(channel.id)
    return {**file.shown(workspace.url), **places, "is_public": bool(places["channels"])}


def visible_to(workspace: Workspace, file: File, user: str) -> bool:
    """Tell whether somebody may have the file's bytes: its owner, or who sees where it is."""
    if file.is_deleted or not file.is_complete:
        return False
    if file.user == user:
        return True
    channels = (channel for channel, _message in shared_in(workspace, file))
    return any(app_or_person_sees(workspace, channel, user) for channel in channels) or _drawn_for(
        workspace, file, user
    )


def shared_in(workspace: Workspace, file: File) -> Iterator[tuple[Channel, Message]]:
    """Yield each message that still carries the file, and its channel."""
    for channel_id, stamps in file.shares.items():
        channel = workspace.channels[channel_id]
        for ts in stamps:
            message = channel.find(ts)
            if message is not None:
                yield channel, message


def complete(workspace: Workspace, file: File) -> None:
    """Make a file of what was uploaded, its owner's alone so far."""
    file.is_complete = True
    if file.user == workspace.seed.bot_user:
        workspace.emit("file_created", _event(workspace, "file_created", file))


def delete(workspace: Workspace, file: File) -> None:
    """Take a file away, and leave a tombstone in every message that carried it."""
    was_seen = visible_to(workspace, file, workspace.seed.bot_user)
    event = _event(workspace, "file_deleted", file)
    file.is_deleted, file.content = True, b""
    for channel, message in list(shared_in(workspace, file)):
        before = message.shown()
        message.files = [
            {"id": file.id, "mode": "tombstone"} if shown["id"] == file.id else shown
            for shown in message.files
        ]
        workspace.change(channel, message, before)
    if was_seen:
        workspace.emit("file_deleted", event)


def exists(workspace: Workspace, slack_file: Any) -> bool:
    """Tell whether an image block's `slack_file` names a picture that the app can see."""
    if not isinstance(slack_file, dict) or set(slack_file) not in ({"id"}, {"url"}):
        return False
    bot = workspace.seed.bot_user
    return any(
        file.id == slack_file.get("id") or _link(workspace, file) == slack_file.get("url")
        for file in workspace.files.values()
        if file.mimetype in IMAGES and visible_to(workspace, file, bot)
    )


def _drawn_for(workspace: Workspace, file: File, user: str) -> bool:
    """Tell whether a picture is in the blocks of something in front of this person."""
    if file.mimetype not in IMAGES:
        return False
    places = [*workspace.stacks.get(user, []), workspace.homes.get(user)]
    views = [view.definition.get("blocks") for view in places if view is not None]
    messages = [
        message.blocks
        for channel in workspace.channels.values()
        if app_or_person_sees(workspace, channel, user)
        for message in channel.messages
        if message.blocks and message.only_for in {None, user}
    ]
    wanted = ({"id": file.id}, {"url": _link(workspace, file)})
    return any(_holds(blocks, wanted) for blocks in (*views, *messages))


def _holds(value: Any, wanted: tuple[Json, ...]) -> bool:
    if isinstance(value, list):
        return any(_holds(item, wanted) for item in value)
    if not isinstance(value, dict):
        return False
    return value.get("slack_file") in wanted or any(
        _holds(item, wanted) for item in value.values()
    )


def _event(workspace: Workspace, kind: str, file: File) -> Json:
    return {
        "type": kind,
        "file_id": file.id,
        "user_id": file.user,
        "file": {"id": file.id},
        "event_ts": workspace.stamp(),
    }


def _link(workspace: Workspace, file: File) -> str:
    return str(file.shown(workspace.url)["url_private"])


def app_or_person_sees(workspace: Workspace, channel: Channel, user: str) -> bool:
    """Tell whether somebody sees what is shared in a channel; the app must be in it."""
    if user == workspace.seed.bot_user:
        return user in channel.members
    return sees(workspace, user, channel)
