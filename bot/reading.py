"""What a message of Slack's says, as a person reads it: the way back from render.py."""

import html
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chatter import Account
from bot.domain.standing import Standing
from bot.domain.transcript import Message, moment

Shown = Mapping[str, Any]

SAID = frozenset({None, "bot_message", "file_share", "me_message", "thread_broadcast"})
TOMBSTONE = "tombstone"  # what stands where a message was that a thread hangs on
SLACKBOT = "USLACKBOT"  # an app, though Slack does not call it one
LONGEST = 40_000  # characters; Slack has no longer messages


def said(channel: str, shown: Shown, ours: Collection[str]) -> Message | None:
    """Return what a person or another app said; None for what we said, and what Slack says."""
    if shown.get("subtype") not in SAID or is_ours(shown, ours):
        return None
    app = str(shown.get("bot_id") or "")
    return Message(
        channel,
        shown["ts"],
        shown.get("user") or app,
        _words(shown)[:LONGEST],
        thread=_thread(shown),
        edited=(shown.get("edited") or {}).get("ts") or "",
        app=_name(shown) if app else "",
        files=tuple(_file(file) for file in shown.get("files") or () if _is_there(file)),
    )


def words(channel: str, shown: Shown) -> str:
    """Return what a message says, whoever said it."""
    told = said(channel, shown, ())
    return told.text if told else ""


def called(shown: Shown) -> str:
    """Return what somebody is called."""
    profile = shown.get("profile") or {}
    named = (profile.get("display_name"), shown.get("real_name"), profile.get("real_name"))
    return next((str(name) for name in (*named, shown.get("name")) if name), shown["id"])


def account(shown: Shown, team: str) -> Account:
    """Return what Slack says of somebody to an app of this team."""
    return Account(shown["id"], called(shown), _standing(shown, team))


def _standing(shown: Shown, team: str) -> Standing:
    teams = (shown.get("enterprise_user") or {}).get("teams") or [shown.get("team_id") or team]
    if shown.get("deleted"):
        return Standing.GONE
    if shown.get("is_bot") or shown["id"] == SLACKBOT:
        return Standing.APP
    if shown.get("is_stranger") or (team and team not in {*teams, shown.get("team_id")}):
        return Standing.OUTSIDER
    return Standing.GUEST if shown.get("is_ultra_restricted") else Standing.MEMBER


def written_at(ts: str) -> datetime:
    """Return when a message was written."""
    seconds, micros = moment(ts)
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)


def is_ours(shown: Shown, ours: Collection[str]) -> bool:
    """Say whether one of these users or bots said it."""
    return shown.get("user") in ours or shown.get("bot_id") in ours


def is_gone(shown: Shown) -> bool:
    """Say whether only the place is left of it."""
    return shown.get("subtype") == TOMBSTONE


def plain(text: str, *, people: bool = False) -> str:
    """Return what the person typed: Slack sends mentions and links as <…>, and & < > escaped.

    With `people`, whom it names stays as Slack sent it, so that they can be told apart.
    """
    kept = "(?!@)" if people else ""
    shown = re.sub(rf"<{kept}([@#!]?)([^<>|]*)(?:\|([^<>]*))?>", _shown, text)
    return html.unescape(shown)


def _shown(found: re.Match[str]) -> str:
    sigil, target, label = found[1], found[2], found[3]
    if sigil and not label:
        return f"@{target}" if sigil == "!" else found[0]
    return f"{'@' if sigil == '!' else sigil}{label}" if sigil else target


def _thread(shown: Shown) -> str:
    thread = str(shown.get("thread_ts") or "")
    return "" if thread == shown["ts"] else thread


def _name(shown: Shown) -> str:
    profile = shown.get("bot_profile") or {}
    return str(profile.get("name") or shown.get("username") or shown["bot_id"])


def _is_there(file: Shown) -> bool:
    return file.get("mode") != TOMBSTONE


def _file(file: Shown) -> str:
    return str(file.get("name") or file.get("title") or file.get("id") or "")


def _words(shown: Shown) -> str:
    """Return the text, and of an app what only its blocks and attachments say."""
    text = plain(shown.get("text") or "")
    if not shown.get("bot_id"):
        return text
    for more in _texts([shown.get("attachments"), shown.get("blocks")]):
        if (line := plain(more).strip()) not in text:
            text = f"{text}\n{line}" if text else line
    return text


def _texts(part: object) -> Iterator[str]:
    match part:
        case list():
            for each in part:
                yield from _texts(each)
        case {"type": "actions" | "button"}:
            pass  # what can be clicked says nothing
        case dict():
            for name in ("pretext", "title", "text", "value"):
                if isinstance(found := part.get(name), str):
                    yield found
            yield from _texts([each for each in part.values() if isinstance(each, list | dict)])
        case _:
            pass
