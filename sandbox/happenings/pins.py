"""Pins: messages that a channel keeps at hand."""

from sandbox.errors import SlackError
from sandbox.happenings.messages import SYSTEM
from sandbox.records import Channel, Message
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST = 100


def pin(workspace: Workspace, channel: Channel, message: Message, user: str) -> None:
    """Pin a message to its channel, and say so there."""
    if message.subtype in SYSTEM:
        raise SlackError("not_pinnable")
    if find(channel, message.ts) is not None:
        raise SlackError("already_pinned")
    if len(channel.pins) >= MOST:
        raise SlackError("too_many_pins")
    made: Json = {
        "type": "message",
        "channel": channel.id,
        "created": int(workspace.clock.now()),
        "created_by": user,
        "message": {"ts": message.ts},
    }
    channel.pins.append(made)
    workspace.touch(channel, message)
    item = {**made, "message": message.shown()}
    said = f"<@{user}> pinned a message to this channel."
    details = {"item_type": "C", "item": item["message"]}
    workspace.add(
        channel,
        Message(workspace.stamp(), user, said, subtype="pinned_item", details=details),
    )
    told = _event("pin_added", channel, message, user, item)
    workspace.tell(channel, {**told, "pin_count": len(channel.pins)})


def unpin(workspace: Workspace, channel: Channel, message: Message, user: str) -> None:
    """Pin a message no longer."""
    made = find(channel, message.ts)
    if made is None:
        raise SlackError("no_pin")
    channel.pins.remove(made)
    workspace.touch(channel, message)
    told = _event("pin_removed", channel, message, user, {**made, "message": message.shown()})
    counts = {"pin_count": len(channel.pins), "has_pins": bool(channel.pins)}
    workspace.tell(channel, {**told, **counts})


def find(channel: Channel, ts: str) -> Json | None:
    """Return the pin of the message with this timestamp, if there is one."""
    return next((made for made in channel.pins if made["message"]["ts"] == ts), None)


def _event(kind: str, channel: Channel, message: Message, user: str, item: Json) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel_id": channel.id,
        "item": item,
        "item_user": message.user,
    }
