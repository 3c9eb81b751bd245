"""What the app may see and do: its scopes, its memberships, its own messages."""

from collections.abc import Mapping

from sandbox.arguments import TIMESTAMP, Arguments
from sandbox.errors import SlackError
from sandbox.happenings.accounts import is_stranger
from sandbox.happenings.messages import TOMBSTONE
from sandbox.records import Channel, Message
from sandbox.workspace import Workspace

READ = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
HISTORY = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
MANAGE = {"public_channel": ("channels:manage",), "private_channel": ("groups:write",)}
MARK = {**MANAGE, "im": ("im:write",), "mpim": ("mpim:write",)}
INVITE = {
    "public_channel": ("channels:manage", "channels:write.invites"),
    "private_channel": ("groups:write", "groups:write.invites"),
}
TOPIC = {
    "public_channel": ("channels:manage", "channels:write.topic"),
    "private_channel": ("groups:write", "groups:write.topic"),
}


def require_scope(workspace: Workspace, *any_of: str) -> None:
    """Refuse the call unless the app's token carries one of the scopes."""
    provided = workspace.seed.scopes
    if any_of and not set(any_of) & set(provided):
        raise SlackError("missing_scope", needed=any_of[0], provided=",".join(provided))


def require_allowed(workspace: Workspace, method: str) -> None:
    """Refuse the call if the workspace's admins keep the method to themselves."""
    if method in workspace.seed.restricted:
        raise SlackError("restricted_action")


def visible(workspace: Workspace, channel_id: str) -> Channel:
    """Return a channel the app can see; a private one only from inside."""
    channel = workspace.channels.get(channel_id)
    hidden = channel is not None and channel.is_private
    if channel is None or (hidden and workspace.seed.bot_user not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def joined(workspace: Workspace, channel_id: str) -> Channel:
    """Return a channel the app is a member of."""
    channel = visible(workspace, channel_id)
    if workspace.seed.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def open_channel(
    workspace: Workspace, channel_id: str, *, archived: str = "is_archived"
) -> Channel:
    """Return a channel the app is a member of and that is not `archived`."""
    channel = visible(workspace, channel_id)
    if channel.is_archived:
        raise SlackError(archived)
    return joined(workspace, channel_id)


def written_to(workspace: Workspace, user: str) -> Channel:
    """Return the direct messages of somebody whom the app may write to, deactivated or not."""
    if workspace.people[user].is_bot or is_stranger(workspace, workspace.people[user]):
        raise SlackError("channel_not_found")
    return refuse_without_tab(workspace, workspace.direct(user))


def refuse_without_tab(workspace: Workspace, channel: Channel) -> Channel:
    """Return the channel, unless it is direct messages and the app has no tab for them."""
    if channel.is_im and not workspace.seed.messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def manageable(
    workspace: Workspace, channel_id: str, scopes: Mapping[str, tuple[str, ...]]
) -> Channel:
    """Return an open channel whose kind the app's scopes let it manage."""
    channel = visible(workspace, channel_id)
    if channel.kind not in scopes:
        raise SlackError("method_not_supported_for_channel_type")
    require_scope(workspace, *scopes[channel.kind])
    return open_channel(workspace, channel_id)


def kept_message(channel: Channel, ts: str) -> Message:
    """Return a message of the channel's history."""
    message = channel.find(ts)
    if message is None or message.only_for is not None:
        raise SlackError("message_not_found")
    return message


def standing_message(channel: Channel, ts: str) -> Message:
    """Return a message of the channel's history that nobody deleted."""
    message = kept_message(channel, ts)
    if message.subtype == TOMBSTONE:
        raise SlackError("message_not_found")
    return message


def item_of(workspace: Workspace, args: Arguments) -> tuple[Channel, Message]:
    """Return the message that a call names by channel and timestamp, in an open channel."""
    if not args.text("channel") or not args.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = open_channel(workspace, args.text("channel"))
    if not TIMESTAMP.fullmatch(args.text("timestamp")):
        raise SlackError("bad_timestamp")
    return channel, standing_message(channel, args.text("timestamp"))
