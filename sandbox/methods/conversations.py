"""Web API methods that make, find and describe channels."""

from sandbox.access import (
    MANAGE,
    MARK,
    READ,
    TOPIC,
    joined,
    manageable,
    require_allowed,
    require_scope,
    visible,
)
from sandbox.arguments import TIMESTAMP, Arguments
from sandbox.errors import SlackError, missing
from sandbox.happenings import channels
from sandbox.methods.method import CHANNELS_READ, CHANNELS_WRITE, Method, Tier
from sandbox.paging import page
from sandbox.records import Channel
from sandbox.wire import Json
from sandbox.workspace import Workspace

NEVER = "0000000000.000000"
MARKS = (*CHANNELS_WRITE, "im:write", "mpim:write")
TOPICS = (*CHANNELS_WRITE, "channels:write.topic", "groups:write.topic")


def create(workspace: Workspace, args: Arguments) -> Json:
    """Make a channel with the bot as its first member."""
    kind = "private_channel" if args.flag("is_private") else "public_channel"
    require_scope(workspace, *MANAGE[kind])
    require_allowed(workspace, "conversations.create")
    bot, is_private = workspace.seed.bot_user, kind == "private_channel"
    channel = channels.create(workspace, bot, args.text("name"), is_private=is_private)
    return {"channel": channel.shown(bot)}


def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the channels the app can see, a page at a time."""
    return _listed(workspace, args, None)


def list_joined(workspace: Workspace, args: Arguments) -> Json:
    """List the channels that the app, or somebody else, is in, as far as the app sees them."""
    member = workspace.person(args.text("user") or workspace.seed.bot_user).id
    return _listed(workspace, args, member)


def _listed(workspace: Workspace, args: Arguments, member: str | None) -> Json:
    kinds = args.names("types", "public_channel")
    if not kinds or not READ.keys() >= set(kinds):
        raise SlackError("invalid_types")
    for kind in kinds:
        require_scope(workspace, READ[kind])
    bot = workspace.seed.bot_user
    seen = [
        channel.shown(bot)
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (bot in channel.members or not channel.is_private)
        and (member is None or member in channel.members)
        and not (args.flag("exclude_archived") and channel.is_archived)
    ]
    shown, cursor = page(seen, args)
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def info(workspace: Workspace, args: Arguments) -> Json:
    """Describe one channel."""
    channel = _readable(workspace, args)
    bot = workspace.seed.bot_user
    described = channel.shown(bot)
    if not channel.is_im:
        described["is_general"] = channel.id == workspace.seed.general
    if bot in channel.members:
        described["last_read"] = channel.read.get(bot, NEVER)
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
    bot, value = workspace.seed.bot_user, args.text(name)
    channels.describe(workspace, channel, bot, name, value)
    return {"channel": channel.shown(bot), name: value}


def rename(workspace: Workspace, args: Arguments) -> Json:
    """Give a channel that the bot made another name."""
    channel = manageable(workspace, args.required("channel"), MANAGE)
    require_allowed(workspace, "conversations.rename")
    bot = workspace.seed.bot_user
    if channel.creator != bot or channel.id == workspace.seed.general:
        raise SlackError("not_authorized")
    channels.rename(workspace, channel, bot, args.text("name"))
    return {"channel": channel.shown(bot)}


def mark(workspace: Workspace, args: Arguments) -> Json:
    """Set how far the bot has read a channel."""
    channel = visible(workspace, args.required("channel"))
    require_scope(workspace, *MARK[channel.kind])
    joined(workspace, channel.id)
    ts = args.required("ts")
    if not TIMESTAMP.fullmatch(ts):
        raise SlackError("invalid_timestamp")
    channel.read[workspace.seed.bot_user] = ts
    return {}


def archive(workspace: Workspace, args: Arguments) -> Json:
    """Archive a channel."""
    channel = visible(workspace, args.required("channel"))
    require_allowed(workspace, "conversations.archive")
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.id == workspace.seed.general:
        raise SlackError("cant_archive_general")
    manageable(workspace, channel.id, MANAGE)
    channels.archive(workspace, channel, workspace.seed.bot_user)
    return {}


def unarchive(workspace: Workspace, args: Arguments) -> Json:
    """Refuse: the token of a bot opens no archived channel, though Slack offers the scope."""
    channel = visible(workspace, args.required("channel"))
    if channel.kind not in MANAGE:
        raise SlackError("method_not_supported_for_channel_type")
    require_scope(workspace, *MANAGE[channel.kind])
    raise SlackError("not_in_channel" if channel.is_archived else "not_archived")


METHODS = {
    "conversations.archive": Method(archive, CHANNELS_WRITE, Tier.TWO),
    "conversations.create": Method(create, CHANNELS_WRITE, Tier.TWO),
    "conversations.info": Method(info, CHANNELS_READ),
    "conversations.list": Method(list_all, CHANNELS_READ, Tier.TWO),
    "conversations.mark": Method(mark, MARKS),
    "conversations.members": Method(members, CHANNELS_READ, Tier.FOUR),
    "conversations.rename": Method(rename, CHANNELS_WRITE, Tier.TWO),
    "conversations.setPurpose": Method(set_purpose, TOPICS, Tier.TWO),
    "conversations.setTopic": Method(set_topic, TOPICS, Tier.TWO),
    "conversations.unarchive": Method(unarchive, CHANNELS_WRITE, Tier.TWO),
    "users.conversations": Method(list_joined, CHANNELS_READ),
}
