"""Windows on the workspace: what people see, what the app called, what was delivered."""

import asyncio
import contextlib
import math
from collections.abc import Mapping

from sandbox.control.fields import Act, Fields
from sandbox.control.settings import Settings
from sandbox.deliveries.courier import Attempt, Courier
from sandbox.deliveries.socket_mode import SocketMode
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.happenings import modals
from sandbox.records import Channel, Message, View
from sandbox.viewing import sees
from sandbox.web_api import WebApi
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST_WAIT = 60.0


class Windows:
    """Show a tester the state of things."""

    def __init__(
        self,
        workspace: Workspace,
        web_api: WebApi,
        courier: Courier,
        settings: Settings,
        socket_mode: SocketMode,
    ) -> None:
        self._workspace = workspace
        self._web_api = web_api
        self._courier = courier
        self._settings = settings
        self._socket_mode = socket_mode

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {
            "state": self.state,
            "messages": self.messages,
            "views": self.views,
            "home": self.home,
            "calls": self.calls,
            "deliveries": self.deliveries,
            "wait": self.wait,
        }

    async def state(self, _fields: Fields) -> Json:
        """Show the channels, the connections and the settings."""
        return {
            "version": self._workspace.changes.version,
            "connections": len(self._socket_mode.connections),
            "connections_so_far": self._socket_mode.opened,
            "channels": [_channel(channel) for channel in self._workspace.channels.values()],
            "settings": self._settings.current(),
        }

    async def messages(self, fields: Fields) -> list[Json]:
        """Show a channel's messages as somebody sees them."""
        channel = fields.channel()
        user = fields.person() if fields.optional("user") else None
        if user is not None and not sees(self._workspace, user, channel):
            raise ControlError("this person cannot see the channel", user, status=NOT_FOUND)
        return [_message(m) for m in channel.messages if m.only_for in {None, user}]

    async def views(self, fields: Fields) -> list[Json]:
        """Show somebody's modals, the one in front last."""
        stack = self._workspace.stacks.get(fields.person(), [])
        return [self._view(view) for view in stack]

    async def home(self, fields: Fields) -> Json | None:
        """Show somebody's Home tab."""
        view = self._workspace.homes.get(fields.person())
        return None if view is None else self._view(view)

    async def calls(self, _fields: Fields) -> list[Json]:
        """Show every Web API call so far."""
        return [call.shown() for call in self._web_api.calls]

    async def deliveries(self, _fields: Fields) -> list[Json]:
        """Show every attempt to deliver something so far."""
        return [_attempt(attempt) for attempt in self._courier.attempts]

    async def wait(self, fields: Fields) -> Json:
        """Answer once something has changed since a version, or time is up."""
        version = _number(fields, "version", -1)
        patience = min(_number(fields, "timeout", LONGEST_WAIT), LONGEST_WAIT)
        # A tester's patience is real time, even where the workspace's is stepped.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._workspace.changes.after(int(version))
        return {"version": self._workspace.changes.version}

    def _view(self, view: View) -> Json:
        return {**modals.shown(self._workspace, view), "errors": view.errors}


def _attempt(attempt: Attempt) -> Json:
    parcel, answer = attempt.parcel, attempt.answer
    return {
        "id": attempt.delivery.id,
        "type": parcel.kind,
        "attempt": parcel.retry,
        "retry_reason": parcel.retry_reason,
        "acked": answer.acked,
        "status": answer.status,
        "ms": answer.ms,
        "failure": answer.failure or None,
        "fault": attempt.fault,
        "problems": attempt.delivery.problems,
        "payload": parcel.payload,
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "members": channel.members,
        "topic": channel.topic.value,
        "purpose": channel.purpose.value,
        "pins": [pin["message"]["ts"] for pin in channel.pins],
        "bookmarks": channel.bookmarks,
    }


def _message(message: Message) -> Json:
    return {
        "ts": message.ts,
        "user": message.user,
        "bot_id": message.bot_id,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": message.files,
        "metadata": message.metadata,
        "thread_ts": message.thread_ts,
        "edited": message.edited,
        "subtype": message.subtype,
        "ephemeral": message.only_for is not None,
    }


def _number(fields: Fields, name: str, default: float) -> float:
    try:
        number = float(fields.given.get(name, default))
    except (TypeError, ValueError) as error:
        raise ControlError("this field must be a number", name) from error
    if not math.isfinite(number):
        raise ControlError("this field must be a number", name)
    return number
