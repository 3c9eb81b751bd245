"""Web API methods about direct messages, with one person or a few."""

from sandbox.access import require_scope, visible
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.methods.method import Method, Tier
from sandbox.records import Channel
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST = 8
WRITE = {"im": "im:write", "mpim": "mpim:write"}


def open_direct(workspace: Workspace, args: Arguments) -> Json:
    """Open the direct messages with one person, with a few, or those with this id."""
    if args.text("channel"):
        channel = _direct(workspace, args)
    else:
        channel = _between(workspace, list(dict.fromkeys(args.names("users"))))
    already = channel.id in workspace.opened
    workspace.opened.add(channel.id)
    known: Json = {"no_op": True, "already_open": True} if already else {}
    if args.flag("return_im"):
        return {**known, "channel": channel.shown(workspace.seed.bot_user)}
    return {**known, "channel": {"id": channel.id}}


def close(workspace: Workspace, args: Arguments) -> Json:
    """Put direct messages away, until they are opened again or somebody writes."""
    channel = _direct(workspace, args)
    if channel.id not in workspace.opened:
        return {"no_op": True, "already_closed": True}
    workspace.opened.remove(channel.id)
    return {}


def _direct(workspace: Workspace, args: Arguments) -> Channel:
    channel = visible(workspace, args.required("channel"))
    if channel.kind not in WRITE:
        raise SlackError("method_not_supported_for_channel_type")
    require_scope(workspace, WRITE[channel.kind])
    return channel


def _between(workspace: Workspace, users: list[str]) -> Channel:
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > MOST:
        raise SlackError("too_many_users")
    require_scope(workspace, WRITE["im" if len(users) == 1 else "mpim"])
    for user in users:
        _refuse(workspace, user)
    return workspace.direct(users[0]) if len(users) == 1 else workspace.direct_group(users)


def _refuse(workspace: Workspace, user: str) -> None:
    person, bot = workspace.person(user), workspace.seed.bot_user
    if person.is_deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    met = any({user, bot} <= set(channel.members) for channel in workspace.channels.values())
    if person.team != workspace.seed.team and not met:
        raise SlackError("user_not_visible")


METHODS = {
    "conversations.close": Method(close, tuple(WRITE.values()), Tier.TWO),
    "conversations.open": Method(open_direct, tuple(WRITE.values())),
}
