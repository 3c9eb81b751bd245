"""What the workspace keeps: channels, messages, files, canvases, groups and open views."""

from dataclasses import dataclass, field
from urllib.parse import quote

from sandbox.wire import Json


@dataclass(slots=True)
class File:
    """Something uploaded; a private matter until it is shared somewhere."""

    id: str
    name: str
    title: str
    user: str
    created: int
    size: int
    mimetype: str = "application/octet-stream"
    filetype: str = "binary"
    alt_text: str = ""
    content: bytes = b""
    shares: dict[str, list[str]] = field(default_factory=dict)  # channel -> its messages' ts
    is_complete: bool = False
    is_snippet: bool = False
    is_deleted: bool = False

    def shown(self, address: str) -> Json:
        """Return the file as the Web API and messages carry it; the address is the workspace's."""
        link = f"{address}/files/{self.id}/{quote(self.name, safe='')}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": self.filetype,
            "user": self.user,
            "size": self.size,
            "mode": "snippet" if self.is_snippet else "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": link,
            "url_private_download": f"{link}?download=1",
            "permalink": link,
            **({"alt_txt": self.alt_text} if self.alt_text else {}),
        }


@dataclass(slots=True)
class Ticket:
    """The right to send the bytes of one file, once."""

    file: str
    is_used: bool = False


@dataclass(slots=True)
class Message:
    """Something posted in a channel, to everybody or to one person."""

    ts: str
    user: str
    text: str
    bot_id: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: Json | None = None
    subtype: str | None = None
    only_for: str | None = None
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)  # name -> who, in order
    replies: list[str] = field(default_factory=list)  # ts of the thread's replies, oldest first
    details: Json = field(default_factory=dict)
    version: int = 0  # of the workspace, when the message last looked different
    typed: dict[str, dict[str, Json]] = field(default_factory=dict)  # person -> what they entered

    def shown(self, *, with_metadata: bool = False) -> Json:
        """Return the message as the Web API and payloads carry it."""
        optional = {
            "subtype": self.subtype,
            "bot_id": self.bot_id,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": self.files or None,
            "thread_ts": self.thread_ts,
            "edited": self.edited,
            "metadata": self.metadata if with_metadata else None,
            "reactions": self.reacted() or None,
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

    def reacted(self) -> list[Json]:
        """Return the reactions as the Web API carries them."""
        return [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in self.reactions.items()
        ]


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
    """A channel, or the direct messages among a few."""

    id: str
    name: str
    creator: str
    created: int
    members: list[str]
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    topic: Note = Note()
    purpose: Note = Note()
    messages: list[Message] = field(default_factory=list)  # by add() and remove() only
    pins: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    canvas: str | None = None
    read: dict[str, str] = field(default_factory=dict)  # person -> ts of the last message read
    gone: list[tuple[int, str]] = field(default_factory=list)  # version and ts of what was removed
    by_ts: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the kind of channel in the words of conversations.list."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "private_channel" if self.is_private else "public_channel"

    @property
    def family(self) -> str:
        """Return the word that the names of the channel's own events begin with."""
        return "group" if self.is_private else "channel"

    def add(self, message: Message) -> None:
        """Keep a new message, which is later than every other."""
        self.messages.append(message)
        self.by_ts[message.ts] = message
        parent = self.by_ts.get(message.thread_ts or "")
        if parent is not None and parent is not message and message.only_for is None:
            parent.replies.append(message.ts)

    def remove(self, message: Message) -> None:
        """Keep a message no longer."""
        self.messages.remove(message)
        del self.by_ts[message.ts]
        self.unpin(message.ts)
        parent = self.by_ts.get(message.thread_ts or "")
        if parent is not None and message.ts in parent.replies:
            parent.replies.remove(message.ts)

    def unpin(self, ts: str) -> None:
        """Forget the pin of the message with this timestamp, if there is one."""
        self.pins = [pin for pin in self.pins if pin["message"]["ts"] != ts]

    def find(self, ts: str) -> Message | None:
        """Return the message with this timestamp, if there is one."""
        return self.by_ts.get(ts)

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
            "is_mpim": self.is_mpim,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_shared": self.is_ext_shared,
            "is_pending_ext_shared": False,
            "is_member": viewer in self.members,
            "creator": self.creator,
            "created": self.created,
            "topic": self.topic.shown(),
            "purpose": self.purpose.shown(),
            "properties": {"canvas": {"file_id": self.canvas}} if self.canvas else {},
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraph, list, table, quote or piece of code in a canvas."""

    id: str
    markdown: str


@dataclass(slots=True)
class Canvas:
    """A document that people and the app write together."""

    id: str
    title: str
    owner: str
    created: int
    channel: str | None = None  # in which it is a tab, or the channel's own canvas
    access: dict[str, str] = field(default_factory=dict)  # person or channel -> read, write
    sections: list[Section] = field(default_factory=list)  # by put() only
    markdown: str = ""
    is_deleted: bool = False

    def put(self, sections: list[Section]) -> None:
        """Consist of these sections from now on."""
        self.sections = sections
        self.markdown = "\n\n".join(section.markdown for section in sections)


@dataclass(slots=True)
class UserGroup:
    """People who can be mentioned together."""

    id: str
    handle: str
    name: str
    users: list[str]
    is_disabled: bool = False
    updated: int = 0
    created: int = 0
    creator: str = ""
    description: str = ""


@dataclass(slots=True)
class Scheduled:
    """A message that is to be posted later."""

    id: str
    channel: str
    post_at: int
    created: int
    message: Message


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
    channel: str | None = None  # where the person was when it was opened

    @property
    def external_id(self) -> str:
        """Return the app's own name for the view, empty if it gave none."""
        return str(self.definition.get("external_id", ""))
