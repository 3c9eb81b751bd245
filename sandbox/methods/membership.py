"""Web API methods that bring people and the bot together."""

from sandbox.access import INVITE, manageable, visible
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.methods.method import CHANNELS_WRITE, Method
from sandbox.records import Channel
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST_INVITED = 100
INVITES = (*CHANNELS_WRITE, "channels:write.invites", "groups:write.invites")


def invite(workspace: Workspace, args: Arguments) -> Json:
    """Bring people into a channel, all of them or, if forced, the possible ones."""
    channel = manageable(workspace, args.required("channel"), INVITE)
    users = [user for user in args.text("users").replace(" ", "").split(",") if user]
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
        workspace.join(channel, user, workspace.seed.bot_user)
    described = {"channel": channel.shown(workspace.seed.bot_user)}
    return {**described, "errors": errors} if errors else described


def _refusal(workspace: Workspace, channel: Channel, user: str) -> str:
    if user == workspace.seed.bot_user:
        return "cant_invite_self"
    if user not in workspace.people:
        return "user_not_found"
    return "already_in_channel" if user in channel.members else ""


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
    workspace.join(channel, bot)
    return {"channel": channel.shown(bot)}


def open_direct(workspace: Workspace, args: Arguments) -> Json:
    """Open the direct messages with one person."""
    users = [user for user in args.text("users").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        provided = ",".join(workspace.seed.scopes)
        raise SlackError("missing_scope", needed="mpim:write", provided=provided)
    if workspace.person(users[0]).is_bot:
        raise SlackError("cannot_dm_bot")
    channel = workspace.direct(users[0])
    if args.flag("return_im"):
        return {"channel": channel.shown(workspace.seed.bot_user)}
    return {"channel": {"id": channel.id}}


METHODS = {
    "conversations.invite": Method(invite, INVITES),
    "conversations.join": Method(join, ("channels:join",)),
    "conversations.open": Method(open_direct, ("im:write", "mpim:write")),
}
