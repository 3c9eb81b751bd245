"""What somebody wrote, made safe to stand in Markdown: it is read as words and nothing else."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.titles import cleaned, isolated

SPECIAL = re.compile(r"[\\`*\[\]#|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
AT = re.compile(r"(?<![A-Za-z0-9])@|@(?!\w+\.)")
STARTS_A_BLOCK = re.compile(r"^([-+=]|\d+(?=[.)]))")
MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
LINK = re.compile(r"<((?:https?|mailto):[^<>|\s]+)(?:\|([^<>]*))?>")
PLACE = re.compile(r"<[#!][^<>|]*\|([^<>]*)>|<!([a-z]+)>")

Names = Mapping[str, str]


def inline(text: str, names: Names | None = None) -> str:
    """Return the text on one line; whom it mentions is called by name and told nothing."""
    escaped = _escaped(cleaned(_read(text, names or {})))
    return isolated(escaped)


def quoted(text: str, names: Names | None = None) -> str:
    """Return the text as a quotation that keeps its lines, the last without an end."""
    lines = (inline(line, names) for line in text.strip().splitlines())
    return "\n>\n".join(f"> {STARTS_A_BLOCK.sub(_kept, line)}" for line in lines if line)


def address(link: str) -> str:
    """Return a link as it may stand in parentheses."""
    return re.sub(r"[\s()<>\\]", lambda found: f"%{ord(found[0]):02X}", link)


def utc(at: datetime) -> str:
    """Return a moment to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def lasted(span: timedelta) -> str:
    """Return how long something took, in the two largest units that say something."""
    seconds = round(span.total_seconds())
    parts = [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)]
    told = list[str]()
    for unit, size in parts:
        count, seconds = divmod(seconds, size)
        if count or told:
            told.append(f"{count} {unit}")
    shown = [part for part in told[:2] if not part.startswith("0 ")]
    return " ".join(shown) or "0 s"


def _read(text: str, names: Names) -> str:
    """Read Slack's own markup: mentions, links and channels."""
    text = MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
    text = LINK.sub(lambda f: f"{f[2]} ({f[1]})" if f[2] and f[2] != f[1] else f[1], text)
    return PLACE.sub(lambda found: found[1] or f"@{found[2]}", text)


def _escaped(text: str) -> str:
    text = SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    text = "".join(HTML.get(character, character) for character in text)
    return AT.sub("@\u2060", text)  # a word joiner: no service takes it for a mention


def _kept(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if not found[1].isdigit() else f"{found[1]}\\"


FILTERS: Mapping[str, Callable[..., str]] = {
    "md": inline,
    "md_quoted": quoted,
    "md_address": address,
    "utc": utc,
    "lasted": lasted,
}
