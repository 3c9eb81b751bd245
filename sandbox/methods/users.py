"""Web API methods that tell of people."""

from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.happenings.accounts import profile, shown
from sandbox.methods.method import Method, Tier
from sandbox.paging import page
from sandbox.wire import Json
from sandbox.workspace import Workspace

EMAIL = "users:read.email"


def info(workspace: Workspace, args: Arguments) -> Json:
    """Describe one person."""
    person = workspace.person(args.required("user"))
    return {"user": shown(workspace, person, with_email=_may_email(workspace))}


def list_users(workspace: Workspace, args: Arguments) -> Json:
    """List everybody, deactivated people and bots too, a page at a time if so asked."""
    everybody = [
        shown(workspace, person, with_email=_may_email(workspace))
        for person in workspace.people.values()
    ]
    in_pages = args.given.get("limit", "") != ""
    members, cursor = page(everybody, args) if in_pages else (everybody, "")
    return {
        "members": members,
        "cache_ts": int(workspace.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(workspace: Workspace, args: Arguments) -> Json:
    """Describe the person of the workspace who has this address."""
    email = args.required("email").lower()
    for person in workspace.people.values():
        here = person.team == workspace.seed.team and not (person.is_bot or person.is_deleted)
        if here and person.email == email:
            return {"user": shown(workspace, person, with_email=True)}
    raise SlackError("users_not_found")


def profile_get(workspace: Workspace, args: Arguments) -> Json:
    """Return what a person says of themselves."""
    person = workspace.person(args.required("user"))
    return {"profile": profile(workspace, person, with_email=_may_email(workspace))}


def get_presence(workspace: Workspace, args: Arguments) -> Json:
    """Tell whether a person is there."""
    person = workspace.person(args.required("user"))
    return {"presence": "away" if person.is_away or person.is_deleted else "active"}


def _may_email(workspace: Workspace) -> bool:
    return EMAIL in workspace.seed.scopes


METHODS = {
    "users.getPresence": Method(get_presence, ("users:read",)),
    "users.info": Method(info, ("users:read",), Tier.FOUR),
    "users.list": Method(list_users, ("users:read",), Tier.TWO),
    "users.lookupByEmail": Method(lookup_by_email, (EMAIL,)),
    "users.profile.get": Method(profile_get, ("users.profile:read",), Tier.FOUR),
}
