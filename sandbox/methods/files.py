"""Web API methods that find, describe and delete files."""

from typing import NoReturn

from sandbox.access import visible
from sandbox.arguments import BEGINNING, END, Arguments
from sandbox.errors import SlackError
from sandbox.happenings import canvases, files
from sandbox.happenings.file_kinds import IMAGES, TEXTS
from sandbox.methods.method import Method, Tier
from sandbox.records import Canvas, File
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST = 1000
TEXTUAL = frozenset(kind.mimetype for kind in TEXTS.values())
TYPES = {"all", "spaces", "snippets", "images", "gdocs", "zips", "pdfs"}


def info(workspace: Workspace, args: Arguments) -> Json:
    """Describe one file, and in which messages it is; a canvas is a file too."""
    if args.text("file") in workspace.canvases:
        return {"file": _canvas(workspace, workspace.canvases[args.text("file")])}
    file = _known(workspace, args)
    described = {
        **files.described(workspace, file),
        "shares": _shares(workspace, file),
        "comments_count": 0,
    }
    answer: Json = {"file": described, "comments": [], "response_metadata": {"next_cursor": ""}}
    if file.mimetype in TEXTUAL:
        answer["content"] = file.content.decode(errors="replace")
    return answer


def list_files(workspace: Workspace, args: Arguments) -> Json:
    """List the files the app can see, the newest first."""
    types = set(args.names("types", "all"))
    if not types or types - TYPES:
        raise SlackError("unknown_type")
    user, channel = args.text("user"), args.text("channel")
    if user:
        workspace.person(user)
    if channel:
        visible(workspace, channel)
    start = args.moment("ts_from", _wrong("ts_from")) or BEGINNING
    end = args.moment("ts_to", _wrong("ts_to")) or END
    found = [
        file
        for file in reversed(workspace.files.values())
        if files.visible_to(workspace, file, workspace.seed.bot_user)
        and user in {"", file.user}
        and (not channel or any(c.id == channel for c, _ in files.shared_in(workspace, file)))
        and types & _types(file)
        and start <= (file.created, 0) <= end
    ]
    count = args.number("count", default=100, most=MOST)
    page = args.number("page", default=1, most=MOST)
    shown = found[(page - 1) * count : page * count]
    paging = {"count": count, "total": len(found), "page": page}
    return {
        "files": [files.described(workspace, file) for file in shown],
        "paging": {**paging, "pages": -(-len(found) // count)},
    }


def delete(workspace: Workspace, args: Arguments) -> Json:
    """Delete one of the bot's own files."""
    file = _known(workspace, args)
    if file.user != workspace.seed.bot_user:
        raise SlackError("cant_delete_file")
    files.delete(workspace, file)
    return {}


def retired(_workspace: Workspace, _args: Arguments) -> NoReturn:
    """Refuse the old way to upload."""
    raise SlackError("method_deprecated")


def for_people_only(_workspace: Workspace, _args: Arguments) -> NoReturn:
    """Refuse what only a person's token may do."""
    raise SlackError("not_allowed_token_type")


def _canvas(workspace: Workspace, canvas: Canvas) -> Json:
    if canvas.is_deleted:
        raise SlackError("file_deleted")
    if not canvases.level_of(workspace, canvas, workspace.seed.bot_user):
        raise SlackError("file_not_found")
    return {
        "id": canvas.id,
        "created": canvas.created,
        "timestamp": canvas.created,
        "name": canvas.title,
        "title": canvas.title,
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "mode": "quip",
        "pretty_type": "Canvas",
        "user": canvas.owner,
        "size": len(canvas.markdown.encode()),
        "is_external": False,
        "permalink": f"{workspace.url}/docs/{workspace.seed.team}/{canvas.id}",
    }


def _known(workspace: Workspace, args: Arguments) -> File:
    file = workspace.files.get(args.required("file"))
    if file is not None and file.is_deleted:
        raise SlackError("file_deleted")
    if file is None or not files.visible_to(workspace, file, workspace.seed.bot_user):
        raise SlackError("file_not_found")
    return file


def _shares(workspace: Workspace, file: File) -> Json:
    shares: Json = {}
    for channel, message in files.shared_in(workspace, file):
        if workspace.seed.bot_user not in channel.members:
            continue
        share = {
            "ts": message.ts,
            "channel_name": channel.name,
            "team_id": workspace.seed.team,
            "share_user_id": message.user,
            "reply_users": [],
            "reply_users_count": 0,
            "reply_count": len(message.replies),
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        }
        openness = "private" if channel.is_private else "public"
        shares.setdefault(openness, {}).setdefault(channel.id, []).append(share)
    return shares


def _types(file: File) -> set[str]:
    fits = {
        "snippets": file.is_snippet,
        "images": file.mimetype in IMAGES,
        "zips": file.filetype == "zip",
        "pdfs": file.filetype == "pdf",
    }
    return {"all", *(name for name, is_one in fits.items() if is_one)}


def _wrong(name: str) -> SlackError:
    return SlackError("invalid_arguments", [f"must be a timestamp [json-pointer:/{name}]"])


METHODS = {
    "files.delete": Method(delete, ("files:write",)),
    "files.info": Method(info, ("files:read",), Tier.FOUR),
    "files.list": Method(list_files, ("files:read",)),
    "files.revokePublicURL": Method(for_people_only),
    "files.sharedPublicURL": Method(for_people_only),
    "files.upload": Method(retired),
}
