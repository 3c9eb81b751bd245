"""What a tester's request says, read strictly."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.errors import NOT_FOUND, UNSUPPORTED, ControlError
from sandbox.happenings.messages import parent_of
from sandbox.records import Channel, Message
from sandbox.seed import SLACKBOT
from sandbox.viewing import is_full_member, sees
from sandbox.wire import Json, parsed
from sandbox.workspace import Workspace

DIRECT = "DM"
JSON_TYPE = "application/json"


class Fields:
    """Read the fields of a control request as what they name in the workspace."""

    def __init__(self, given: Json, workspace: Workspace) -> None:
        self.given = given
        self._workspace = workspace

    def text(self, name: str, default: str | None = None) -> str:
        """Return a field that must be text."""
        value = self.given.get(name, default)
        if value is None:
            raise ControlError("a field is missing", name)
        if not isinstance(value, str):
            raise ControlError("this field must be text", name)
        return value

    def optional(self, name: str) -> str | None:
        """Return a field that may be absent, else must be text."""
        return self.text(name) if self.given.get(name) is not None else None

    def number(self, name: str, default: int | None = None) -> int:
        """Return a field that must be a whole number, written as one or as text."""
        value = self.given.get(name, default)
        if value is None:
            raise ControlError("a field is missing", name)
        try:
            return int(str(value))
        except ValueError as error:
            raise ControlError("this field must be a whole number", name) from error

    def mapping(self, name: str) -> Json:
        """Return a field that must be an object, empty if absent."""
        value: Any = self.given.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise ControlError("this field must be an object", name)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a field that must be true or false."""
        value = self.given.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise ControlError("this field must be true or false", name)
        return value

    def person(self, name: str = "user") -> str:
        """Return the id of a person; one who acts, or looks, has an account in use."""
        user = self.text(name)
        if user not in self._workspace.people:
            raise ControlError("there is no such person", user, status=NOT_FOUND)
        if user == self._workspace.seed.bot_user and name == "user":
            raise ControlError("the bot acts through the Web API", user)
        if user == SLACKBOT and name == "user":
            raise ControlError("nobody acts as Slackbot", user)
        if self._workspace.people[user].is_deleted and name == "user":
            raise ControlError("this person is deactivated", user)
        return user

    def full_member(self) -> str:
        """Return the id of a member of the workspace, who is no guest and of no other company."""
        user = self.person()
        if not is_full_member(self._workspace, user):
            raise ControlError("only members of the workspace do this", user)
        return user

    def channel(self) -> Channel:
        """Return a channel of the workspace, or the person's direct messages."""
        channel_id = self.text("channel")
        if channel_id == DIRECT:
            return self._workspace.direct(self.person())
        if channel_id not in self._workspace.channels:
            raise ControlError("there is no such channel", channel_id, status=NOT_FOUND)
        return self._workspace.channels[channel_id]

    def seen_channel(self) -> Channel:
        """Return a channel whose messages the person can see."""
        user, channel = self.person(), self.channel()
        if not sees(self._workspace, user, channel):
            raise ControlError("this person cannot see the channel", f"{user}, {channel.id}")
        return channel

    def own_channel(self) -> Channel:
        """Return a channel in which the person can act."""
        user, channel = self.person(), self.channel()
        if user not in channel.members or not sees(self._workspace, user, channel):
            raise ControlError("this person is not in the channel", f"{user}, {channel.id}")
        if channel.is_archived:
            raise ControlError("the channel is archived", channel.id)
        return channel

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """Return a message of the channel that the person sees."""
        message = channel.find(self.text(name))
        if message is None or message.only_for not in {None, self.person()}:
            raise ControlError("there is no such message", self.text(name), status=NOT_FOUND)
        return message

    def thread(self, channel: Channel) -> str | None:
        """Return what the thread hangs on that the person answers in, if they do."""
        if self.optional("thread_ts") is None:
            return None
        return parent_of(channel, self.message(channel, "thread_ts").ts).ts


Act = Callable[[Fields], Awaitable[web.Response | Json | list[Json] | None]]


async def fields_of_request(request: web.Request, workspace: Workspace) -> Fields:
    """Read a request's query and JSON body."""
    try:
        body = await request.read()
        if body and request.content_type != JSON_TYPE:
            words = f"the body's Content-Type is {JSON_TYPE}, not"
            raise ControlError(words, request.content_type, status=UNSUPPORTED)
        given = parsed(body) if body else {}
    except ValueError as error:
        raise ControlError("the body is not JSON") from error
    if not isinstance(given, dict):
        raise ControlError("the body must be a JSON object")
    return Fields({**request.query, **given}, workspace)
