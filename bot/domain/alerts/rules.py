"""What a team configures of alerts, with the defaults of the design."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.severity import Severity

Match = Mapping[str, str]  # patterns, by label: each has to fit the whole value


def matches(labels: Mapping[str, str], match: Match) -> bool:
    """Say whether every pattern fits its label; one that is not there is empty."""
    return all(re.fullmatch(pattern, labels.get(name, "")) for name, pattern in match.items())


@dataclass(frozen=True, slots=True)
class Raise:
    """Alerts like these are so bad, whatever their source says."""

    match: Match
    severity: Severity


@dataclass(frozen=True, slots=True)
class Threshold:
    """Alerts like these mean something only when they were told so often within that time."""

    match: Match
    times: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Alerts like these are expected until then, and open nothing."""

    match: Match
    begins: datetime
    ends: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Watchdog:
    """An alert that always fires, and comes at least so often: it says that the source works."""

    match: Match
    within: timedelta


def _severities() -> Mapping[str, Severity | None]:
    return {
        **{severity.lower(): severity for severity in Severity},
        **{f"sev{number}": severity for number, severity in enumerate(Severity)},
        "critical": Severity.P1,
        "high": Severity.P1,
        "error": Severity.P1,
        "warning": Severity.P2,
        "warn": Severity.P2,
        "medium": Severity.P2,
        "low": Severity.P3,
        "info": None,
        "none": None,
    }


@dataclass(frozen=True, slots=True)
class AlertRules:
    """What alerts mean and what becomes of them; a severity of None is worth a note only.

    Those bad enough to open do so by themselves, all others are suggested in the triage channel.
    After `storm_after` that opened within `storm_within`, all others are one suggestion, a storm.
    After `storm_suggested` suggestions, further ones are.
    """

    severity_labels: tuple[str, ...] = ("severity", "priority")
    severities: Mapping[str, Severity | None] = field(default_factory=_severities)
    unlabelled: Severity | None = Severity.P2
    raises: tuple[Raise, ...] = ()
    service_labels: tuple[str, ...] = ("service", "app", "job", "deployment")
    opens: frozenset[Severity] = frozenset({Severity.P0, Severity.P1})
    triage: str | None = None  # the channel of suggestions
    storm_after: int = 3
    storm_suggested: int = 9
    storm_within: timedelta = timedelta(minutes=10)
    quiet_for: timedelta = timedelta(minutes=5)  # before resolving is proposed
    forgotten_after: timedelta = timedelta(days=1)  # a firing alert of an incident that is over
    silence_for: timedelta = timedelta(hours=1)
    silenced_at: frozenset[str] = frozenset()  # sources that we may tell to be quiet
    thresholds: tuple[Threshold, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    watchdogs: Mapping[str, Watchdog] = field(default_factory=dict)  # by source
