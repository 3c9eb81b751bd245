"""What people do in channels: commands, shortcuts, messages, joining and leaving things behind."""

from collections.abc import Mapping

from sandbox.control.fields import Act, Fields
from sandbox.courier import Courier
from sandbox.errors import ControlError
from sandbox.outcomes import Outcomes
from sandbox.payloads import Payloads
from sandbox.records import Message
from sandbox.wire import Json
from sandbox.workspace import Workspace


class People:
    """Act in channels as the people of the workspace."""

    def __init__(
        self, workspace: Workspace, courier: Courier, outcomes: Outcomes, payloads: Payloads
    ) -> None:
        self._workspace = workspace
        self._courier = courier
        self._outcomes = outcomes
        self._payloads = payloads

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {
            "command": self.command,
            "shortcut": self.shortcut,
            "message": self.message,
            "home": self.home,
            "join": self.join,
            "leave": self.leave,
            "invite": self.invite,
            "archive": self.archive,
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

    async def command(self, fields: Fields) -> Json:
        """Type a slash command."""
        channel, text = fields.own_channel(), fields.text("text", "")
        command = fields.text("command", "/incident")
        if not command.startswith("/"):
            raise ControlError("a command starts with a slash", command)
        payload = self._payloads.command(fields.person(), channel, command, text)
        return await self._outcomes.interact("slash_commands", payload)

    async def shortcut(self, fields: Fields) -> Json:
        """Use a shortcut, on a message if one is named."""
        user, callback_id = fields.person(), fields.text("callback_id")
        if fields.optional("channel") is None:
            payload = self._payloads.global_shortcut(user, callback_id)
        else:
            channel = fields.seen_channel()
            message = fields.message(channel)
            payload = self._payloads.message_shortcut(user, callback_id, channel, message)
        return await self._outcomes.interact("interactive", payload)

    async def message(self, fields: Fields) -> Json:
        """Write a message."""
        user, channel, before = fields.person(), fields.own_channel(), self._sent()
        thread = fields.message(channel, "thread_ts").ts if fields.optional("thread_ts") else None
        message = Message(self._workspace.stamp(), user, fields.text("text"), thread_ts=thread)
        if not message.text:
            raise ControlError("a message says something")
        self._workspace.add(channel, message)
        bot = self._workspace.seed.bot_user
        mentioned = f"<@{bot}>" in message.text and not channel.is_im
        if mentioned and bot in channel.members:
            event = {**message.shown(), "type": "app_mention", "channel": channel.id}
            event |= {"team": self._workspace.seed.team, "event_ts": message.ts}
            self._workspace.emit("app_mention", event)
        return {"ts": message.ts, "channel": channel.id, "deliveries": self._since(before)}

    async def home(self, fields: Fields) -> Json:
        """Open the app's Home tab."""
        user, before = fields.person(), self._sent()
        self._workspace.emit("app_home_opened", self._payloads.home_opened(user))
        return {"deliveries": self._since(before)}

    async def join(self, fields: Fields) -> Json:
        """Enter a public channel."""
        user, channel, before = fields.person(), fields.channel(), self._sent()
        if channel.is_private or channel.is_archived or user in channel.members:
            raise ControlError("this person cannot join the channel", f"{user}, {channel.id}")
        self._workspace.join(channel, user)
        return {"deliveries": self._since(before)}

    async def invite(self, fields: Fields) -> Json:
        """Bring somebody into a channel one is in."""
        user, channel, before = fields.person(), fields.own_channel(), self._sent()
        invited = fields.person("invited")
        if channel.is_im or invited in channel.members:
            raise ControlError("this person cannot be invited", f"{invited}, {channel.id}")
        self._workspace.join(channel, invited, user)
        return {"deliveries": self._since(before)}

    async def leave(self, fields: Fields) -> Json:
        """Leave a channel, or be removed from it."""
        user, channel, before = fields.person(), fields.own_channel(), self._sent()
        if channel.is_im or channel.id == self._workspace.seed.general:
            raise ControlError("nobody leaves this channel", channel.id)
        self._workspace.leave(channel, user)
        return {"deliveries": self._since(before)}

    async def archive(self, fields: Fields) -> Json:
        """Archive a channel by hand."""
        channel, before = fields.channel(), self._sent()
        user = fields.person() if fields.optional("user") else self._workspace.seed.people[0].id
        if channel.is_im or channel.is_archived or channel.id == self._workspace.seed.general:
            raise ControlError("this channel cannot be archived", channel.id)
        self._workspace.archive(channel, user)
        return {"deliveries": self._since(before)}

    def _sent(self) -> int:
        return len(self._courier.deliveries)

    def _since(self, before: int) -> list[str]:
        return list(self._courier.deliveries)[before:]
