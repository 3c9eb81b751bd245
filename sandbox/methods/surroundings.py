"""Web API methods about what surrounds the messages: the emoji there are, and who is disturbed."""

from sandbox.arguments import Arguments
from sandbox.errors import SlackError, missing
from sandbox.methods.method import Method, Tier
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST_PEOPLE = 50


def emoji(workspace: Workspace, _args: Arguments) -> Json:
    """List the workspace's own emoji."""
    return {"emoji": dict(workspace.seed.emoji), "cache_ts": workspace.stamp()}


def dnd_info(workspace: Workspace, args: Arguments) -> Json:
    """Tell when somebody is not to be disturbed: nobody in this workspace ever is."""
    workspace.person(args.text("user") or workspace.seed.bot_user)
    return {**_undisturbed(), "snooze_enabled": False}


def dnd_team_info(workspace: Workspace, args: Arguments) -> Json:
    """Tell the same of several people."""
    users = args.names("users")
    if not users:
        raise missing("users")
    if len(users) > MOST_PEOPLE:
        raise SlackError("too_many_users")
    return {"users": {workspace.person(user).id: _undisturbed() for user in users}}


def _undisturbed() -> Json:
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


METHODS = {
    "dnd.info": Method(dnd_info, ("dnd:read",)),
    "dnd.teamInfo": Method(dnd_team_info, ("dnd:read",), Tier.TWO),
    "emoji.list": Method(emoji, ("emoji:read",), Tier.TWO),
}
