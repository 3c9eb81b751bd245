"""Messages that people write, and what becomes of messages later."""

from sandbox.errors import SlackError, missing
from sandbox.happenings.links import links_in
from sandbox.records import Channel, Message
from sandbox.seed import SLACKBOT
from sandbox.viewing import BROADCAST_REPLY
from sandbox.wire import Json
from sandbox.workspace import Workspace

TOMBSTONE = "tombstone"
SYSTEM = {
    "channel_archive", "channel_convert_to_private", "channel_join", "channel_leave",
    "channel_name", "channel_purpose", "channel_topic", "channel_unarchive", "pinned_item",
    TOMBSTONE,
}  # fmt: skip


def write(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Post what a person wrote, and tell an app that is named or whose links are in it."""
    workspace.add(channel, message)
    if mentions_app(workspace, message.text) and not channel.is_im:
        shown = message.shown()
        workspace.tell(
            channel,
            {**shown, "type": "app_mention", "channel": channel.id, "team": workspace.seed.team},
            event_ts=message.ts,
        )
    _tell_links(workspace, channel, message)


def parent_of(channel: Channel, ts: str) -> Message:
    """Return the message that a thread hangs on, or can."""
    parent = channel.find(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.only_for is not None or parent.thread_ts not in {None, parent.ts}:
        raise SlackError("cannot_reply_to_message")
    return parent


def broadcast(channel: Channel, message: Message) -> None:
    """Send a reply to the channel too, with the message its thread hangs on."""
    root = channel.find(message.thread_ts or "")
    if root is None:
        raise missing("thread_ts")
    message.subtype = BROADCAST_REPLY
    message.details = {**message.details, "root": root.shown()}


def mentions_app(workspace: Workspace, text: str) -> bool:
    """Tell whether a text names the app's bot."""
    return f"<@{workspace.seed.bot_user}>" in text


def edit(workspace: Workspace, channel: Channel, message: Message, text: str) -> None:
    """Change what a message says; the same text again changes nothing."""
    if text == message.text:
        return
    before = message.shown()
    message.text = text
    message.edited = {"user": message.user, "ts": workspace.stamp()}
    workspace.change(channel, message, before)


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Take a message away; where a thread hangs on it, a stone marks the place."""
    if message.only_for is not None:
        workspace.remove(channel, message)
        return
    if message.subtype == TOMBSTONE:
        raise SlackError("message_not_found")
    if message.replies:
        _entomb(workspace, channel, message)
        return
    parent = channel.find(message.thread_ts or "")
    before = message.shown()
    workspace.remove(channel, message)
    _tell_deleted(workspace, channel, before)
    if parent is not None and parent.subtype == TOMBSTONE and not parent.replies:
        stone = parent.shown()
        workspace.remove(channel, parent)
        _tell_deleted(workspace, channel, stone)


def _entomb(workspace: Workspace, channel: Channel, message: Message) -> None:
    before = message.shown()
    channel.unpin(message.ts)
    message.user, message.text, message.bot_id = SLACKBOT, "This message was deleted.", None
    message.blocks = message.attachments = message.metadata = message.edited = None
    message.files, message.reactions = [], {}
    message.subtype, message.details = TOMBSTONE, {"hidden": True}
    workspace.change(channel, message, before)


def _tell_deleted(workspace: Workspace, channel: Channel, before: Json) -> None:
    workspace.emit_message(
        channel,
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "ts": workspace.stamp(),
            "deleted_ts": before["ts"],
            "previous_message": before,
        },
    )


def _tell_links(workspace: Workspace, channel: Channel, message: Message) -> None:
    links = links_in(message.text, workspace.seed.unfurl_domains)
    inside = workspace.seed.bot_user in channel.members
    if not links or (channel.is_private and not inside):
        return
    event: Json = {
        "type": "link_shared",
        "user": message.user,
        "channel": channel.id,
        "is_bot_user_member": inside,
        "message_ts": message.ts,
        "unfurl_id": f"{channel.id}-{message.ts}",
        "source": "conversations_history",
        "links": links,
        "event_ts": message.ts,
    }
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    workspace.emit("link_shared", event)
