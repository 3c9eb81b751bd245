"""User groups: what the app is told of them, and how they change."""

import re
from dataclasses import replace

from sandbox.errors import SlackError
from sandbox.records import UserGroup
from sandbox.wire import Json
from sandbox.workspace import Workspace

HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,20}")
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 140


def shown(workspace: Workspace, group: UserGroup) -> Json:
    """Return a user group as the Web API and events describe it, with its members."""
    return {
        "id": group.id,
        "team_id": workspace.seed.team,
        "is_usergroup": True,
        "is_subteam": True,
        "is_external": False,
        "name": group.name,
        "handle": group.handle,
        "description": group.description,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.updated if group.is_disabled else 0,
        "auto_type": None,
        "created_by": group.creator,
        "updated_by": group.creator,
        "deleted_by": group.creator if group.is_disabled else None,
        "prefs": {"channels": [], "groups": []},
        "users": list(group.users),
        "user_count": len(group.users),
    }


def create(workspace: Workspace, group: UserGroup, creator: str) -> None:
    """Keep a new user group, which nobody is in yet."""
    refuse_names(workspace, group)
    group.created = group.updated = int(workspace.clock.now())
    group.creator = creator
    workspace.groups[group.id] = group
    workspace.changes.bump()
    _tell(workspace, "subteam_created", group)


def refuse_names(workspace: Workspace, group: UserGroup) -> None:
    """Refuse a name or a handle that Slack would not have, or that is somebody else's."""
    others = [other for other in workspace.groups.values() if other.id != group.id]
    if not group.name:
        raise SlackError("missing_subteam_name")
    if len(group.name) > LONGEST_NAME:
        raise SlackError("name_too_long")
    if len(group.description) > LONGEST_DESCRIPTION:
        raise SlackError("description_too_long")
    if any(other.name == group.name for other in others):
        raise SlackError("name_already_exists")
    if not HANDLE.fullmatch(group.handle):
        raise SlackError("bad_handle")
    taken = {other.handle for other in others}
    taken |= {person.name for person in workspace.people.values()}
    taken |= {channel.name for channel in workspace.channels.values() if not channel.is_im}
    if group.handle in taken:
        raise SlackError("handle_already_exists")


def rename(
    workspace: Workspace, group: UserGroup, name: str, handle: str, description: str | None = None
) -> None:
    """Give a group another name, handle and description, or refuse them all."""
    told = group.description if description is None else description
    refuse_names(workspace, replace(group, name=name, handle=handle, description=told))
    group.name, group.handle, group.description = name, handle, told
    change(workspace, group)


def change(workspace: Workspace, group: UserGroup) -> None:
    """Tell that a group's name, or whether it is in use, is another now."""
    group.updated = int(workspace.clock.now())
    workspace.changes.bump()
    _tell(workspace, "subteam_updated", group)


def set_users(workspace: Workspace, group: UserGroup, users: list[str]) -> None:
    """Put exactly these people into a group, and tell who is new and who is gone."""
    added = [user for user in users if user not in group.users]
    removed = [user for user in group.users if user not in users]
    before, group.users = group.updated, list(users)
    change(workspace, group)
    if not (added or removed):
        return
    event = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": workspace.seed.team,
        "date_previous_update": before,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": workspace.stamp(),
    }
    workspace.emit("subteam_members_changed", event)


def _tell(workspace: Workspace, kind: str, group: UserGroup) -> None:
    described = {"type": kind, "subteam": shown(workspace, group), "event_ts": workspace.stamp()}
    workspace.emit(kind, described)
