"""What is written into an incident for ever holds no secret that somebody typed into it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from .alerts import Alert, Group
from .commands import Command
from .redaction import redacted
from .titles import cleaned

WORDS = frozenset(
    {
        *("text", "details", "impact", "reason", "brief"),
        *("root_cause", "immediate_fix", "permanent_fix"),
    }
)


def discreet(command: Command) -> Command:
    """Return the command with each secret in its words replaced by its kind."""
    said = {f.name: getattr(command, f.name) for f in fields(command) if f.name in WORDS}
    told: dict[str, Any] = {name: redacted(words).text for name, words in said.items() if words}
    return replace(command, **told) if told else command


MOST_LABELS, LONGEST_LABEL, LONGEST_TEXT = 30, 200, 1000


def discreet_alerts(group: Group) -> Group:
    """Return the group without secrets, and no longer than people or the store can bear."""
    return replace(
        group, alerts=tuple(_alert(a) for a in group.alerts), labels=_labels(group.labels)
    )


def _alert(alert: Alert) -> Alert:
    return replace(
        alert,
        name=_line(alert.name, LONGEST_LABEL) or "alert",
        labels=_labels(alert.labels),
        summary=_line(alert.summary, LONGEST_TEXT),
        description=redacted(alert.description[:LONGEST_TEXT]).text,
    )


def _labels(labels: Mapping[str, str]) -> Mapping[str, str]:
    kept = sorted(labels.items())[:MOST_LABELS]
    return {name: redacted(value[:LONGEST_LABEL]).text for name, value in kept}


def _line(text: str, longest: int) -> str:
    return redacted(cleaned(text[:longest])).text
