"""Channels: made, named, described, closed, reopened and shared."""

import re

from sandbox.errors import SlackError
from sandbox.happenings.members import join
from sandbox.records import Channel, Message, Note
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST_NAME = 80
LONGEST_NOTE = 250
OTHER_TEAM = "T2"


def create(workspace: Workspace, user: str, name: str, *, is_private: bool) -> Channel:
    """Make a channel with its creator as the first member."""
    channel = Channel(
        workspace.name_new("C"),
        free_name(workspace, name),
        user,
        int(workspace.clock.now()),
        members=[],
        is_private=is_private,
    )
    workspace.channels[channel.id] = channel
    if not is_private:
        stamp = workspace.stamp()
        made = {**_named(channel), "creator": user}
        event = {"type": "channel_created", "channel": made, "event_ts": stamp}
        workspace.emit("channel_created", event)
    join(workspace, channel, user)
    return channel


def free_name(workspace: Workspace, name: str) -> str:
    """Return a name that a channel may have and none has yet, or refuse it."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"[^\W_]", name):
        raise SlackError("invalid_name_punctuation")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in workspace.channels.values() if not channel.is_im):
        raise SlackError("name_taken")
    return name


def rename(workspace: Workspace, channel: Channel, user: str, name: str) -> None:
    """Give a channel another name, as its members are shown."""
    old, channel.name = channel.name, free_name(workspace, name)
    said = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
    names = {"old_name": old, "name": name}
    workspace.add(channel, _said(workspace, user, said, "channel_name", names))
    event = {"type": f"{channel.family}_rename", "channel": _named(channel)}
    workspace.tell(channel, event)


def describe(workspace: Workspace, channel: Channel, user: str, what: str, value: str) -> None:
    """Set a channel's topic or purpose, and say so there."""
    if len(value) > LONGEST_NOTE:
        raise SlackError("too_long")
    note = Note(value, user, int(workspace.clock.now()))
    if what == "topic":
        channel.topic = note
    else:
        channel.purpose = note
    said = f"<@{user}> set the channel {what}: {value}"
    if not value:
        said = f"<@{user}> cleared the channel {what}"
    workspace.add(channel, _said(workspace, user, said, f"channel_{what}", {what: value}))


def archive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Close a channel to everything but reading."""
    said = f"<@{user}> archived the channel"
    workspace.add(channel, _said(workspace, user, said, "channel_archive", {}))
    channel.is_archived = True
    workspace.changes.bump()
    event = {"type": f"{channel.family}_archive", "channel": channel.id, "user": user}
    workspace.tell(channel, {**event, "is_moved": 0})


def unarchive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Open an archived channel again."""
    channel.is_archived = False
    said = f"<@{user}> un-archived the channel"
    workspace.add(channel, _said(workspace, user, said, "channel_unarchive", {}))
    event = {"type": f"{channel.family}_unarchive", "channel": channel.id, "user": user}
    workspace.tell(channel, event)


def share(workspace: Workspace, channel: Channel, *, is_ext_shared: bool) -> None:
    """Share a channel with another company, or no longer."""
    channel.is_ext_shared = is_ext_shared
    workspace.changes.bump()
    kind, field = ("channel_shared", "connected_team_id")
    if not is_ext_shared:
        kind, field = ("channel_unshared", "previously_connected_team_id")
    workspace.tell(channel, {"type": kind, "channel": channel.id, field: OTHER_TEAM})


def change_id(workspace: Workspace, channel: Channel) -> None:
    """Give a channel another id, as happens when it moves."""
    old, new = channel.id, workspace.name_new("C")
    channel.id = new
    workspace.channels = {
        (new if name == old else name): kept for name, kept in workspace.channels.items()
    }
    for made in channel.pins:
        made["channel"] = new
    for bookmark in channel.bookmarks:
        bookmark["channel_id"] = new
    for file in workspace.files.values():
        if old in file.shares:
            file.shares[new] = file.shares.pop(old)
    for canvas in workspace.canvases.values():
        canvas.channel = new if canvas.channel == old else canvas.channel
        canvas.access = {
            (new if holder == old else holder): level for holder, level in canvas.access.items()
        }
    for later in workspace.scheduled.values():
        later.channel = new if later.channel == old else later.channel
    workspace.changes.bump()
    ids = {"old_channel_id": old, "new_channel_id": new}
    workspace.tell(channel, {"type": "channel_id_changed", **ids})


def _named(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": channel.created,
        "is_channel": not channel.is_private,
    }


def _said(workspace: Workspace, user: str, text: str, subtype: str, details: Json) -> Message:
    return Message(workspace.stamp(), user, text, subtype=subtype, details=details)
