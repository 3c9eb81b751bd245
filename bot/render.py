"""Turns templates/ into what is shown; whatever somebody wrote is escaped and made to fit."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import jinja2

from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.state import DRILL
from bot.domain.status import OPEN
from bot.domain.titles import isolated

from . import markdown

TEMPLATES = Path(__file__).parent.parent / "templates"

# Slack's limits in characters, escapes counted; a little is left for what stands around a value.
LIMITS: Mapping[str, int] = {
    "header": 150,
    "section": 2900,
    "field": 1900,
    "line": 180,
    "name": 80,
    "brief": 600,
    "option": 75,
    "button": 70,
    "value": 1900,
    "input": 3000,
}

NAMED = re.compile(r"<([@#][A-Z][A-Z0-9]+)>")  # somebody, or a channel

MARK = f"{DRILL}:"

Json = dict[str, object]


class Wording:
    """Every sentence the bot says; `command` is what its slash command is called here."""

    def __init__(self, command: str = "/incident") -> None:
        self._command = command
        self._env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            undefined=jinja2.StrictUndefined,
            autoescape=jinja2.select_autoescape(["html.j2"]),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters |= {
            "code": code,
            "clock": clock,
            "link": link,
            "mrkdwn": mrkdwn,
            "plain": plain,
            "spoken": spoken,
            "when": when,
            "whole": whole,
            **markdown.FILTERS,
        }
        self._env.globals |= {"command": command, "open_statuses": OPEN}

    def message(self, name: str, **values: object) -> Json:
        """Return a message: text, and blocks if it has any."""
        return self._marked(self._json(f"messages/{name}.json.j2", values), values)

    def modal(self, name: str, **values: object) -> Json:
        """Return a modal."""
        return self._marked(self._json(f"modals/{name}.json.j2", values), values)

    def page(self, name: str, **values: object) -> Json:
        """Return a view that fills a tab."""
        return self._json(f"pages/{name}.json.j2", values)

    def line(self, name: str, **values: object) -> str:
        """Return plain text on one line, for where there is no formatting."""
        template = self._env.get_template(f"notifications/{name}.txt.j2")
        told = " ".join(template.render(values).split())
        return told if _says_so(told, values) else f"{MARK} {told}"

    def report(self, name: str, **values: object) -> str:
        """Return a text of several lines."""
        return self._env.get_template(f"reports/{name}.txt.j2").render(values)

    def document(self, name: str, **values: object) -> str:
        """Return a document in Markdown."""
        return self._env.get_template(f"reports/{name}.md.j2").render(values)

    def refusal(self, refused: Refused) -> Json:
        """Return a refusal as it is said here."""
        text = refused.message.replace("/incident ", f"{self._command} ")
        quoted = text.replace("{quote}", code(refused.quote))
        return {"text": plain(quoted, "section")}

    def _marked(self, shown: Json, values: Mapping[str, object]) -> Json:
        """Let whatever is said of a drill say so."""
        sign = self.line("drill")
        text, blocks = shown.get("text"), shown.get("blocks")
        if isinstance(text, str) and not _says_so(text, values):
            shown = {**shown, "text": f"{sign} {text}"}
        if isinstance(blocks, list) and not _says_so(json.dumps(blocks), values):
            note = {"type": "mrkdwn", "text": f"*{sign}*"}
            shown = {**shown, "blocks": [{"type": "context", "elements": [note]}, *blocks]}
        return shown

    def _json(self, name: str, values: Mapping[str, object]) -> Json:
        rendered: Json = json.loads(self._env.get_template(name).render(values))
        return rendered


def _says_so(text: str, values: Mapping[str, object]) -> bool:
    """Say whether a text need not be marked: it is of no drill, or the drill's title is in it."""
    about = values.get("incident")
    return not isinstance(about, Incident) or about.practice is None or MARK in text


def mrkdwn(text: str, limit: str = "section") -> str:
    """Escape text for mrkdwn, cut to what fits, never inside an escape."""
    room, shown = LIMITS[limit], list[str]()
    for character in isolated(text):
        escaped = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(character, character)
        room -= len(escaped)
        if room < 1:
            return "".join(shown) + "…"
        shown.append(escaped)
    return "".join(shown)


def spoken(text: str, limit: str = "section") -> str:
    """Escape what somebody said; whom they named is not called again by our saying it too."""
    return mrkdwn(NAMED.sub(r"\1", text), limit)


def link(address: str) -> str:
    """Return an address as it stands in a link of Slack's."""
    return mrkdwn(address.replace("|", "%7C"))


def code(text: str) -> str:
    """Escape text that stands between backticks."""
    return mrkdwn(text.replace("`", "'"), "line")


def plain(text: str, limit: str) -> str:
    """Cut text to what fits where Slack shows it as it is."""
    return text if len(text) <= LIMITS[limit] else text[: LIMITS[limit] - 1] + "…"


def whole(lines: Iterable[str], limit: str) -> str:
    """Join lines that are formatted already; those that do not fit are left out, and none cut."""
    room, shown = LIMITS[limit] - 2, list[str]()
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            shown.append("…")
            break
        shown.append(line)
    return "\n".join(shown)


def when(at: datetime) -> str:
    """Return a moment that Slack shows in each reader's own time."""
    told = f"{at:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{told}>"


def clock(at: datetime) -> str:
    """Return the time of a day that Slack shows in each reader's own time."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at:%H:%M} UTC>"
