"""What the workspace keeps: channels, messages, pins, bookmarks and open views."""

from dataclasses import dataclass, field

from sandbox.wire import Json


@dataclass(slots=True)
class Message:
    """Something posted in a channel, to everybody or to one person."""

    ts: str
    user: str
    text: str
    bot_id: str | None = None
    blocks: list[Json] | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: Json | None = None
    subtype: str | None = None
    only_for: str | None = None
    details: Json = field(default_factory=dict)

    def shown(self, *, with_metadata: bool = False) -> Json:
        """Return the message as the Web API and payloads carry it."""
        optional = {
            "subtype": self.subtype,
            "bot_id": self.bot_id,
            "blocks": self.blocks,
            "thread_ts": self.thread_ts,
            "edited": self.edited,
            "metadata": self.metadata if with_metadata else None,
        }
        given = {name: value for name, value in optional.items() if value is not None}
        return {
            "type": "message",
            "user": self.user,
            "text": self.text,
            "ts": self.ts,
            **given,
            **self.details,
        }


@dataclass(frozen=True, slots=True)
class Note:
    """A channel's topic or purpose."""

    value: str = ""
    creator: str = ""
    last_set: int = 0

    def shown(self) -> Json:
        """Return the note as the Web API carries it."""
        return {"value": self.value, "creator": self.creator, "last_set": self.last_set}


@dataclass(slots=True)
class Channel:
    """A channel, or the direct messages between one person and the bot."""

    id: str
    name: str
    creator: str
    created: int
    members: list[str]
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    topic: Note = Note()
    purpose: Note = Note()
    messages: list[Message] = field(default_factory=list)
    pins: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the kind of channel in the words of conversations.list."""
        if self.is_im:
            return "im"
        return "private_channel" if self.is_private else "public_channel"

    def find(self, ts: str) -> Message | None:
        """Return the message with this timestamp, if there is one."""
        return next((message for message in self.messages if message.ts == ts), None)

    def kept(self) -> list[Message]:
        """Return the messages that are in the history, oldest first."""
        return [message for message in self.messages if message.only_for is None]

    def shown(self, viewer: str) -> Json:
        """Return the channel as the Web API describes it to this member or visitor."""
        if self.is_im:
            user = self.members[0]
            return {"id": self.id, "created": self.created, "is_im": True, "user": user,
                    "is_archived": False, "is_channel": False}  # fmt: skip
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_member": viewer in self.members,
            "creator": self.creator,
            "created": self.created,
            "topic": self.topic.shown(),
            "purpose": self.purpose.shown(),
        }


@dataclass(slots=True)
class View:
    """A modal or Home tab in front of one person."""

    id: str
    user: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    typed: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        """Return the app's own name for the view, empty if it gave none."""
        return str(self.definition.get("external_id", ""))
