"""Bookmarks: links at the top of a channel."""

from sandbox.errors import SlackError, missing
from sandbox.happenings.reactions import known_emoji
from sandbox.records import Channel
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST = 100
LONGEST_TITLE = 256
LONGEST_LINK = 2048
SCHEMES = ("http://", "https://")


def add(workspace: Workspace, channel: Channel, user: str, given: Json) -> Json:
    """Put a link with its title, and perhaps an emoji, at the top of a channel."""
    if not given.get("link"):
        raise missing("link")
    checked(workspace, given)
    if len(channel.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    now = int(workspace.clock.now())
    bookmark: Json = {
        "id": workspace.name_new("Bk"),
        "channel_id": channel.id,
        "title": given["title"],
        "link": given["link"],
        "emoji": given.get("emoji", ""),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": _rank(channel),
        "last_updated_by_user_id": user,
        "last_updated_by_team_id": workspace.seed.team,
        "shortcut_id": None,
        "app_id": workspace.seed.app if user == workspace.seed.bot_user else None,
    }
    channel.bookmarks.append(bookmark)
    workspace.changes.bump()
    return bookmark


def edit(workspace: Workspace, bookmark: Json, user: str, given: Json) -> Json:
    """Change what is given of a bookmark: its title, link or emoji."""
    checked(workspace, given)
    now = int(workspace.clock.now())
    bookmark |= {**given, "date_updated": now, "last_updated_by_user_id": user}
    workspace.changes.bump()
    return bookmark


def remove(workspace: Workspace, channel: Channel, bookmark: Json) -> None:
    """Take a bookmark away."""
    channel.bookmarks.remove(bookmark)
    workspace.changes.bump()


def find(channel: Channel, bookmark_id: str) -> Json:
    """Return a bookmark of the channel, or refuse the call."""
    for bookmark in channel.bookmarks:
        if bookmark["id"] == bookmark_id:
            return bookmark
    raise SlackError("not_found")


def checked(workspace: Workspace, given: Json) -> None:
    """Refuse a title, link or emoji that Slack refuses."""
    title, link, emoji = (given.get(name) for name in ("title", "link", "emoji"))
    if title is not None and not 1 <= len(title) <= LONGEST_TITLE:
        words = f"must be less than {LONGEST_TITLE + 1} characters [json-pointer:/title]"
        raise SlackError("invalid_arguments", [words] if title else ["title is empty"])
    if link is not None and (not link.startswith(SCHEMES) or len(link) > LONGEST_LINK):
        raise SlackError("invalid_link")
    if emoji:
        try:
            known_emoji(workspace, emoji)
        except SlackError as error:
            raise SlackError("invalid_emoji") from error


def _rank(channel: Channel) -> str:
    return f"{len(channel.bookmarks) + 1:04d}"
