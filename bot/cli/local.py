"""Asks the bot that runs on this machine: what one would type in Slack, when Slack is away."""

import argparse
import asyncio
import enum
import io
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import aiohttp

from bot.adapters.clock import SystemClock
from bot.adapters.unix import short
from bot.domain.names import incident_id_in
from bot.domain.severity import Severity, severity_in
from bot.ports import Clock
from bot.render import Wording
from bot.settings import Places, read_places
from bot.usecases.waiting import in_time
from handlers.local import PATH, PROGRAM
from handlers.local.asking import Outcome

URL = f"http://{PROGRAM}{PATH}"
PATIENCE = timedelta(seconds=15)  # for an answer, a restart of the bot included
PAUSE = timedelta(seconds=0.25)


class Status(enum.IntEnum):
    """The exit statuses; argparse itself ends with USAGE."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNKNOWN = 3


STATUSES = {
    Outcome.DONE: Status.DONE,
    Outcome.REFUSED: Status.REFUSED,
    Outcome.UNSAVED: Status.REFUSED,
    Outcome.UNKNOWN: Status.UNKNOWN,
}


class Nobody(Exception):
    """No bot is there; nothing was done."""


class Unconfirmed(Exception):
    """The bot did not answer; it may have been done."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the bot's, as a subcommand; `words` is how many it takes, as argparse puts it."""

    word: str
    help: str
    words: Literal["", "*", "+"] = ""
    about_one: bool = True
    called: str = "TEXT"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Name the options."""
        if not self.words:
            if self.about_one:
                parser.add_argument("incident", nargs="?", metavar="ID", type=_incident)
            return
        where = "[ID] " if self.about_one else ""
        parser.add_argument("words", nargs=self.words, metavar=f"{where}{self.called}")
        parser.epilog = "Put -- before words that begin with a hyphen."
        if self.word == "declare":
            parser.add_argument("--severity", type=_severity, metavar="P0…P3")
            parser.add_argument("--private", action="store_true", help="for its people only")

    def run(self, args: argparse.Namespace) -> int:
        """Ask, and print the answer; the exit status tells what came of it."""
        asking = answered(read_places(), self.request(args), SystemClock())
        outcome, text = asyncio.run(asking)
        out = sys.stdout if outcome is Status.DONE else sys.stderr
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(errors="backslashreplace")
        print(text.rstrip("\n"), file=out)
        return outcome

    def request(self, args: argparse.Namespace) -> dict[str, Any]:
        """Return what is asked for; its key tells it from every other request."""
        words: list[str] = list(getattr(args, "words", ()))
        incident: str | None = getattr(args, "incident", None)
        if self.about_one and words and incident_id_in(words[0]):
            incident = words.pop(0)
        if severity := getattr(args, "severity", None):
            words.insert(0, severity)
        return {
            "verb": self.word,
            "incident": incident,
            "text": " ".join(words),
            "private": getattr(args, "private", False),
            "key": uuid.uuid4().hex,
        }


VERBS = (
    Verb("declare", "Opens an incident.", "+", about_one=False),
    Verb("list", "Lists the open incidents.", about_one=False),
    Verb("status", "Says how an incident stands."),
    Verb("ack", "Takes an incident."),
    Verb("severity", "Says how bad an incident is.", "+", called="P0…P3"),
    Verb("update", "Tells everybody how it goes.", "+"),
    Verb("timeline", "Shows what happened, or notes TEXT.", "*"),
    Verb("resolve", "Says that an incident is over."),
    Verb("reopen", "Goes on with one that was not over."),
    Verb("close", "Puts a resolved incident away for good."),
)


def _incident(word: str) -> str:
    if found := incident_id_in(word):
        return found
    msg = f"{word!r} is no incident's ID; one is INC-20260115-001"
    raise argparse.ArgumentTypeError(msg)


def _severity(word: str) -> Severity:
    if found := severity_in(word):
        return found
    msg = f"{word!r} is no severity; there are {', '.join(Severity)}"
    raise argparse.ArgumentTypeError(msg)


async def answered(places: Places, request: Mapping[str, Any], clock: Clock) -> tuple[Status, str]:
    """Return what came of it, and what to print."""
    path = places.socket
    say = Wording(PROGRAM).report
    try:
        outcome, text = await _asked(path, request, clock)
    except Nobody as error:
        return Status.UNKNOWN, say("local", state="nobody", path=path, reason=str(error))
    except Unconfirmed:
        return Status.UNKNOWN, say("local", state="unconfirmed", path=path)
    return STATUSES[outcome], text


async def _asked(path: Path, request: Mapping[str, Any], clock: Clock) -> tuple[Outcome, str]:
    """Ask until there is an answer: asked with the same key, the bot does it once."""
    until, heard = clock.now() + PATIENCE, False
    while True:
        try:
            return await in_time(_once(path, request), until, clock)
        except (TimeoutError, ValueError, KeyError) as error:
            raise Unconfirmed from error
        except aiohttp.ClientConnectorError as error:
            if not heard:
                raise Nobody(error.strerror) from error
        except aiohttp.ClientError:  # it ended meanwhile, perhaps with the request
            heard = True
        except OSError as error:
            if not heard:
                raise Nobody(error.strerror or error) from error
        if clock.now() + PAUSE >= until:
            raise Unconfirmed
        await clock.sleep_until(clock.now() + PAUSE)


async def _once(path: Path, request: Mapping[str, Any]) -> tuple[Outcome, str]:
    with short(path) as name:
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(name)) as session,
            session.post(URL, json=request) as response,
        ):
            told = await response.json()
            return Outcome(told["outcome"]), str(told["text"])
