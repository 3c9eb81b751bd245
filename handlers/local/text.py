"""A message as a terminal shows it: plain text, with nothing in it that a terminal obeys."""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from bot.ports import Words

BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])")
MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
COLOURS = re.compile(r":(?:red|white|large_[a-z]+)_circle: ")  # the words beside them say the same
JOINERS = {"\u200c", "\u200d", "\u200e", "\u200f"}  # emoji and right-to-left scripts need them
INSTEAD = {"Cc": "\ufffd", "Cs": "\ufffd", "Cf": "", "Zl": " ", "Zp": " "}

Names = Mapping[str, str]


def terminal(words: Words, names: Names) -> str:
    """Return all that the message says; `names` are what people are called on this machine."""
    blocks: Any = words.get("blocks") or ()
    lines = [line for block in blocks for line in _block(block, names)]
    return inert("\n".join(lines) or mrkdwn(str(words["text"]), names))


def mrkdwn(text: str, names: Names) -> str:
    """Return mrkdwn without its marks; people, channels and moments as one reads them."""
    bare = BOLD.sub(r"\1", COLOURS.sub("", text))
    shown = MARKED.sub(lambda found: _marked(found, names), bare)
    return html.unescape(shown)


def inert(text: str) -> str:
    """Return text that moves no cursor, colours nothing and runs only one way."""
    return "".join(c if c in JOINERS or c in "\n" else _inert(c) for c in text.replace("\t", " "))


def _inert(character: str) -> str:
    return INSTEAD.get(unicodedata.category(character), character)


def _block(block: Mapping[str, Any], names: Names) -> Iterator[str]:
    if block["type"] in {"header", "section"}:
        if "text" in block:
            yield _said(block["text"], names)
        for field in block.get("fields", ()):
            yield _said(field, names).replace("\n", ": ", 1)
    elif block["type"] == "context":
        texts = [element for element in block["elements"] if "text" in element]
        yield " · ".join(_said(text, names) for text in texts)


def _said(text: Mapping[str, str], names: Names) -> str:
    return mrkdwn(text["text"], names) if text["type"] == "mrkdwn" else text["text"]


def _marked(found: re.Match[str], names: Names) -> str:
    sigil, target, label = found.groups()
    match sigil:
        case "@":
            return f"@{names.get(target) or label or target}"
        case "#":
            return f"#{label or target}"
        case "!":
            return label or f"@{target}"
        case _:
            return f"{label} ({target})" if label else target
