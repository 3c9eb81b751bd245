"""How many incidents there were, and how long people took; always with over how many that is."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, median

from .errors import Refused
from .milestones import durations
from .practice import real
from .severity import Severity
from .state import Incident
from .status import Status

DAYS = 30
MOST_DAYS = 3650
TOLD = ("to_acknowledge", "to_mitigate", "to_resolve")
FALSE = frozenset({Status.MERGED, Status.DECLINED})  # duplicates and false alarms took nobody time


@dataclass(frozen=True, slots=True)
class Period:
    """The last so many days; of one service, if one is named."""

    days: int = DAYS
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took, over so many incidents; without any, nothing is known."""

    count: int
    mean: timedelta | None = None
    median: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many incidents, and how long they took; of one service, or of all."""

    count: int
    took: Mapping[str, Took]


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that is counted of a period."""

    period: Period
    since: datetime
    every: Tally
    severities: Mapping[Severity | None, int]
    statuses: Mapping[Status, int]
    services: Mapping[str, Tally]


def period(text: str, services: Collection[str]) -> Period:
    """Read a period: days and a service, in either order."""
    days, service = DAYS, None
    for word in text.lower().split():
        if named := next((name for name in services if name.lower() == word), None):
            service = named
        elif (number := word.removesuffix("d")).isdecimal() and 0 < int(number[:6]) <= MOST_DAYS:
            days = int(number[:6])
        else:
            msg = (
                "I do not understand `{quote}`. `/incident stats` takes a number of days and a "
                "service that had an incident, as in `/incident stats 90d checkout`."
            )
            raise Refused(msg, quote=word)
    return Period(days, service)


def statistics(incidents: Iterable[Incident], wanted: Period, now: datetime) -> Statistics:
    """Count the incidents that were declared in the period."""
    since = now - timedelta(days=wanted.days)
    counted = [
        incident
        for incident in real(incidents)
        if incident.declared_at
        and incident.declared_at >= since
        and (wanted.service is None or wanted.service in incident.services)
    ]
    names = sorted({name for incident in counted for name in incident.services})
    severities = Counter(incident.severity for incident in counted)
    statuses = Counter(incident.status for incident in counted)
    return Statistics(
        wanted,
        since,
        _tally(counted),
        {s: severities[s] for s in (*Severity, None) if severities[s]},
        {s: statuses[s] for s in Status if statuses[s]},
        {name: _tally([i for i in counted if name in i.services]) for name in names},
    )


def _tally(incidents: Sequence[Incident]) -> Tally:
    known = [durations(i.milestones) for i in incidents if i.status not in FALSE]
    took = {name: _took([spans[name] for spans in known if name in spans]) for name in TOLD}
    return Tally(len(incidents), took)


def _took(spans: Sequence[timedelta]) -> Took:
    if not spans:
        return Took(0)
    seconds = [span.total_seconds() for span in spans]
    return Took(len(seconds), timedelta(seconds=mean(seconds)), timedelta(seconds=median(seconds)))
