"""What one person can see, and what of it is new to them."""

from collections.abc import Iterator
from typing import Any

from sandbox.records import Channel, Message
from sandbox.wire import Json
from sandbox.workspace import Workspace

BROADCASTS = ("<!channel", "<!here", "<!everyone")
NOT_NEWS = {"channel_join", "channel_leave", "group_join", "group_leave"}
BROADCAST_REPLY = "thread_broadcast"


def sees(workspace: Workspace, user: str, channel: Channel) -> bool:
    """Return whether the person can look into the channel.

    Guests and people of another company see only what they are in, and a single-channel
    guest, beside direct messages, only the one channel.
    """
    person = workspace.people[user]
    if person.is_deleted:
        return False
    if person.only_channel and not (channel.is_im or channel.is_mpim):
        return channel.id == person.only_channel and user in channel.members
    is_open = channel.kind == "public_channel" and is_full_member(workspace, user)
    return user in channel.members or is_open


def is_full_member(workspace: Workspace, user: str) -> bool:
    """Return whether somebody belongs to the workspace: no guest, of no other company."""
    person = workspace.people[user]
    return not person.is_guest and not person.is_deleted and person.team == workspace.seed.team


def is_seen(message: Message, user: str) -> bool:
    """Return whether the message is shown to the person at all."""
    return message.only_for in {None, user}


def belongs(message: Message, thread: str | None) -> bool:
    """Return whether a message is shown in a thread, or without one in the channel."""
    if thread is not None:
        return thread in {message.ts, message.thread_ts}
    is_top = message.thread_ts in {None, message.ts}
    return is_top or message.subtype == BROADCAST_REPLY


def news(channel: Channel, user: str) -> Iterator[Message]:
    """Yield what others said in the channel since the person last read it, newest first."""
    read = channel.read.get(user, "")
    for message in reversed(channel.messages):
        if message.ts <= read:
            return
        is_news = message.user != user and message.subtype not in NOT_NEWS
        if is_news and message.only_for is None and belongs(message, None):
            yield message


def calls_for(workspace: Workspace, message: Message, user: str) -> bool:
    """Return whether the message mentions the person, a group of theirs, or everybody."""
    names = [f"<@{user}", *BROADCASTS]
    ids = {user}
    for group in workspace.groups.values():
        if user in group.users and not group.is_disabled:
            names.append(f"<!subteam^{group.id}")
            ids.add(group.id)
    return any(
        text in ids or any(name in text for name in names)
        for text in [f" {message.text}", *_texts(message.blocks)]
    )


def _texts(part: Any) -> Iterator[str]:
    """Yield texts and named ids in blocks; free texts never equal an id by themselves."""
    if isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        for name in ("user_id", "usergroup_id"):
            if name in part:
                yield str(part[name])
        if part.get("type") == "broadcast":
            yield "<!channel"
        for name, each in part.items():
            if name == "text" and isinstance(each, str):
                yield f" {each}"
            elif isinstance(each, list | dict):
                yield from _texts(each)


def described(channel: Channel, message: Message, *, with_metadata: bool = False) -> Json:
    """Return a message as the Web API carries it, and how its thread stands."""
    shown = message.shown(with_metadata=with_metadata)
    if message.replies:
        repliers = list(dict.fromkeys(channel.by_ts[ts].user for ts in message.replies))
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(message.replies),
            "reply_users": repliers,
            "reply_users_count": len(repliers),
            "latest_reply": message.replies[-1],
        }
    return shown
