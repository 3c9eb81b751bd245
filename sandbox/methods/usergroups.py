"""Web API methods about user groups, which only a paid workspace has."""

from collections.abc import Callable

from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.happenings import user_groups
from sandbox.methods.method import Method, Tier
from sandbox.records import UserGroup
from sandbox.wire import Json
from sandbox.workspace import Workspace


def list_groups(workspace: Workspace, args: Arguments) -> Json:
    """List the groups, with their members and those out of use only if so asked."""
    _require_plan(workspace)
    return {
        "usergroups": [
            _described(workspace, group, args)
            for group in workspace.groups.values()
            if args.flag("include_disabled") or not group.is_disabled
        ]
    }


def list_users(workspace: Workspace, args: Arguments) -> Json:
    """List a group's members: nobody, if it is out of use and that is not asked for."""
    group = _known(workspace, args)
    hidden = group.is_disabled and not args.flag("include_disabled")
    return {"users": [] if hidden else list(group.users)}


def create(workspace: Workspace, args: Arguments) -> Json:
    """Make a group."""
    _require_plan(workspace)
    name = args.text("name")
    handle = args.text("handle") or name.lower().replace(" ", "-")
    group = UserGroup(workspace.name_new("S"), handle, name, [])
    group.description = args.text("description")
    user_groups.create(workspace, group, workspace.seed.bot_user)
    return {"usergroup": user_groups.shown(workspace, group)}


def update(workspace: Workspace, args: Arguments) -> Json:
    """Change a group's name, handle or description."""
    group = _known(workspace, args)
    name, handle = args.text("name") or group.name, args.text("handle") or group.handle
    description = args.text("description") if args.has("description") else None
    user_groups.rename(workspace, group, name, handle, description)
    return {"usergroup": user_groups.shown(workspace, group)}


def enable(workspace: Workspace, args: Arguments) -> Json:
    """Put a group into use again."""
    return _switch(workspace, args, is_disabled=False)


def disable(workspace: Workspace, args: Arguments) -> Json:
    """Take a group out of use."""
    return _switch(workspace, args, is_disabled=True)


def update_users(workspace: Workspace, args: Arguments) -> Json:
    """Put exactly these people into a group."""
    group = _known(workspace, args)
    users = list(dict.fromkeys(args.names("users")))
    if not users:
        raise SlackError("no_users_provided")
    known = [workspace.people.get(user) for user in users]
    if any(person is None or person.is_deleted for person in known):
        raise SlackError("invalid_users")
    if any(person and person.team != workspace.seed.team for person in known):
        raise SlackError("failed_for_some_users")
    user_groups.set_users(workspace, group, users)
    return {"usergroup": user_groups.shown(workspace, group)}


def _switch(workspace: Workspace, args: Arguments, *, is_disabled: bool) -> Json:
    group = _known(workspace, args)
    if group.is_disabled is is_disabled:
        raise SlackError("already_disabled" if is_disabled else "already_enabled")
    group.is_disabled = is_disabled
    user_groups.change(workspace, group)
    return {"usergroup": user_groups.shown(workspace, group)}


def _known(workspace: Workspace, args: Arguments) -> UserGroup:
    _require_plan(workspace)
    group = workspace.groups.get(args.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return group


def _require_plan(workspace: Workspace) -> None:
    if not workspace.seed.is_paid:
        raise SlackError("plan_upgrade_required")


def _described(workspace: Workspace, group: UserGroup, args: Arguments) -> Json:
    asked = {"users": args.flag("include_users"), "user_count": args.flag("include_count")}
    described = user_groups.shown(workspace, group)
    return {name: value for name, value in described.items() if asked.get(name, True)}


def _read(run: Callable[[Workspace, Arguments], Json]) -> Method:
    return Method(run, ("usergroups:read",), Tier.TWO)


def _write(run: Callable[[Workspace, Arguments], Json]) -> Method:
    return Method(run, ("usergroups:write",), Tier.TWO)


METHODS = {
    "usergroups.create": _write(create),
    "usergroups.disable": _write(disable),
    "usergroups.enable": _write(enable),
    "usergroups.list": _read(list_groups),
    "usergroups.update": _write(update),
    "usergroups.users.list": _read(list_users),
    "usergroups.users.update": _write(update_users),
}
