"""Web API methods about pins."""

from sandbox.access import item_of, joined, kept_message
from sandbox.arguments import Arguments
from sandbox.happenings import pins
from sandbox.methods.method import Method, Tier
from sandbox.wire import Json
from sandbox.workspace import Workspace


def add(workspace: Workspace, args: Arguments) -> Json:
    """Pin a message to its channel."""
    args.required("channel")
    channel, message = item_of(workspace, args)
    pins.pin(workspace, channel, message, workspace.seed.bot_user)
    return {}


def remove(workspace: Workspace, args: Arguments) -> Json:
    """Pin a message no longer."""
    args.required("channel")
    channel, message = item_of(workspace, args)
    pins.unpin(workspace, channel, message, workspace.seed.bot_user)
    return {}


def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List a channel's pins, the newest first."""
    channel = joined(workspace, args.required("channel"))
    items = [
        {**pin, "message": kept_message(channel, pin["message"]["ts"]).shown()}
        for pin in reversed(channel.pins)
    ]
    return {"items": items}


METHODS = {
    "pins.add": Method(add, ("pins:write",), Tier.TWO),
    "pins.list": Method(list_all, ("pins:read",), Tier.TWO),
    "pins.remove": Method(remove, ("pins:write",), Tier.TWO),
}
