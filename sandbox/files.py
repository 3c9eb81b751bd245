"""Files: who sees them, and how they are shared and taken away."""

from collections.abc import Sequence
from typing import Any

from sandbox.file_kinds import IMAGES, FileKind, kind_of_name
from sandbox.records import Channel, File, Message
from sandbox.seed import OWN_TEAM
from sandbox.wire import Json
from sandbox.workspace import Workspace

LARGEST = 20 * 1024 * 1024
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
    message.files = [described(workspace, file) for file in files]
    message.details |= {"upload": True, "display_as_bot": False}
    workspace.add(channel, message)
    if workspace.seed.bot_user not in channel.members:
        return
    for file in files:
        event = {
            "type": "file_shared",
            "channel_id": channel.id,
            "file_id": file.id,
            "user_id": message.user,
            "file": {"id": file.id},
            "event_ts": workspace.stamp(),
        }
        workspace.emit("file_shared", event)


def described(workspace: Workspace, file: File) -> Json:
    """Return the file as messages carry it, with where it is shared."""
    places: Json = {"channels": [], "groups": [], "ims": []}
    for channel_id in file.shares:
        kind = workspace.channels[channel_id].kind
        places[PLACES.get(kind, "ims")].append(channel_id)
    return {**file.shown(workspace.url), **places, "is_public": bool(places["channels"])}


def visible_to(workspace: Workspace, file: File, user: str) -> bool:
    """Tell whether somebody may have the file's bytes: its owner, or who sees where it is."""
    if file.is_deleted or not file.is_complete:
        return False
    if file.user == user:
        return True
    channels = [workspace.channels[channel] for channel in file.shares]
    return any(_sees(workspace, channel, user) for channel in channels)


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


def _link(workspace: Workspace, file: File) -> str:
    return str(file.shown(workspace.url)["url_private"])


def _sees(workspace: Workspace, channel: Channel, user: str) -> bool:
    if user in channel.members:
        return True
    person = workspace.people[user]
    is_colleague = not (person.is_bot or person.is_guest) and person.team == OWN_TEAM
    return is_colleague and channel.kind == "public_channel"
