"""Web API methods about bookmarks."""

from sandbox.access import joined, open_channel
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.happenings import bookmarks
from sandbox.methods.method import Method, Tier
from sandbox.records import Channel
from sandbox.wire import Json
from sandbox.workspace import Workspace

FIELDS = ("title", "link", "emoji")


def add(workspace: Workspace, args: Arguments) -> Json:
    """Put a link at the top of a channel."""
    channel = open_channel(workspace, args.required("channel_id"))
    args.required("title")
    if args.required("type") != "link":
        raise SlackError("invalid_bookmark_type")
    made = bookmarks.add(workspace, channel, workspace.seed.bot_user, _given(args))
    return {"bookmark": made}


def edit(workspace: Workspace, args: Arguments) -> Json:
    """Change a link at the top of a channel."""
    _channel, found = _found(workspace, args)
    changed = bookmarks.edit(workspace, found, workspace.seed.bot_user, _given(args))
    return {"bookmark": changed}


def remove(workspace: Workspace, args: Arguments) -> Json:
    """Take a link away from the top of a channel."""
    channel, found = _found(workspace, args)
    bookmarks.remove(workspace, channel, found)
    return {}


def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List a channel's bookmarks."""
    return {"bookmarks": joined(workspace, args.required("channel_id")).bookmarks}


def _found(workspace: Workspace, args: Arguments) -> tuple[Channel, Json]:
    channel = open_channel(workspace, args.required("channel_id"))
    return channel, bookmarks.find(channel, args.required("bookmark_id"))


def _given(args: Arguments) -> Json:
    return {name: args.text(name) for name in FIELDS if args.has(name)}


METHODS = {
    "bookmarks.add": Method(add, ("bookmarks:write",), Tier.TWO),
    "bookmarks.edit": Method(edit, ("bookmarks:write",), Tier.TWO),
    "bookmarks.list": Method(list_all, ("bookmarks:read",)),
    "bookmarks.remove": Method(remove, ("bookmarks:write",), Tier.TWO),
}
