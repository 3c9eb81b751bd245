"""The verbs there are, what else they are called, and the command each one is."""

from collections.abc import Callable, Mapping

from bot.domain.authority import Authority
from bot.domain.commands import (
    Acknowledge,
    ChangeSeverity,
    ChangeStatus,
    Command,
    Declare,
    Reopen,
)
from bot.domain.errors import Refused
from bot.domain.severity import severity_in, severity_named
from bot.domain.status import Status

STOPS = ":,;.-\u2013\u2014"


def _declare(by: Authority, rest: str) -> Command:
    word, _, title = rest.partition(" ")
    severity = severity_in(word.rstrip(STOPS)) if word[:1].isalpha() else None
    return Declare(by, title.lstrip(STOPS + " ") if severity else rest, severity)


def _severity(by: Authority, rest: str) -> Command:
    word, _, more = rest.partition(" ")
    if more and severity_in(word):
        understood = f"severity {word.upper()}"
        raise not_understood(understood, more)
    return ChangeSeverity(by, severity_named(rest))


# What changes an incident, and what only shows something.
CHANGES: Mapping[str, Callable[[Authority, str], Command]] = {
    "declare": _declare,
    "ack": lambda by, _: Acknowledge(by),
    "severity": _severity,
    "resolve": lambda by, _: ChangeStatus(by, Status.RESOLVED),
    "reopen": lambda by, _: Reopen(by),
    "close": lambda by, _: ChangeStatus(by, Status.CLOSED),
}
SHOWS = ("list", "status", "help")
TAKES_WORDS = ("declare", "severity")

# Known, so that nobody is told they mistyped; answered honestly until they are built.
PLANNED = frozenset(
    {
        *("triage", "investigate", "mitigate", "rollback", "freeze", "page", "escalate", "oncall"),
        *("role", "update", "timeline", "action", "merge", "decline", "catchup", "postmortem"),
        *("runbook", "subscribe", "private", "drill", "export", "stats", "doctor"),
    }
)

ALIASES: Mapping[str, str] = {
    alias: verb
    for verb, aliases in {
        "declare": "new open start report",
        "list": "ls",
        "status": "info this",
        "ack": "take acknowledge",
        "severity": "sev",
        "resolve": "end done over",
        "help": "?",
        "mitigate": "fix",
        "rollback": "undo",
        "page": "pager",
        "role": "lead commander assign handover",
        "update": "announce",
        "timeline": "note event",
        "action": "task todo followup",
        "merge": "duplicate",
        "decline": "false-alarm",
        "catchup": "summary",
        "postmortem": "pm pir",
        "runbook": "rb",
    }.items()
    for alias in aliases.split()
}

VERBS = (*CHANGES, *SHOWS)


def verbs() -> Mapping[str, list[str]]:
    """Return every verb there is with its other names."""
    return {verb: [a for a, meant in ALIASES.items() if meant == verb] for verb in VERBS}


def change(verb: str, rest: str, by: Authority) -> Command:
    """Turn a verb and what was said with it into a command."""
    if rest and verb not in TAKES_WORDS:
        raise not_understood(verb, rest)
    return CHANGES[verb](by, rest)


def not_understood(understood: str, quote: str) -> Refused:
    """Return the refusal of words that a verb does not take."""
    return Refused(
        f"Nothing was done: I do not understand `{{quote}}`. `/incident {understood}` is for the "
        f"incident of this channel, `/incident {understood} INC-20260115-001` for another.",
        quote=quote,
    )
