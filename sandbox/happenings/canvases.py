"""Canvases: who may do what with them, and how they change."""

from enum import IntEnum
from typing import Any

from sandbox.errors import SlackError
from sandbox.happenings import canvas_text
from sandbox.happenings.files import app_or_person_sees
from sandbox.records import Canvas, Channel, Section
from sandbox.wire import Json
from sandbox.workspace import Workspace


class Level(IntEnum):
    """How much somebody may do with a canvas."""

    NONE = 0
    READ = 1
    WRITE = 2
    OWNER = 3


LEVELS = {"read": Level.READ, "write": Level.WRITE, "owner": Level.OWNER}
NEEDS_SECTION = ("insert_after", "insert_before", "delete")
OPERATIONS = {"insert_at_start", "insert_at_end", "replace", "rename", *NEEDS_SECTION}
FIELDS = {"operation", "section_id", "document_content", "title_content"}


def level_of(workspace: Workspace, canvas: Canvas, user: str) -> Level:
    """Return the most that this person, or the app, may do with a canvas."""
    if canvas.owner == user:
        return Level.OWNER
    found = [LEVELS[canvas.access[user]]] if user in canvas.access else []
    shared = [channel for channel in canvas.access if channel in workspace.channels]
    for channel in map(workspace.channels.__getitem__, shared):
        if app_or_person_sees(workspace, channel, user):
            granted = LEVELS[canvas.access[channel.id]]
            # Who looks on without being in the channel may not write.
            found.append(granted if user in channel.members else Level.READ)
    return max(found, default=Level.NONE)


def create(workspace: Workspace, owner: str, title: str, content: Any) -> Canvas:
    """Make a canvas, its owner's alone so far."""
    markdown = "" if content is None else _markdown(content, "canvas_creation_failed")
    canvas = Canvas(workspace.name_new("F"), title, owner, int(workspace.clock.now()))
    canvas.put(_sections(workspace, markdown))
    workspace.canvases[canvas.id] = canvas
    workspace.changes.bump()
    return canvas


def attach(workspace: Workspace, canvas: Canvas, channel: Channel, *, is_own: bool) -> None:
    """Make a canvas a tab of a channel, or the channel's own; who is there may write in it."""
    canvas.channel, canvas.access[channel.id] = channel.id, "write"
    if is_own:
        channel.canvas = canvas.id
    workspace.changes.bump()


def delete(workspace: Workspace, canvas: Canvas) -> None:
    """Take a canvas away from everybody."""
    canvas.is_deleted = True
    canvas.put([])
    channel = workspace.channels.get(canvas.channel or "")
    if channel is not None and channel.canvas == canvas.id:
        channel.canvas = None
    workspace.changes.bump()


def edit(workspace: Workspace, canvas: Canvas, change: Any) -> None:
    """Carry out one change, or refuse it whole."""
    operation = _operation(change)
    if operation == "rename":
        canvas.title = _markdown(change.get("title_content"), "canvas_editing_failed")
        workspace.changes.bump()
        return
    before, after = _cut(canvas, operation, change.get("section_id"))
    added: list[Section] = []
    if operation != "delete":
        markdown = _markdown(change.get("document_content"), "canvas_editing_failed")
        added = _sections(workspace, markdown)
    sections = [*before, *added, *after]
    if sum(len(section.markdown) for section in sections) > canvas_text.LARGEST:
        raise SlackError("canvas_too_large")
    canvas.put(sections)
    workspace.changes.bump()


def _operation(change: Any) -> str:
    if not isinstance(change, dict) or set(change) - FIELDS:
        raise SlackError("invalid_arguments", ["must be a change [json-pointer:/changes/0]"])
    operation = change.get("operation")
    if not isinstance(operation, str) or operation not in OPERATIONS:
        words = "must be a valid enum value [json-pointer:/changes/0/operation]"
        raise SlackError("invalid_arguments", [words])
    given = change.get("section_id")
    takes_section = operation in {*NEEDS_SECTION, "replace"}
    if (operation in NEEDS_SECTION and not given) or (given and not takes_section):
        verb = "missing required field" if takes_section else "invalid additional property"
        words = f"{verb}: section_id [json-pointer:/changes/0]"
        raise SlackError("invalid_arguments", [words])
    return operation


def _cut(
    canvas: Canvas, operation: str, section_id: object
) -> tuple[list[Section], list[Section]]:
    """Return what stays before and what stays after that which the change brings."""
    sections = canvas.sections
    match operation:
        case "insert_at_start":
            return [], sections
        case "insert_at_end":
            return sections, []
        case "replace" if not section_id:
            return [], []
    places = [place for place, section in enumerate(sections) if section.id == section_id]
    if not places:
        raise SlackError("canvas_editing_failed", detail="section_not_found")
    start = places[0] + (operation == "insert_after")
    end = places[0] + (operation != "insert_before")
    return sections[:start], sections[end:]


def _markdown(content: Any, refusal: str) -> str:
    fits = isinstance(content, dict) and set(content) == {"type", "markdown"}
    if not fits or content["type"] != "markdown" or not isinstance(content["markdown"], str):
        raise SlackError("invalid_arguments", ["must be of type markdown, with markdown"])
    markdown: str = content["markdown"]
    if len(markdown) > canvas_text.LARGEST:
        raise SlackError("canvas_too_large")
    words = canvas_text.complaint(markdown)
    if words:
        raise SlackError(refusal, detail=words)
    return markdown


def _sections(workspace: Workspace, markdown: str) -> list[Section]:
    pieces = canvas_text.split(markdown)
    return [Section(workspace.name_new("temp:C:"), piece) for piece in pieces]


def shown(canvas: Canvas) -> Json:
    """Return a canvas as windows show it."""
    sections = [
        {"id": s.id, "type": canvas_text.level(s.markdown) or "text", "markdown": s.markdown}
        for s in canvas.sections
    ]
    return {
        "id": canvas.id,
        "title": canvas.title,
        "owner": canvas.owner,
        "channel": canvas.channel,
        "access": canvas.access,
        "markdown": canvas.markdown,
        "sections": sections,
    }
