"""Who the app is, where it is, and where the socket is."""

import secrets

from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.happenings import accounts
from sandbox.methods.method import Method, Tier
from sandbox.wire import Json
from sandbox.workspace import Workspace


def auth_test(workspace: Workspace, _args: Arguments) -> Json:
    """Tell the app who it is and where."""
    seed = workspace.seed
    return {
        "url": f"{workspace.url}/",
        "team": seed.team_name,
        "user": seed.bot_name,
        "team_id": seed.team,
        "user_id": seed.bot_user,
        "bot_id": seed.bot,
        "is_enterprise_install": False,
        **({"enterprise_id": seed.enterprise} if seed.enterprise else {}),
    }


def revoke(workspace: Workspace, args: Arguments) -> Json:
    """Give up the bot's token."""
    if not args.flag("test"):
        accounts.revoke(workspace)
    return {"revoked": not args.flag("test")}


def bots_info(workspace: Workspace, args: Arguments) -> Json:
    """Describe the app's bot."""
    seed = workspace.seed
    if args.required("bot") != seed.bot:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": seed.bot,
            "deleted": False,
            "name": seed.bot_name,
            "updated": 0,
            "app_id": seed.app,
            "user_id": seed.bot_user,
            "icons": {},
        }
    }


def team_info(workspace: Workspace, args: Arguments) -> Json:
    """Describe the workspace."""
    seed = workspace.seed
    if args.text("team") not in {"", seed.team}:
        raise SlackError("team_not_found")
    organisation = {"enterprise_id": seed.enterprise, "enterprise_name": seed.enterprise_name}
    return {
        "team": {
            "id": seed.team,
            "name": seed.team_name,
            "url": f"{workspace.url}/",
            "domain": seed.team_name.lower(),
            "email_domain": "",
            "icon": {"image_default": True},
            **(organisation if seed.enterprise else {}),
        }
    }


def connections_open(workspace: Workspace, _args: Arguments) -> Json:
    """Return the address of a new socket, good for one connection."""
    if not workspace.takes_sockets:
        raise SlackError("socket_mode_disabled")
    ticket = secrets.token_urlsafe(12)
    workspace.tickets.add(ticket)
    address = workspace.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link?ticket={ticket}"}


METHODS = {
    "apps.connections.open": Method(connections_open, for_app_token=True),
    "auth.revoke": Method(revoke),
    "auth.test": Method(auth_test, (), Tier.HUNDREDS),
    "bots.info": Method(bots_info, ("users:read",)),
    "team.info": Method(team_info, ("team:read",)),
}
