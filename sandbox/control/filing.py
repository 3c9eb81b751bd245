"""What people do with files."""

from base64 import b64decode
from collections.abc import Mapping

from aiohttp import web

from sandbox.control.fields import Act, Fields
from sandbox.deliveries.courier import Courier
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.file_server import bytes_of
from sandbox.happenings.files import (
    LARGEST,
    LONGEST_NAME,
    delete,
    described,
    new_file,
    share,
    visible_to,
)
from sandbox.records import File, Message
from sandbox.typed import Typed
from sandbox.wire import Json
from sandbox.workspace import Workspace


class Filing:
    """Upload and share files as the people of the workspace."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {"upload": self.upload, "delete_file": self.delete_file}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {"file": self.file}

    async def upload(self, fields: Fields) -> Json:
        """Upload a file, and share it if a channel is named."""
        user, before = fields.person(), self._courier.sent()
        channel = None if fields.optional("channel") is None else fields.own_channel()
        thread = None if channel is None else fields.thread(channel)
        file = self._new(fields)
        text = Typed(self._workspace, user, fields.text("text", "")).kept()
        message = Message(self._workspace.stamp(), user, text, thread_ts=thread)
        if channel is not None:
            share(self._workspace, channel, message, [file])
        return {
            "file": described(self._workspace, file),
            "channel": channel.id if channel else None,
            "ts": message.ts if channel else None,
            "deliveries": self._courier.since(before),
        }

    async def delete_file(self, fields: Fields) -> Json:
        """Delete a file of one's own, or as an admin anybody's."""
        user, file, before = fields.person(), self._seen(fields), self._courier.sent()
        person = self._workspace.people[user]
        if user != file.user and not (person.is_admin or person.is_owner):
            raise ControlError("this person cannot delete the file", f"{user}, {file.id}")
        delete(self._workspace, file)
        return {"deliveries": self._courier.since(before)}

    async def file(self, fields: Fields) -> web.Response:
        """Show a file's bytes to somebody who may see them."""
        return bytes_of(self._seen(fields))

    def _seen(self, fields: Fields) -> File:
        user, file_id = fields.person(), fields.text("file")
        file = self._workspace.files.get(file_id)
        if file is None or not visible_to(self._workspace, file, user):
            raise ControlError("this person sees no such file", file_id, status=NOT_FOUND)
        return file

    def _new(self, fields: Fields) -> File:
        content = _decoded(fields.text("content"))
        name, title = fields.text("filename"), fields.text("title", "")
        if not name:
            raise ControlError("a file has a name")
        if len(name) > LONGEST_NAME:
            raise ControlError("a file's name is no longer than", f"{LONGEST_NAME} characters")
        file = new_file(self._workspace, fields.person(), name, len(content))
        file.title, file.alt_text = title or name, fields.text("alt_text", "")
        file.content, file.is_complete = content, True
        return file


def _decoded(text: str) -> bytes:
    try:
        content = b64decode(text, validate=True)
    except ValueError as error:
        raise ControlError("content is base64") from error
    if not content:
        raise ControlError("an empty file cannot be uploaded")
    if len(content) > LARGEST:
        raise ControlError("the file is too large", f"{len(content)} bytes of {LARGEST}")
    return content
