"""Web API methods about canvases."""

from sandbox.access import open_channel, visible
from sandbox.arguments import Arguments
from sandbox.errors import SlackError, missing
from sandbox.happenings import canvas_text, canvases
from sandbox.happenings.canvases import LEVELS, Level
from sandbox.methods.method import Method, Tier
from sandbox.records import Canvas, Channel
from sandbox.wire import Json
from sandbox.workspace import Workspace

HEADINGS = ("h1", "h2", "h3")
SECTION_TYPES = {*HEADINGS, "any_header"}
MOST_TYPES = 3


def create(workspace: Workspace, args: Arguments) -> Json:
    """Make a canvas of the bot's, as a tab of a channel if one is named."""
    content = args.structure("document_content", "invalid_arguments")
    channel = None
    if args.text("channel_id"):
        channel = open_channel(workspace, args.text("channel_id"))
        _refuse_second_tab(workspace, channel)
    elif not workspace.seed.is_paid:
        raise SlackError("free_teams_cannot_create_non_tabbed_canvases")
    bot = workspace.seed.bot_user
    canvas = canvases.create(workspace, bot, args.text("title"), content)
    if channel is not None:
        canvases.attach(workspace, canvas, channel, is_own=False)
    return {"canvas_id": canvas.id}


def create_for_channel(workspace: Workspace, args: Arguments) -> Json:
    """Make the canvas of a channel, of which there is one at most."""
    content = args.structure("document_content", "invalid_arguments")
    channel = open_channel(workspace, args.required("channel_id"))
    if channel.canvas is not None:
        raise SlackError("channel_canvas_already_exists")
    _refuse_second_tab(workspace, channel)
    bot = workspace.seed.bot_user
    canvas = canvases.create(workspace, bot, args.text("title"), content)
    canvases.attach(workspace, canvas, channel, is_own=True)
    return {"canvas_id": canvas.id}


def edit(workspace: Workspace, args: Arguments) -> Json:
    """Carry out exactly one change."""
    canvas = _known(workspace, args, Level.WRITE)
    if not workspace.seed.is_paid and canvas.channel is None:
        raise SlackError("free_teams_cannot_edit_standalone_canvases")
    changes = args.structure("changes", "invalid_arguments")
    if not isinstance(changes, list):
        raise missing("changes")
    if len(changes) != 1:
        words = "must provide exactly 1 item [json-pointer:/changes]"
        raise SlackError("invalid_arguments", [words])
    canvases.edit(workspace, canvas, changes[0])
    return {}


def delete(workspace: Workspace, args: Arguments) -> Json:
    """Delete a canvas of the bot's."""
    canvases.delete(workspace, _known(workspace, args, Level.OWNER))
    return {}


def get_content(workspace: Workspace, args: Arguments) -> Json:
    """Return all of a canvas, as Markdown."""
    canvas = _known(workspace, args, Level.READ)
    if args.text("content_type") not in {"", "markdown"}:
        raise SlackError("invalid_arguments", ["only markdown is built in this sandbox"])
    return {"content": canvas.markdown}


def lookup(workspace: Workspace, args: Arguments) -> Json:
    """Find the sections of some types, or with some text in them, or both."""
    known = workspace.canvases.get(args.required("canvas_id"))
    if known is not None and known.is_deleted:
        raise SlackError("canvas_deleted")
    canvas = _known(workspace, args, Level.READ)
    types, text = _criteria(args)
    wanted = set(HEADINGS) if "any_header" in types else types
    return {
        "sections": [
            {"id": section.id}
            for section in canvas.sections
            if text in section.markdown
            and (not wanted or canvas_text.level(section.markdown) in wanted)
        ]
    }


def set_access(workspace: Workspace, args: Arguments) -> Json:
    """Let people or the members of channels read, write or own a canvas."""
    canvas, level = _known(workspace, args, Level.OWNER), args.required("access_level")
    if level not in LEVELS:
        words = "must be a valid enum value [json-pointer:/access_level]"
        raise SlackError("invalid_arguments", [words])
    channels, users = _named(workspace, args)
    if bool(channels) is bool(users) or (level == "owner" and len(users) != 1):
        raise SlackError("invalid_parameters")
    if level == "owner":
        canvas.access[canvas.owner] = "write"
        canvas.owner = users[0]
        canvas.access.pop(users[0], None)
    else:
        canvas.access |= dict.fromkeys((*channels, *users), level)
    workspace.changes.bump()
    return {}


def delete_access(workspace: Workspace, args: Arguments) -> Json:
    """Let people or the members of channels see a canvas no longer."""
    canvas = _known(workspace, args, Level.OWNER)
    channels, users = _named(workspace, args)
    if bool(channels) is bool(users):
        raise SlackError("invalid_parameters")
    for name in (*channels, *users):
        canvas.access.pop(name, None)
    workspace.changes.bump()
    return {}


def _known(workspace: Workspace, args: Arguments, needed: Level) -> Canvas:
    canvas = workspace.canvases.get(args.required("canvas_id"))
    if canvas is None or canvas.is_deleted:
        raise SlackError("canvas_not_found")
    level = canvases.level_of(workspace, canvas, workspace.seed.bot_user)
    if level == Level.NONE:
        raise SlackError("canvas_not_found")
    if level < needed:
        raise SlackError("restricted_action")
    return canvas


def _refuse_second_tab(workspace: Workspace, channel: Channel) -> None:
    tabs = [c for c in workspace.canvases.values() if c.channel == channel.id and not c.is_deleted]
    if tabs and not workspace.seed.is_paid:
        raise SlackError("free_team_canvas_tab_already_exists")


def _criteria(args: Arguments) -> tuple[set[str], str]:
    given = args.structure("criteria", "invalid_arguments")
    if not isinstance(given, dict) or not given or set(given) - {"section_types", "contains_text"}:
        words = "must define `section_types` or `contains_text` [json-pointer:/criteria]"
        raise SlackError("invalid_arguments", [words])
    types, text = given.get("section_types", []), given.get("contains_text", "")
    fits = isinstance(types, list) and len(types) <= MOST_TYPES and set(types) <= SECTION_TYPES
    if not fits or not isinstance(text, str) or not (types or text):
        raise SlackError("invalid_arguments", ["must be a criterion [json-pointer:/criteria]"])
    return set(types), text


def _named(workspace: Workspace, args: Arguments) -> tuple[list[str], list[str]]:
    channels, users = _ids(args, "channel_ids"), _ids(args, "user_ids")
    for channel in channels:
        visible(workspace, channel)
    for user in users:
        workspace.person(user)
    return channels, users


def _ids(args: Arguments, name: str) -> list[str]:
    given = args.given.get(name)
    if isinstance(given, str) and not given.startswith("["):
        return args.names(name)
    listed = args.structure(name, "invalid_arguments") or []
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        words = f"must be a list of ids [json-pointer:/{name}]"
        raise SlackError("invalid_arguments", [words])
    return listed


METHODS = {
    "canvases.access.delete": Method(delete_access, ("canvases:write",)),
    "canvases.access.set": Method(set_access, ("canvases:write",)),
    "canvases.create": Method(create, ("canvases:write",), Tier.TWO),
    "canvases.delete": Method(delete, ("canvases:write",)),
    "canvases.edit": Method(edit, ("canvases:write",)),
    "canvases.getContent": Method(get_content, ("canvases:read",)),
    "canvases.sections.lookup": Method(lookup, ("canvases:read",)),
    "conversations.canvases.create": Method(create_for_channel, ("canvases:write",), Tier.TWO),
}
