"""What people read in messages and views, without the marks that make it look so."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .fields import Json

Names = Mapping[str, str]
UNREAD = {"placeholder", "confirm", "value", "metadata", "initial_value"}
READ = ("text", "title", "subtitle", "body", "name", "label", "alt_text", "fallback", "hint")
LITERAL = {"plain_text", "text"}  # what stands in it is no mark
MARKS = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
STRESS = re.compile(r"[*`\u2066-\u2069]")  # and what only keeps directions apart


def plain(text: str, names: Names) -> str:
    """Return a text as it reads: names for ids, links by their words, no stress."""

    def read(found: re.Match[str]) -> str:
        sign, target, label = found.groups()
        if sign == "@" or target.startswith("subteam^"):
            return "@" + names.get(target.removeprefix("subteam^"), label or target)
        if sign == "#":
            return "#" + (label or target)
        if sign == "!" and not label:
            return f"@{target}"
        return label or target

    return " ".join(html.unescape(STRESS.sub("", MARKS.sub(read, text))).split())


def message(given: Json, names: Names) -> str:
    """Return what people read in a message: its blocks, else its text; its files' names."""
    shown = list(_texts(given["blocks"])) if given["blocks"] else [given["text"]]
    shown += _texts(given["attachments"] or [])
    shown += [file.get("title") or file["name"] for file in given["files"]]
    return plain("\n".join(shown), names)


def view(given: Json, names: Names) -> str:
    """Return what people read in a form or on the Home tab, with what is wrong in it."""
    return plain("\n".join([*_texts(given["blocks"]), *given["errors"].values()]), names)


def title(form: Json) -> str:
    """Return what stands above a form."""
    return str(form["title"]["text"])


def lacks(read: str, words: Iterable[str]) -> list[str]:
    """Return those of the words that are not in what was read."""
    return [word for word in words if " ".join(STRESS.sub("", word).split()) not in read]


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, list):
        for one in given:
            yield from _texts(one)
    if not isinstance(given, dict):
        return
    if given.get("type") == "user" and "user_id" in given:
        yield f"<@{given['user_id']}>"
    if given.get("type") == "emoji":
        yield f":{given['name']}:"
    for key in READ:
        if isinstance(given.get(key), str) and given.get("type") != "emoji":
            yield html.escape(given[key]) if given.get("type") in LITERAL else given[key]
    for key, one in given.items():
        if key not in UNREAD and isinstance(one, dict | list):
            yield from _texts(one)
