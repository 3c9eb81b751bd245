"""What a team configures of alerts, and of the sign of life that others wait for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, HttpUrl, model_validator

from bot.domain.alerts import AlertRules, Fields, Maintenance, Raise, Threshold, Watchdog
from bot.domain.severity import Severity

from .fields import Days, Minutes, Model, SomePatterns

DEFAULT = AlertRules()
MANY = 100_000

Source = Literal["alertmanager", "grafana", "pagerduty", "generic"]
Count = Annotated[int, Field(gt=0, le=MANY)]
Said = Annotated[str, Field(min_length=1)]


def _minutes(of: timedelta) -> int:
    return round(of / timedelta(minutes=1))


class RaiseEntry(Model):
    """Alerts like these are so bad, whatever their source says."""

    match: SomePatterns
    severity: Severity


class ThresholdEntry(Model):
    """Alerts like these mean something only when they were told so often within that time."""

    match: SomePatterns
    times: Annotated[int, Field(gt=1, le=MANY)]
    within_minutes: Minutes


class MaintenanceEntry(Model):
    """Alerts like these are expected for that time, and open nothing.

    The times have an offset, as in 2026-01-15T22:00:00+01:00, or are those of a `time_zone`.
    """

    match: SomePatterns
    begins: datetime
    ends: datetime
    time_zone: str | None = Field(None, examples=["Europe/Berlin"])
    reason: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        begins, ends = self._moments()
        if ends <= begins:
            raise ValueError("it ends before it begins")
        return self

    def maintenance(self) -> Maintenance:
        """Return the window for the domain."""
        begins, ends = self._moments()
        return Maintenance(self.match, begins, ends, self.reason)

    def _moments(self) -> tuple[datetime, datetime]:
        return self._moment("begins"), self._moment("ends")

    def _moment(self, name: str) -> datetime:
        at: datetime = getattr(self, name)
        if at.tzinfo:
            return at.astimezone(UTC)
        if self.time_zone is None:
            msg = f"{name} needs an offset, as in {at.isoformat()}+01:00, or a time_zone"
            raise ValueError(msg)
        try:
            return at.replace(tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)
        except (ZoneInfoNotFoundError, ValueError, OverflowError, OSError):
            raise ValueError("time_zone is none that this machine knows") from None


class Storm(Model):
    """After so many incidents opened by alerts within that time, the rest are one suggestion.

    After so many suggestions, further ones are.
    """

    after: Count = DEFAULT.storm_after
    suggestions: Count = DEFAULT.storm_suggested
    within_minutes: Minutes = _minutes(DEFAULT.storm_within)


class WatchdogEntry(Model):
    """An alert that always fires, and comes at least so often."""

    match: SomePatterns
    within_minutes: Minutes


class Limits(Model):
    """What each source may send at most."""

    body_bytes: Annotated[int, Field(ge=1000, le=100_000_000)] = 1_000_000
    per_second: Count = 600
    at_once: Count = 1200


class Generic(Model):
    """Where in the body of /alerts/generic things are: a.b.0 or /a/b/0; "" is nowhere."""

    alerts: str = Fields().alerts
    fingerprint: Said = Fields().fingerprint
    name: Said = Fields().name
    status: str = Fields().status
    resolved: tuple[str, ...] = tuple(sorted(Fields().resolved))
    severity: str = Fields().severity
    service: str = Fields().service
    summary: str = Fields().summary
    description: str = Fields().description
    link: str = Fields().link
    started_at: str = Fields().started_at
    ended_at: str = Fields().ended_at
    labels: str = Fields().labels
    group: str = Fields().group

    def fields(self) -> Fields:
        """Return the paths for the domain."""
        resolved = frozenset(value.strip().lower() for value in self.resolved)
        return Fields(**{**self.model_dump(), "resolved": resolved})


class Alerts(Model):
    """What alerts mean and what becomes of them."""

    severity_labels: tuple[str, ...] = DEFAULT.severity_labels
    severities: Mapping[str, Severity | None] = {}
    unlabelled: Severity | None = DEFAULT.unlabelled
    raises: tuple[RaiseEntry, ...] = ()
    service_labels: tuple[str, ...] = DEFAULT.service_labels
    opens: tuple[Severity, ...] = tuple(sorted(DEFAULT.opens))
    storm: Storm = Storm()
    quiet_minutes: Minutes = _minutes(DEFAULT.quiet_for)
    forgotten_after_days: Days = DEFAULT.forgotten_after.days
    silence_minutes: Minutes = _minutes(DEFAULT.silence_for)
    thresholds: tuple[ThresholdEntry, ...] = ()
    maintenance: tuple[MaintenanceEntry, ...] = ()
    watchdogs: Mapping[Source, WatchdogEntry] = {}
    limits: Limits = Limits()
    generic: Generic = Generic()

    def rules(self, triage: str | None) -> AlertRules:
        """Return the rules for the domain."""
        own = {said.strip().lower(): meant for said, meant in self.severities.items()}
        return AlertRules(
            severity_labels=self.severity_labels,
            severities={**DEFAULT.severities, **own},
            unlabelled=self.unlabelled,
            raises=tuple(Raise(rule.match, rule.severity) for rule in self.raises),
            service_labels=self.service_labels,
            opens=frozenset(self.opens),
            triage=triage,
            storm_after=self.storm.after,
            storm_suggested=self.storm.suggestions,
            storm_within=timedelta(minutes=self.storm.within_minutes),
            quiet_for=timedelta(minutes=self.quiet_minutes),
            forgotten_after=timedelta(days=self.forgotten_after_days),
            silence_for=timedelta(minutes=self.silence_minutes),
            thresholds=tuple(
                Threshold(t.match, t.times, timedelta(minutes=t.within_minutes))
                for t in self.thresholds
            ),
            maintenance=tuple(entry.maintenance() for entry in self.maintenance),
            watchdogs={
                source: Watchdog(w.match, timedelta(minutes=w.within_minutes))
                for source, w in self.watchdogs.items()
            },
        )


class Heartbeat(Model):
    """An address that is asked while the bot is ready, so that others notice when it is not."""

    url: HttpUrl | None = None
    every_seconds: Annotated[int, Field(ge=5, le=86400)] = 60
