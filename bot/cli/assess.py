"""Says what alerts or a declaration tell: how bad, where, why, what to do, by which rules."""

import argparse
import io
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import orjson

from bot.domain.alerts import Alert
from bot.domain.assessment import (
    BY_CAUSE,
    LABELS,
    RULES,
    UNLABELLED,
    Assessment,
    Subject,
    assess,
    of_alerts,
    of_words,
)
from bot.domain.policy import Policy
from bot.render import Wording
from bot.settings import ConfiguredRules, Mistakes, read_places
from handlers.web.alerts import alertmanager
from handlers.web.alerts.mistakes import Malformed

MOST = 1_000_000  # bytes
MANY = 3  # mistakes
STDIN = "-"
DONE, TROUBLE = 0, 2


class Unreadable(Exception):
    """Why there is nothing to assess: what kind of trouble, and what was found."""

    def __init__(self, trouble: str, *found: str) -> None:
        super().__init__(trouble)
        self.trouble, self.found = trouble, found


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: so many alerts, or none and it is text, though it may look like JSON."""

    subject: Subject
    alerts: int = 0
    firing: int = 0
    like_json: bool = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options."""
    told = "an Alertmanager webhook's JSON, or the text of a declaration; - is what is typed"
    parser.add_argument("file", metavar="FILE", help=told)
    told = "leave this rule out; may be said again"
    parser.add_argument("--dispute", metavar="RULE", action="append", default=[], help=told)


def run(args: argparse.Namespace) -> int:
    """Print the assessment by the configured catalogue and rules."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        policy = ConfiguredRules(read_places().incident_config).policy()
    except Mistakes as mistakes:
        print(mistakes, file=sys.stderr)
        return TROUBLE
    disputed = frozenset(args.dispute)
    try:
        _known(disputed, policy)
        told = read(_bytes(args.file))
    except Unreadable as trouble:
        file = "What was typed" if args.file == STDIN else args.file
        told_of = Wording().report(
            "assessment", file=file, most=MOST // 1_000_000, trouble=trouble
        )
        print(told_of.rstrip(), file=sys.stderr)
        return TROUBLE
    found = assess(told.subject, policy, disputed)
    print(shown(found, told, disputed, services=bool(policy.services)).rstrip())
    return DONE


def shown(
    found: Assessment, told: Read, disputed: frozenset[str], *, services: bool = True
) -> str:
    """Return the assessment in words; `services` says whether the catalogue has any."""
    values = {"found": found, "told": told, "disputed": sorted(disputed), "catalogue": services}
    return Wording().report("assessment", trouble=None, **values)


def read(data: bytes) -> Read:
    """Read what is to be assessed; raise Unreadable."""
    if len(data) > MOST:
        raise Unreadable("large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("binary") from None
    if "\0" in text:
        raise Unreadable("binary")
    if not text.strip():
        raise Unreadable("empty")
    if alerts := _alerts(text):
        return Read(of_alerts(alerts), len(alerts), sum(alert.firing for alert in alerts))
    title, _, details = text.strip().partition("\n")
    return Read(of_words(title, details), like_json=title.startswith(("{", "[")))


def _alerts(text: str) -> list[Alert]:
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    if not isinstance(body, dict) or "alerts" not in body:
        return []
    try:
        groups = alertmanager.groups(body, datetime.now(UTC))
    except Malformed as malformed:
        found = (f"{each.at}: {each.what}" for each in malformed.mistakes[:MANY])
        raise Unreadable("malformed", *found) from None
    return list(chain.from_iterable(group.alerts for group in groups))


def _bytes(file: str) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read(MOST + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST + 1)
    except OSError as error:
        raise Unreadable("closed", error.strerror or type(error).__name__) from None


def _known(disputed: frozenset[str], policy: Policy) -> None:
    names = {rule.name for rule in (*policy.assessment, *RULES)} | {LABELS, UNLABELLED, BY_CAUSE}
    if unknown := sorted(disputed - names):
        raise Unreadable("unknown", *unknown[:MANY])
