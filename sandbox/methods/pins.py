"""Web API methods about pins and bookmarks."""

from sandbox.access import joined, kept_message, open_channel
from sandbox.arguments import Arguments
from sandbox.errors import SlackError, missing
from sandbox.methods.method import Method, Tier
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST = 100
LONGEST_TITLE = 256
LONGEST_LINK = 2048


def add_pin(workspace: Workspace, args: Arguments) -> Json:
    """Pin a message to its channel."""
    channel = open_channel(workspace, args.required("channel"))
    message = kept_message(channel, args.text("timestamp") or _no_item())
    if any(pin["message"]["ts"] == message.ts for pin in channel.pins):
        raise SlackError("already_pinned")
    if len(channel.pins) >= MOST:
        raise SlackError("too_many_pins")
    bot = workspace.seed.bot_user
    created = int(workspace.clock.now())
    pin = {"type": "message", "channel": channel.id, "created": created, "created_by": bot}
    channel.pins.append({**pin, "message": {"ts": message.ts}})
    workspace.announce(channel, bot, "pinned_item", f"<@{bot}> pinned a message to this channel.")
    return {}


def _no_item() -> str:
    raise SlackError("no_item_specified")


def list_pins(workspace: Workspace, args: Arguments) -> Json:
    """List a channel's pins, the newest first."""
    channel = joined(workspace, args.required("channel"))
    pins = [
        {**pin, "message": kept_message(channel, pin["message"]["ts"]).shown()}
        for pin in reversed(channel.pins)
    ]
    return {"items": pins}


def add_bookmark(workspace: Workspace, args: Arguments) -> Json:
    """Put a link at the top of a channel."""
    channel = open_channel(workspace, args.required("channel_id"))
    title, link = args.required("title"), args.text("link")
    if args.required("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if len(title) > LONGEST_TITLE:
        words = f"must be less than {LONGEST_TITLE + 1} characters [json-pointer:/title]"
        raise SlackError("invalid_arguments", [words])
    if not link:
        raise missing("link")
    if not link.startswith(("http://", "https://")) or len(link) > LONGEST_LINK:
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    bookmark: Json = {
        "id": workspace.name_new("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": args.text("emoji"),
        "type": "link",
        "date_created": int(workspace.clock.now()),
        "app_id": workspace.seed.app,
    }
    channel.bookmarks.append(bookmark)
    workspace.changes.bump()
    return {"bookmark": bookmark}


def list_bookmarks(workspace: Workspace, args: Arguments) -> Json:
    """List a channel's bookmarks."""
    return {"bookmarks": joined(workspace, args.required("channel_id")).bookmarks}


METHODS = {
    "bookmarks.add": Method(add_bookmark, ("bookmarks:write",), Tier.TWO),
    "bookmarks.list": Method(list_bookmarks, ("bookmarks:read",)),
    "pins.add": Method(add_pin, ("pins:write",), Tier.TWO),
    "pins.list": Method(list_pins, ("pins:read",), Tier.TWO),
}
