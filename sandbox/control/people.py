"""What people do in channels: commands, shortcuts, messages, joining and leaving things behind."""

from collections.abc import Mapping

from sandbox.control.fields import Act, Fields
from sandbox.control.messages import refuse_text
from sandbox.deliveries.courier import Courier
from sandbox.deliveries.outcomes import Outcomes
from sandbox.deliveries.payloads import Payloads
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.happenings import members, messages
from sandbox.records import Message
from sandbox.typed import Typed
from sandbox.viewing import sees
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
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

    async def command(self, fields: Fields) -> Json:
        """Type a slash command."""
        channel, typed = fields.own_channel(), self._typed(fields, "text", "")
        self._require_company(fields.person())
        command = fields.text("command", "/incident")
        if not command.startswith("/"):
            raise ControlError("a command starts with a slash", command)
        registered = {known.command: known for known in self._workspace.seed.commands}
        should_escape = command in registered and registered[command].should_escape
        text = typed.for_command(should_escape=should_escape)
        payload = self._payloads.command(fields.person(), channel, command, text)
        return await self._outcomes.interact("slash_commands", payload)

    async def shortcut(self, fields: Fields) -> Json:
        """Use a shortcut, on a message if one is named."""
        user, callback_id = fields.person(), fields.text("callback_id")
        self._require_company(user)
        self._require_shortcut(callback_id, on_message=fields.optional("channel") is not None)
        if fields.optional("channel") is None:
            payload = self._payloads.global_shortcut(user, callback_id)
        else:
            channel = fields.seen_channel()
            message = fields.message(channel)
            payload = self._payloads.message_shortcut(user, callback_id, channel, message)
        return await self._outcomes.interact("interactive", payload)

    async def message(self, fields: Fields) -> Json:
        """Write a message."""
        user, channel, before = fields.person(), fields.own_channel(), self._courier.sent()
        seed = self._workspace.seed
        if channel.is_im and (seed.messages_tab_read_only or not seed.messages_tab):
            raise ControlError("the app takes no messages from people", channel.id)
        thread = fields.thread(channel)
        refuse_text(fields.text("text"))
        text = self._typed(fields, "text").kept()
        message = Message(self._workspace.stamp(), user, text, thread_ts=thread)
        if fields.flag("broadcast"):
            messages.broadcast(channel, message)
        messages.write(self._workspace, channel, message)
        return {"ts": message.ts, "channel": channel.id, "deliveries": self._courier.since(before)}

    async def home(self, fields: Fields) -> Json:
        """Open the app's Home tab."""
        user, before = fields.person(), self._courier.sent()
        if not self._workspace.seed.home_tab:
            raise ControlError("the app has no Home tab")
        self._workspace.emit("app_home_opened", self._payloads.home_opened(user))
        return {"deliveries": self._courier.since(before)}

    async def join(self, fields: Fields) -> Json:
        """Enter a public channel."""
        user, channel, before = fields.person(), fields.channel(), self._courier.sent()
        if not sees(self._workspace, user, channel):
            raise ControlError("this person cannot see the channel", f"{user}, {channel.id}")
        if channel.is_private or channel.is_archived or user in channel.members:
            raise ControlError("this person cannot join the channel", f"{user}, {channel.id}")
        members.join(self._workspace, channel, user)
        return {"deliveries": self._courier.since(before)}

    async def invite(self, fields: Fields) -> Json:
        """Bring somebody into a channel one is in."""
        user, channel, before = fields.full_member(), fields.own_channel(), self._courier.sent()
        invited = fields.person("invited")
        refusal = members.refusal(self._workspace, channel, invited)
        why = "direct messages" if channel.is_im else refusal
        if why:
            words = f"this person cannot be invited ({why})"
            raise ControlError(words, f"{invited}, {channel.id}")
        members.join(self._workspace, channel, invited, user)
        return {"deliveries": self._courier.since(before)}

    async def leave(self, fields: Fields) -> Json:
        """Leave a channel, or be removed from it."""
        user, channel, before = fields.person(), fields.own_channel(), self._courier.sent()
        if channel.is_im or channel.id == self._workspace.seed.general:
            raise ControlError("nobody leaves this channel", channel.id)
        members.leave(self._workspace, channel, user)
        return {"deliveries": self._courier.since(before)}

    def _typed(self, fields: Fields, name: str, default: str | None = None) -> Typed:
        return Typed(self._workspace, fields.person(), fields.text(name, default))

    def _require_company(self, user: str) -> None:
        if self._workspace.people[user].team != self._workspace.seed.team:
            raise ControlError("the app is not installed where this person is from", user)

    def _require_shortcut(self, callback_id: str, *, on_message: bool) -> None:
        kind, registered = "message" if on_message else "global", self._workspace.seed.shortcuts
        known = {shortcut.callback_id for shortcut in registered if shortcut.kind == kind}
        if registered and callback_id not in known:
            words = f"the app registered no such {kind} shortcut"
            raise ControlError(words, callback_id, status=NOT_FOUND)
