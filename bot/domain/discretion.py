"""What is written into an incident for ever holds no secret that somebody typed into it."""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any

from .alerts import Alert, Group
from .commands import Command
from .redaction import PLACEHOLDER, redacted
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


def discreet_alerts(group: Group, needed: Collection[str] = ()) -> Group:
    """Return the group without secrets, and no longer than people or the store can bear.

    Of many labels those that are needed are kept before others.
    """
    alerts = tuple(_alert(alert, needed) for alert in group.alerts)
    return replace(group, alerts=alerts, labels=_labels(group.labels, needed))


def exact(labels: Mapping[str, str]) -> bool:
    """Say whether labels are kept as they were told, so that their source knows them by these."""
    whole = all(len(v) < LONGEST_LABEL and PLACEHOLDER not in v for v in labels.values())
    return whole and len(labels) < MOST_LABELS


def _alert(alert: Alert, needed: Collection[str]) -> Alert:
    return replace(
        alert,
        name=_line(alert.name, LONGEST_LABEL) or "alert",
        labels=_labels(alert.labels, needed),
        summary=_line(alert.summary, LONGEST_TEXT),
        description=redacted(alert.description[:LONGEST_TEXT]).text,
    )


def _labels(labels: Mapping[str, str], needed: Collection[str]) -> Mapping[str, str]:
    kept = sorted(labels, key=lambda name: (name not in needed, name))[:MOST_LABELS]
    return {name: redacted(labels[name][:LONGEST_LABEL]).text for name in sorted(kept)}


def _line(text: str, longest: int) -> str:
    return redacted(cleaned(text[:longest])).text
