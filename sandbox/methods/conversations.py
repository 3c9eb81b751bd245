"""Web API methods that make, find and describe channels."""

import re

from sandbox.access import (
    MANAGE,
    READ,
    TOPIC,
    manageable,
    require_scope,
    visible,
)
from sandbox.arguments import Arguments
from sandbox.errors import SlackError, missing
from sandbox.methods.method import CHANNELS_READ, CHANNELS_WRITE, Method, Tier
from sandbox.paging import page
from sandbox.records import Channel, Note
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST_NAME = 80
LONGEST_NOTE = 250
TOPICS = (*CHANNELS_WRITE, "channels:write.topic", "groups:write.topic")


def create(workspace: Workspace, args: Arguments) -> Json:
    """Make a channel with the bot as its first member."""
    kind = "private_channel" if args.flag("is_private") else "public_channel"
    require_scope(workspace, *MANAGE[kind])
    name = _free_name(workspace, args.text("name"))
    bot = workspace.seed.bot_user
    channel = Channel(
        workspace.name_new("C"),
        name,
        bot,
        int(workspace.clock.now()),
        members=[],
        is_private=kind == "private_channel",
    )
    workspace.channels[channel.id] = channel
    if not channel.is_private:
        made = {"id": channel.id, "name": name, "created": channel.created, "creator": bot}
        workspace.emit("channel_created", {"type": "channel_created", "channel": made})
    workspace.join(channel, bot)
    return {"channel": channel.shown(bot)}


def _free_name(workspace: Workspace, name: str) -> str:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise SlackError("invalid_name_punctuation")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in workspace.channels.values() if not channel.is_im):
        raise SlackError("name_taken")
    return name


def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the channels the app can see, a page at a time."""
    return _listed(workspace, args, joined_only=False)


def list_joined(workspace: Workspace, args: Arguments) -> Json:
    """List the channels the app is in, a page at a time."""
    return _listed(workspace, args, joined_only=True)


def _listed(workspace: Workspace, args: Arguments, *, joined_only: bool) -> Json:
    kinds = (args.text("types") or "public_channel").replace(" ", "").split(",")
    for kind in kinds:
        if kind not in {*READ, "mpim"}:
            raise SlackError("invalid_types")
        require_scope(workspace, READ.get(kind, "mpim:read"))
    bot = workspace.seed.bot_user
    seen = [
        channel.shown(bot)
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (bot in channel.members or not (channel.is_private or joined_only))
        and not (args.flag("exclude_archived") and channel.is_archived)
    ]
    shown, cursor = page(seen, args)
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def info(workspace: Workspace, args: Arguments) -> Json:
    """Describe one channel."""
    channel = _readable(workspace, args)
    described = channel.shown(workspace.seed.bot_user)
    if args.flag("include_num_members"):
        described["num_members"] = len(channel.members)
    return {"channel": described}


def members(workspace: Workspace, args: Arguments) -> Json:
    """List the ids of a channel's members."""
    shown, cursor = page(_readable(workspace, args).members, args)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


def _readable(workspace: Workspace, args: Arguments) -> Channel:
    channel = visible(workspace, args.required("channel"))
    require_scope(workspace, READ[channel.kind])
    return channel


def set_topic(workspace: Workspace, args: Arguments) -> Json:
    """Change the topic and say so in the channel."""
    return _set_note(workspace, args, "topic")


def set_purpose(workspace: Workspace, args: Arguments) -> Json:
    """Change the purpose and say so in the channel."""
    return _set_note(workspace, args, "purpose")


def _set_note(workspace: Workspace, args: Arguments, name: str) -> Json:
    channel = manageable(workspace, args.required("channel"), TOPIC)
    if not args.has(name):
        raise missing(name)
    value = args.text(name)
    if len(value) > LONGEST_NOTE:
        raise SlackError("too_long")
    bot = workspace.seed.bot_user
    setattr(channel, name, Note(value, bot, int(workspace.clock.now())))
    said = f"<@{bot}> set the channel {name}: {value}"
    if not value:
        said = f"<@{bot}> cleared the channel {name}"
    workspace.announce(channel, bot, f"channel_{name}", said)
    return {"channel": channel.shown(bot), name: value}


def archive(workspace: Workspace, args: Arguments) -> Json:
    """Archive a channel."""
    channel = visible(workspace, args.required("channel"))
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.id == workspace.seed.general:
        raise SlackError("cant_archive_general")
    workspace.archive(manageable(workspace, channel.id, MANAGE), workspace.seed.bot_user)
    return {}


METHODS = {
    "conversations.archive": Method(archive, CHANNELS_WRITE, Tier.TWO),
    "conversations.create": Method(create, CHANNELS_WRITE, Tier.TWO),
    "conversations.info": Method(info, CHANNELS_READ),
    "conversations.list": Method(list_all, CHANNELS_READ, Tier.TWO),
    "conversations.members": Method(members, CHANNELS_READ, Tier.FOUR),
    "conversations.setPurpose": Method(set_purpose, TOPICS, Tier.TWO),
    "conversations.setTopic": Method(set_topic, TOPICS, Tier.TWO),
    "users.conversations": Method(list_joined, CHANNELS_READ),
}
