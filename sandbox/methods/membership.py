"""Web API methods that bring people and the bot together."""

from sandbox.access import (
    INVITE,
    MANAGE,
    manageable,
    require_allowed,
    require_scope,
    visible,
)
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.happenings import members
from sandbox.methods.method import CHANNELS_WRITE, Method
from sandbox.records import Channel
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST_INVITED = 100
INVITES = (*CHANNELS_WRITE, "channels:write.invites", "groups:write.invites")


def invite(workspace: Workspace, args: Arguments) -> Json:
    """Bring people into a channel, all of them or, if forced, the possible ones."""
    channel = manageable(workspace, args.required("channel"), INVITE)
    require_allowed(workspace, "conversations.invite")
    users = args.names("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > MOST_INVITED:
        raise SlackError("too_many_users")
    refusals = {user: _refusal(workspace, channel, user) for user in users}
    errors = [
        {"user": user, "ok": False, "error": error} for user, error in refusals.items() if error
    ]
    welcome = [user for user, error in refusals.items() if not error]
    if errors and not (args.flag("force") and welcome):
        raise SlackError(str(errors[0]["error"]), errors=errors)
    for user in welcome:
        members.join(workspace, channel, user, workspace.seed.bot_user)
    described = {"channel": channel.shown(workspace.seed.bot_user)}
    return {**described, "errors": errors} if errors else described


def _refusal(workspace: Workspace, channel: Channel, user: str) -> str:
    if user == workspace.seed.bot_user:
        return "cant_invite_self"
    return members.refusal(workspace, channel, user)


def join(workspace: Workspace, args: Arguments) -> Json:
    """Make the bot a member of a public channel."""
    channel = visible(workspace, args.required("channel"))
    bot = workspace.seed.bot_user
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot in channel.members:
        warning = "already_in_channel"
        return {
            "channel": channel.shown(bot),
            "warning": warning,
            "response_metadata": {"warnings": [warning]},
        }
    members.join(workspace, channel, bot)
    return {"channel": channel.shown(bot)}


def kick(workspace: Workspace, args: Arguments) -> Json:
    """Remove somebody from a channel."""
    channel = manageable(workspace, args.required("channel"), MANAGE)
    require_allowed(workspace, "conversations.kick")
    user, bot = workspace.person(args.required("user")).id, workspace.seed.bot_user
    if user == bot:
        raise SlackError("cant_kick_self")
    if channel.id == workspace.seed.general:
        raise SlackError("cant_kick_from_general")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    members.leave(workspace, channel, user, bot)
    return {"errors": {}}


def leave(workspace: Workspace, args: Arguments) -> Json:
    """Take the bot out of a channel."""
    channel, bot = visible(workspace, args.required("channel")), workspace.seed.bot_user
    if channel.kind not in MANAGE:
        raise SlackError("method_not_supported_for_channel_type")
    require_scope(workspace, *MANAGE[channel.kind])
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot not in channel.members:
        raise SlackError("not_in_channel", not_in_channel=True)
    if channel.id == workspace.seed.general:
        raise SlackError("cant_leave_general")
    if channel.members == [bot]:
        raise SlackError("last_member")
    members.leave(workspace, channel, bot, bot)
    return {}


METHODS = {
    "conversations.invite": Method(invite, INVITES),
    "conversations.join": Method(join, ("channels:join",)),
    "conversations.kick": Method(kick, CHANNELS_WRITE),
    "conversations.leave": Method(leave, CHANNELS_WRITE),
}
