"""Web API methods about reactions."""

from sandbox.access import item_of, joined, standing_message
from sandbox.arguments import TIMESTAMP, Arguments
from sandbox.errors import SlackError
from sandbox.happenings import reactions
from sandbox.methods.method import Method, Tier
from sandbox.paging import page
from sandbox.records import Channel, Message
from sandbox.wire import Json
from sandbox.workspace import Workspace


def add(workspace: Workspace, args: Arguments) -> Json:
    """Put an emoji under a message."""
    name = args.required("name")
    channel, message = item_of(workspace, args)
    reactions.react(workspace, channel, message, workspace.seed.bot_user, name)
    return {}


def remove(workspace: Workspace, args: Arguments) -> Json:
    """Take the bot's emoji away from under a message."""
    name = args.required("name")
    channel, message = item_of(workspace, args)
    reactions.unreact(workspace, channel, message, workspace.seed.bot_user, name)
    return {}


def get(workspace: Workspace, args: Arguments) -> Json:
    """Show a message with what is under it."""
    if not args.text("channel") or not args.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = joined(workspace, args.text("channel"))
    if not TIMESTAMP.fullmatch(args.text("timestamp")):
        raise SlackError("bad_timestamp")
    return _item(channel, standing_message(channel, args.text("timestamp")))


def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the messages under which somebody put an emoji, the newest first."""
    bot = workspace.seed.bot_user
    user = workspace.person(args.text("user") or bot).id
    items = [
        _item(channel, message)
        for channel in workspace.channels.values()
        if bot in channel.members
        for message in channel.kept()
        if any(user in users for users in message.reactions.values())
    ]
    items.sort(key=lambda item: str(item["message"]["ts"]), reverse=True)
    shown, cursor = page(items, args)
    return {"items": shown, "response_metadata": {"next_cursor": cursor}}


def _item(channel: Channel, message: Message) -> Json:
    return {"type": "message", "channel": channel.id, "message": message.shown()}


METHODS = {
    "reactions.add": Method(add, ("reactions:write",)),
    "reactions.get": Method(get, ("reactions:read",)),
    "reactions.list": Method(list_all, ("reactions:read",), Tier.TWO),
    "reactions.remove": Method(remove, ("reactions:write",), Tier.TWO),
}
