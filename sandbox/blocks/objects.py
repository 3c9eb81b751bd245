"""The limits of Block Kit's composition objects."""

import ipaddress
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sandbox.blocks.rules import (
    Rule,
    anything,
    boolean,
    both,
    by_type,
    choice,
    either,
    items,
    one_of,
    problem,
    shape,
    string,
)

ID_LIMIT = 255
URL_LIMIT = 3000
LONGEST_TEXT = 3000
LONGEST_ESCAPE = 6  # characters that one may take up once it is escaped
BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
ENTITY = len("&amp;")


def escaped_length(text: str) -> int:
    """Return how long a text is as Slack seems to count it: escaped as JSON and for display."""
    bare = len(BARE_AMPERSAND.findall(text))
    return len(json.dumps(text, ensure_ascii=False)) - 2 + bare * (ENTITY - 1)


def long_text(value: Any, at: str) -> Iterator[str]:
    """Accept text of which even the escaped form is not too long."""
    problems = list(string(LONGEST_TEXT)(value, at))
    if problems:
        yield from problems
    elif len(value) * LONGEST_ESCAPE > LONGEST_TEXT and escaped_length(value) > LONGEST_TEXT:
        yield problem(f"must be less than {LONGEST_TEXT + 1} characters", at)


def plain(most: int) -> Rule:
    """Accept a plain_text object of at most so many characters."""
    fields = {"type": anything, "text": string(most)}
    return by_type({"plain_text": shape(fields, {"emoji": boolean})})


def words(most: int) -> Rule:
    """Accept a plain_text or mrkdwn object of at most so many characters."""
    text = long_text if most == LONGEST_TEXT else string(most)
    fields = {"type": anything, "text": text}
    return by_type(
        {
            "plain_text": shape(fields, {"emoji": boolean}),
            "mrkdwn": shape(fields, {"verbatim": boolean}),
        }
    )


def address(value: Any, at: str) -> Iterator[str]:
    """Accept an http address that is not too long."""
    problems = list(string(URL_LIMIT)(value, at))
    if problems:
        yield from problems
    elif _host(value) is None:
        yield problem("must be a valid URL", at)


def public_address(value: Any, at: str) -> Iterator[str]:
    """Accept the address of a picture that Slack's servers could fetch."""
    problems = list(address(value, at))
    if problems:
        yield from problems
    elif not _is_public(_host(value) or ""):
        yield problem("downloading image failed", at)


def _host(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return None
    return host if parts.scheme in {"http", "https"} else None


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal"))


IDENTIFIER = string(ID_LIMIT)
OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
LINK_OPTION = shape(
    {"text": plain(75), "value": string(150)}, {"description": plain(75), "url": address}
)
RICH_OPTION = shape({"text": words(75), "value": string(150)}, {"description": words(75)})
STYLE = choice("primary", "danger")
CONFIRM = shape(
    {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
DISPATCH = shape(
    {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)}
)
FILTERS = {
    "include": items(choice("im", "mpim", "private", "public"), 4),
    "exclude_external_shared_channels": boolean,
    "exclude_bot_users": boolean,
}
FILTER = both(shape({}, FILTERS), either(*FILTERS))
SLACK_FILE = both(shape({}, {"id": IDENTIFIER, "url": address}), one_of("id", "url"))
PICTURE = {"image_url": public_address, "slack_file": SLACK_FILE}
IMAGE = both(shape({"type": choice("image"), "alt_text": string(2000)}, PICTURE), one_of(*PICTURE))
