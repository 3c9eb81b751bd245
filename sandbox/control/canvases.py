"""What people do with canvases."""

from collections.abc import Mapping

from sandbox.control.fields import Act, Fields
from sandbox.errors import NOT_FOUND, ControlError, SlackError
from sandbox.happenings import canvases
from sandbox.happenings.canvases import Level
from sandbox.records import Canvas
from sandbox.wire import Json
from sandbox.workspace import Workspace


class Canvases:
    """Read and write canvases as the people of the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {"canvas": self.write}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {"canvas": self.read, "canvases": self.every}

    async def write(self, fields: Fields) -> Json:
        """Change one thing in a canvas; in a channel without one, begin it."""
        try:
            canvas = self._canvas(fields)
            if canvas is None:
                return canvases.shown(self._begun(fields))
            self._require(fields, canvas, Level.WRITE)
            canvases.edit(self._workspace, canvas, _change(fields))
        except SlackError as error:
            why = ", ".join([error.code, *error.messages])
            raise ControlError("Slack would not have this", why) from error
        return canvases.shown(canvas)

    async def read(self, fields: Fields) -> Json:
        """Show a canvas, to nobody in particular or as far as a person sees it."""
        canvas = self._canvas(fields)
        if canvas is None:
            raise ControlError("this channel has no canvas", status=NOT_FOUND)
        if fields.optional("user") is not None:
            self._require(fields, canvas, Level.READ)
        return canvases.shown(canvas)

    async def every(self, _fields: Fields) -> list[Json]:
        """Show every canvas."""
        kept = self._workspace.canvases.values()
        return [canvases.shown(canvas) for canvas in kept if not canvas.is_deleted]

    def _begun(self, fields: Fields) -> Canvas:
        user, channel, change = fields.person(), fields.own_channel(), _change(fields)
        if not change["operation"].startswith("insert_at"):
            raise ControlError("this channel has no canvas", channel.id, status=NOT_FOUND)
        canvas = canvases.create(self._workspace, user, "", change["document_content"])
        canvases.attach(self._workspace, canvas, channel, is_own=True)
        return canvas

    def _canvas(self, fields: Fields) -> Canvas | None:
        if fields.optional("canvas") is None:
            channel = fields.channel()
            return self._workspace.canvases[channel.canvas] if channel.canvas else None
        canvas = self._workspace.canvases.get(fields.text("canvas"))
        if canvas is None or canvas.is_deleted:
            raise ControlError("there is no such canvas", fields.text("canvas"), status=NOT_FOUND)
        return canvas

    def _require(self, fields: Fields, canvas: Canvas, level: Level) -> None:
        user = fields.person()
        if canvases.level_of(self._workspace, canvas, user) < level:
            words = "this person may not do this with the canvas"
            raise ControlError(words, f"{user}, {canvas.id}")


def _change(fields: Fields) -> Json:
    operation = fields.text("operation", "insert_at_end")
    change: Json = {"operation": operation}
    if operation != "delete":
        name = "title_content" if operation == "rename" else "document_content"
        change[name] = {"type": "markdown", "markdown": fields.text("text")}
    if fields.optional("section") is not None:
        change["section_id"] = fields.text("section")
    return change
