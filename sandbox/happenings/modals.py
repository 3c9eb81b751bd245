"""The views in front of each person: a stack of modals, and the Home tab."""

import secrets

from sandbox.errors import SlackError
from sandbox.forms import kept_values, state_values
from sandbox.records import View
from sandbox.wire import Json
from sandbox.workspace import Workspace

DEEPEST = 3


def shown(workspace: Workspace, view: View) -> Json:
    """Return the view as the Web API and payloads carry it."""
    definition = {"private_metadata": "", "callback_id": "", "external_id": "", **view.definition}
    if definition["type"] == "modal":
        modal = {"clear_on_close": False, "notify_on_close": False, "close": None, "submit": None}
        definition = {**modal, **definition}
    seed = workspace.seed
    return {
        **definition,
        "id": view.id,
        "team_id": seed.team,
        "app_id": seed.app,
        "bot_id": seed.bot,
        "app_installed_team_id": seed.team,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "state": {"values": values_of(view)},
    }


def values_of(view: View) -> Json:
    """Return what the view's fields hold."""
    return state_values(view.definition["blocks"], view.typed, view.channel)


def top(workspace: Workspace, user: str) -> View | None:
    """Return the modal a person is looking at."""
    stack = workspace.stacks.get(user)
    return stack[-1] if stack else None


def open_root(
    workspace: Workspace, user: str, definition: Json, channel: str | None = None
) -> View:
    """Put a modal in front of somebody, in place of those there."""
    refuse_duplicate(workspace, definition)
    view = _new(workspace, user, definition)
    view.channel = channel
    workspace.stacks[user] = [view]
    workspace.changes.bump()
    return view


def push(workspace: Workspace, user: str, definition: Json) -> View:
    """Lay a modal on top of the one somebody is looking at."""
    below = workspace.stacks.get(user, [])
    if len(below) >= DEEPEST:
        raise SlackError("push_limit_reached")
    refuse_duplicate(workspace, definition)
    view = _new(workspace, user, definition)
    if below:
        view.root_id, view.previous_id = below[0].id, below[-1].id
        view.channel = below[-1].channel
    workspace.stacks[user] = [*below, view]
    workspace.changes.bump()
    return view


def replace(workspace: Workspace, view: View, definition: Json) -> None:
    """Show something else in a view, keeping what was typed in the fields that stay."""
    refuse_duplicate(workspace, definition, itself=view)
    view.definition = definition
    view.typed = kept_values(definition["blocks"], view.typed)
    view.hash = _hash(workspace)
    view.errors = {}
    workspace.changes.bump()


def publish(workspace: Workspace, user: str, definition: Json) -> View:
    """Show this on somebody's Home tab."""
    view = workspace.homes.get(user)
    if view is not None:
        replace(workspace, view, definition)
        return view
    refuse_duplicate(workspace, definition)
    view = workspace.homes[user] = _new(workspace, user, definition)
    workspace.changes.bump()
    return view


def find(workspace: Workspace, view_id: str) -> View | None:
    """Return an open view by its id."""
    return next((view for view in everything(workspace) if view.id == view_id), None)


def everything(workspace: Workspace) -> list[View]:
    """Return every view in front of anybody."""
    stacked = [view for stack in workspace.stacks.values() for view in stack]
    return [*stacked, *workspace.homes.values()]


def remove(workspace: Workspace, view: View) -> None:
    """Take a modal away, together with those on top of it."""
    stack = workspace.stacks.get(view.user, [])
    if view in stack:
        workspace.stacks[view.user] = stack[: stack.index(view)]
        workspace.changes.bump()


def clear(workspace: Workspace, user: str) -> None:
    """Take all of somebody's modals away."""
    workspace.stacks.pop(user, None)
    workspace.changes.bump()


def refuse_duplicate(workspace: Workspace, definition: Json, itself: View | None = None) -> None:
    """Refuse a view whose external_id another open view has."""
    name = definition.get("external_id")
    if name and any(v.external_id == name for v in everything(workspace) if v is not itself):
        raise SlackError("duplicate_external_id")


def _new(workspace: Workspace, user: str, definition: Json) -> View:
    view_id = workspace.name_new("V")
    return View(view_id, user, definition, _hash(workspace), root_id=view_id)


def _hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock.now())}.{secrets.token_urlsafe(6)}"
