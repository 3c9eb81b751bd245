"""Who the app is, who the people are, and where the socket is."""

import secrets

from sandbox.arguments import Arguments
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
    }


def connections_open(workspace: Workspace, _args: Arguments) -> Json:
    """Return the address of a new socket, good for one connection."""
    ticket = secrets.token_urlsafe(12)
    workspace.tickets.add(ticket)
    address = workspace.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link?ticket={ticket}"}


def users_info(workspace: Workspace, args: Arguments) -> Json:
    """Describe one person."""
    person = workspace.person(args.required("user"))
    return {
        "user": {
            "id": person.id,
            "team_id": workspace.seed.team,
            "name": person.name,
            "real_name": person.name.capitalize(),
            "deleted": False,
            "is_bot": person.is_bot,
            "is_restricted": person.is_guest,
            "is_ultra_restricted": False,
            "is_admin": False,
            "is_owner": False,
            "tz": "Etc/UTC",
            "tz_offset": 0,
            "profile": {"display_name": person.name, "real_name": person.name.capitalize()},
        }
    }


METHODS = {
    "apps.connections.open": Method(connections_open, for_app_token=True),
    "auth.test": Method(auth_test, (), Tier.HUNDREDS),
    "users.info": Method(users_info, ("users:read",), Tier.FOUR),
}
