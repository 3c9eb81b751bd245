"""What the page reads: the workspace as one person sees it."""

import bisect
from collections.abc import Mapping
from dataclasses import asdict

from sandbox.control.fields import Act, Fields
from sandbox.deliveries.socket_mode import SocketMode
from sandbox.errors import ControlError
from sandbox.records import Channel, Message
from sandbox.viewing import belongs, calls_for, described, is_seen, news, sees
from sandbox.wire import Json
from sandbox.workspace import Workspace

USUAL_PAGE = 100
LARGEST_PAGE = 1000


class Page:
    """Show the workspace to the page, and what changed since it last looked."""

    def __init__(self, workspace: Workspace, socket_mode: SocketMode) -> None:
        self._workspace = workspace
        self._socket_mode = socket_mode

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {"look": self.look, "channel": self.channel, "timeline": self.timeline}

    async def look(self, fields: Fields) -> Json:
        """Show who and what is there, as far as this person sees it; without one, the first."""
        workspace, seed = self._workspace, self._workspace.seed
        user = fields.person() if fields.optional("user") else seed.people[0].id
        return {
            "version": workspace.changes.version,
            "now": workspace.clock.now(),
            "me": user,
            "team": {"id": seed.team, "name": seed.team_name},
            "people": {each.id: asdict(each) for each in workspace.people.values()},
            "groups": {each.id: asdict(each) for each in workspace.groups.values()},
            "channels": [
                self._listed(channel, user)
                for channel in workspace.channels.values()
                if sees(workspace, user, channel)
            ],
            "commands": [asdict(command) for command in seed.commands],
            "shortcuts": [asdict(shortcut) for shortcut in seed.shortcuts],
            "app": {"id": seed.app, "name": seed.bot_name, "user": seed.bot_user},
            "connections": len(self._socket_mode.connections),
            "modals": len(workspace.stacks.get(user, [])),
        }

    async def channel(self, fields: Fields) -> Json:
        """Show one channel's header."""
        user, channel = fields.person(), fields.seen_channel()
        canvas = self._workspace.canvases.get(channel.canvas or "")
        return {
            **self._listed(channel, user),
            "topic": channel.topic.value,
            "purpose": channel.purpose.value,
            "creator": channel.creator,
            "members": channel.members,
            "pins": [
                {**pin, "message": _drawn(channel, channel.by_ts[pin["message"]["ts"]])}
                for pin in reversed(channel.pins)
                if pin["message"]["ts"] in channel.by_ts
            ],
            "bookmarks": channel.bookmarks,
            "canvas": None if canvas is None else asdict(canvas),
            "read": channel.read.get(user),
        }

    async def timeline(self, fields: Fields) -> Json:
        """Show a stretch of a channel or thread, or what changed in it since a version."""
        user, channel = fields.person(), fields.seen_channel()
        thread = fields.optional("thread")
        line = [m for m in channel.messages if belongs(m, thread) and is_seen(m, user)]
        gone: list[str] = []
        if "since" in fields.given:
            since = fields.number("since")
            gone = [ts for version, ts in channel.gone if version > since]
            stretch = slice(0, len(line))
            chosen = [message for message in line if message.version > since]
        else:
            stretch = _stretch(line, fields)
            chosen = line[stretch]
        return {
            "version": self._workspace.changes.version,
            "messages": [_drawn(channel, message) for message in chosen],
            "gone": gone,
            "has_more": stretch.start > 0,
            "has_later": stretch.stop < len(line),
        }

    def _listed(self, channel: Channel, user: str) -> Json:
        fresh = list(news(channel, user)) if user in channel.members else []
        calls = [m for m in fresh if channel.is_im or calls_for(self._workspace, m, user)]
        others = [member for member in channel.members if member != user]
        return {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "is_archived": channel.is_archived,
            "is_ext_shared": channel.is_ext_shared,
            "is_member": user in channel.members,
            "unread": len(fresh),
            "mentions": len(calls),
            "latest": channel.messages[-1].ts if channel.messages else None,
            "other": others[0] if channel.is_im and others else None,
        }


def _drawn(channel: Channel, message: Message) -> Json:
    return {**described(channel, message), "is_ephemeral": message.only_for is not None}


def _stretch(line: list[Message], fields: Fields) -> slice:
    stamps = [message.ts for message in line]
    limit = fields.number("limit", USUAL_PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        words = f"limit is from 1 to {LARGEST_PAGE}"
        raise ControlError(words, limit)
    if before := fields.optional("before"):
        end = bisect.bisect_left(stamps, before)
    elif after := fields.optional("after"):
        start = bisect.bisect_right(stamps, after)
        return slice(start, min(start + limit, len(line)))
    elif around := fields.optional("around"):
        end = min(bisect.bisect_left(stamps, around) + limit // 2 + 1, len(line))
    else:
        end = len(line)
    return slice(max(0, end - limit), end)
