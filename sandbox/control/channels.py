"""What people do to channels: make, name, describe, mark, reopen them, and remove members."""

from collections.abc import Mapping

from sandbox.control.fields import Act, Fields
from sandbox.deliveries.courier import Courier
from sandbox.errors import ControlError
from sandbox.happenings import bookmarks, channels, members
from sandbox.records import Channel
from sandbox.viewing import is_full_member
from sandbox.wire import Json
from sandbox.workspace import Workspace


class Channels:
    """Look after channels as the people of the workspace."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {
            "create_channel": self.create,
            "rename": self.rename,
            "topic": self.topic,
            "purpose": self.purpose,
            "archive": self.archive,
            "unarchive": self.unarchive,
            "remove_member": self.remove_member,
            "bookmark": self.bookmark,
            "unbookmark": self.unbookmark,
            "change_id": self.change_id,
            "set_shared": self.set_shared,
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

    async def create(self, fields: Fields) -> Json:
        """Make a channel, which guests and people of another company may not."""
        user, before = fields.full_member(), self._courier.sent()
        name, private = fields.text("name"), fields.flag("is_private")
        made = channels.create(self._workspace, user, name, is_private=private)
        return {"channel": made.id, "deliveries": self._courier.since(before)}

    async def rename(self, fields: Fields) -> Json:
        """Give a channel another name, which its creator and admins may."""
        channel, before = _real(fields.own_channel()), self._courier.sent()
        self._require_owner(fields, channel)
        channels.rename(self._workspace, channel, fields.person(), fields.text("name"))
        return {"deliveries": self._courier.since(before)}

    async def topic(self, fields: Fields) -> Json:
        """Set a channel's topic."""
        return self._describe(fields, "topic")

    async def purpose(self, fields: Fields) -> Json:
        """Set a channel's purpose."""
        return self._describe(fields, "purpose")

    async def archive(self, fields: Fields) -> Json:
        """Archive a channel by hand."""
        channel, before = fields.channel(), self._courier.sent()
        user = self._workspace.seed.people[0].id
        if fields.optional("user") is not None:
            user, channel = fields.full_member(), fields.seen_channel()
        closed = channel.is_archived or channel.id == self._workspace.seed.general
        if channel.is_im or channel.is_mpim or closed:
            raise ControlError("this channel cannot be archived", channel.id)
        channels.archive(self._workspace, channel, user)
        return {"deliveries": self._courier.since(before)}

    async def unarchive(self, fields: Fields) -> Json:
        """Open an archived channel again."""
        user, channel, before = fields.full_member(), fields.seen_channel(), self._courier.sent()
        if not channel.is_archived:
            raise ControlError("the channel is not archived", channel.id)
        channels.unarchive(self._workspace, channel, user)
        return {"deliveries": self._courier.since(before)}

    async def remove_member(self, fields: Fields) -> Json:
        """Remove somebody from a channel: its creator and admins may."""
        channel, removed, before = (
            _real(fields.own_channel()),
            fields.person("removed"),
            self._courier.sent(),
        )
        self._require_owner(fields, channel)
        if removed not in channel.members or removed == fields.person():
            raise ControlError("this person cannot be removed", f"{removed}, {channel.id}")
        if channel.id == self._workspace.seed.general:
            raise ControlError("nobody is removed from this channel", channel.id)
        members.leave(self._workspace, channel, removed, fields.person())
        return {"deliveries": self._courier.since(before)}

    async def bookmark(self, fields: Fields) -> Json:
        """Put a link at the top of a channel."""
        channel = fields.own_channel()
        given = {"title": fields.text("title"), "link": fields.text("link")}
        given["emoji"] = fields.text("emoji", "")
        return bookmarks.add(self._workspace, channel, fields.person(), given)

    async def unbookmark(self, fields: Fields) -> Json:
        """Take a link away from the top of a channel."""
        channel = fields.own_channel()
        found = bookmarks.find(channel, fields.text("bookmark"))
        bookmarks.remove(self._workspace, channel, found)
        return {"ok": True}

    async def change_id(self, fields: Fields) -> Json:
        """Give a channel another id, as Slack does when it moves one."""
        channel, before = _real(fields.channel()), self._courier.sent()
        channels.change_id(self._workspace, channel)
        return {"channel": channel.id, "deliveries": self._courier.since(before)}

    async def set_shared(self, fields: Fields) -> Json:
        """Share a channel with another company, or with `is_ext_shared: false` no longer."""
        channel, before = _real(fields.channel()), self._courier.sent()
        shared = fields.flag("is_ext_shared", default=True)
        channels.share(self._workspace, channel, is_ext_shared=shared)
        return {"deliveries": self._courier.since(before)}

    def _describe(self, fields: Fields, what: str) -> Json:
        channel, before = _real(fields.own_channel()), self._courier.sent()
        user, text = fields.person(), fields.text("text")
        channels.describe(self._workspace, channel, user, what, text)
        return {"deliveries": self._courier.since(before)}

    def _require_owner(self, fields: Fields, channel: Channel) -> None:
        user = fields.person()
        admin = self._workspace.people[user].is_admin
        created = channel.creator == user and is_full_member(self._workspace, user)
        if not (admin or created):
            words = "only the channel's creator or an admin does this"
            raise ControlError(words, f"{user}, {channel.id}")


def _real(channel: Channel) -> Channel:
    if channel.is_im or channel.is_mpim:
        raise ControlError("direct messages are not a channel", channel.id)
    return channel
