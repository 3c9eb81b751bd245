"""What people do to what was said: react, edit, delete, pin, and read."""

from collections.abc import Mapping

from sandbox.control.fields import Act, Fields
from sandbox.deliveries.courier import Courier
from sandbox.emoji import EMOJI
from sandbox.errors import ControlError
from sandbox.happenings import messages, pins, reactions
from sandbox.records import Channel, Message
from sandbox.typed import Typed
from sandbox.viewing import BROADCAST_REPLY
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST = 40_000
EDITABLE = {None, BROADCAST_REPLY, "file_share", "me_message"}


class Messages:
    """React, edit, delete, pin and read as the people of the workspace."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {
            "react": self.react,
            "edit": self.edit,
            "delete": self.delete,
            "pin": self.pin,
            "unpin": self.unpin,
            "read": self.read,
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {"emoji": self.emoji}

    async def react(self, fields: Fields) -> Json:
        """Put an emoji under a message, or take it away with `remove`."""
        channel, message, before = *_standing(fields), self._courier.sent()
        act = reactions.unreact if fields.flag("remove") else reactions.react
        act(self._workspace, channel, message, fields.person(), fields.text("name"))
        return {"deliveries": self._courier.since(before)}

    async def edit(self, fields: Fields) -> Json:
        """Change what one has written oneself."""
        channel, message, before = *_standing(fields), self._courier.sent()
        user = fields.person()
        if message.user != user or message.subtype not in EDITABLE:
            raise ControlError("only its author edits a message", f"{user}, {message.ts}")
        text = fields.text("text")
        refuse_text(text)
        kept = Typed(self._workspace, user, text).kept()
        messages.edit(self._workspace, channel, message, kept)
        return {"deliveries": self._courier.since(before)}

    async def delete(self, fields: Fields) -> Json:
        """Delete what one has written oneself; an admin deletes anybody's."""
        channel, before = fields.own_channel(), self._courier.sent()
        message, user = fields.message(channel), fields.person()
        own = message.user == user and message.subtype not in messages.SYSTEM
        dismissed = message.only_for == user
        if not (own or dismissed or self._workspace.people[user].is_admin):
            words = "only its author or an admin deletes a message"
            raise ControlError(words, f"{user}, {message.ts}")
        messages.delete(self._workspace, channel, message)
        return {"deliveries": self._courier.since(before)}

    async def pin(self, fields: Fields) -> Json:
        """Pin a message to its channel."""
        channel, message, before = *_standing(fields), self._courier.sent()
        pins.pin(self._workspace, channel, message, fields.person())
        return {"deliveries": self._courier.since(before)}

    async def unpin(self, fields: Fields) -> Json:
        """Pin a message no longer."""
        channel, message, before = *_standing(fields), self._courier.sent()
        pins.unpin(self._workspace, channel, message, fields.person())
        return {"deliveries": self._courier.since(before)}

    async def read(self, fields: Fields) -> Json:
        """Have read a channel up to a message, or back to it: later ones are unread."""
        user, channel = fields.person(), fields.seen_channel()
        if user not in channel.members:
            raise ControlError("this person is not in the channel", f"{user}, {channel.id}")
        channel.read[user] = fields.message(channel).ts
        self._workspace.changes.bump()
        return {"read": channel.read[user]}

    async def emoji(self, _fields: Fields) -> Json:
        """Show the emoji there are: the common ones as characters, the workspace's as links."""
        return {**EMOJI, **dict(self._workspace.seed.emoji)}


def refuse_text(text: str) -> None:
    """Refuse what Slack's client does not send."""
    if not text.strip():
        raise ControlError("a message says something")
    if len(text) > LONGEST:
        raise ControlError("a message is no longer than", f"{LONGEST} characters")


def _standing(fields: Fields) -> tuple[Channel, Message]:
    channel = fields.own_channel()
    message = fields.message(channel)
    if message.only_for is not None:
        raise ControlError("only this person sees the message, and Slack keeps it nowhere")
    if message.subtype == messages.TOMBSTONE:
        raise ControlError("the message was deleted", message.ts)
    return channel, message
