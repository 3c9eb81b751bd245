"""Web API methods that show modals and the Home tab."""

from sandbox.arguments import Arguments
from sandbox.blocks.checking import view_definition
from sandbox.blocks.rules import problem
from sandbox.errors import SlackError, missing
from sandbox.happenings import modals
from sandbox.methods.method import Method, Tier
from sandbox.records import View
from sandbox.wire import Json
from sandbox.workspace import Workspace

OF_ANOTHER_TYPE = problem("must match the `type` of the root view", "/view/type")


def open_view(workspace: Workspace, args: Arguments) -> Json:
    """Open a modal for whoever the trigger came from."""
    definition = _definition(workspace, args, "modal")
    modals.refuse_duplicate(workspace, definition)
    trigger = workspace.triggers.spend(_trigger_id(args))
    opened = modals.open_root(workspace, trigger.user, definition, trigger.channel)
    return _answer(workspace, opened)


def push_view(workspace: Workspace, args: Arguments) -> Json:
    """Lay a modal on top of the one the trigger came from."""
    definition = _definition(workspace, args, "modal")
    modals.refuse_duplicate(workspace, definition)
    trigger = workspace.triggers.spend(_trigger_id(args), in_modal=True)
    return _answer(workspace, modals.push(workspace, trigger.user, definition))


def update_view(workspace: Workspace, args: Arguments) -> Json:
    """Show something else in an open view."""
    view = _found(workspace, args)
    kind = view.definition["type"]
    given = args.structure("view", "invalid_arguments")
    if isinstance(given, dict) and given.get("type") in {"modal", "home"} - {kind}:
        raise SlackError("invalid_arguments", [OF_ANOTHER_TYPE])
    definition = view_definition(given, kind, workspace)
    _refuse_stale(view, args)
    modals.replace(workspace, view, definition)
    return _answer(workspace, view)


def publish_view(workspace: Workspace, args: Arguments) -> Json:
    """Show a view on somebody's Home tab."""
    if not workspace.seed.home_tab:
        raise SlackError("not_enabled")
    definition = _definition(workspace, args, "home")
    user = workspace.person(args.required("user_id")).id
    if user in workspace.homes:
        _refuse_stale(workspace.homes[user], args)
    return _answer(workspace, modals.publish(workspace, user, definition))


def _definition(workspace: Workspace, args: Arguments, kind: str) -> Json:
    return view_definition(args.structure("view", "invalid_arguments"), kind, workspace)


def _trigger_id(args: Arguments) -> str:
    if args.has("trigger_id") and args.has("interactivity_pointer"):
        raise SlackError("invalid_arguments", ["give one handle, not both"])
    return args.text("trigger_id") or args.required("interactivity_pointer")


def _found(workspace: Workspace, args: Arguments) -> View:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not view_id and not external_id:
        raise missing("view_id")
    for view in modals.everything(workspace):
        if view.id == view_id or (external_id and view.external_id == external_id):
            return view
    raise SlackError("not_found")


def _refuse_stale(view: View, args: Arguments) -> None:
    if args.has("hash") and args.text("hash") != view.hash:
        raise SlackError("hash_conflict")


def _answer(workspace: Workspace, view: View) -> Json:
    return {"view": modals.shown(workspace, view)}


METHODS = {
    "views.open": Method(open_view, (), Tier.FOUR),
    "views.publish": Method(publish_view, (), Tier.FOUR),
    "views.push": Method(push_view, (), Tier.FOUR),
    "views.update": Method(update_view, (), Tier.FOUR),
}
