"""What was seen of services again and again, and when that is worth telling."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from .alerts.alert import Alert, Group
from .spikes import SPIKES, Errors, Spike

SOURCE = "watch"
FLAPPING = timedelta(minutes=30)  # who failed again within it has to work for longer


class Sight(enum.StrEnum):
    """What is looked at."""

    HEALTH = "health"
    TARGET = "target"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class WatchRules:
    """What is looked at how often, and what is worth telling.

    Without a query `up` no targets are looked at.
    """

    every: timedelta = timedelta(seconds=30)
    patience: timedelta = timedelta(seconds=10)
    fails_after: int = 2
    works_after: int = 2
    up: str = "up"
    spikes: tuple[Spike, ...] = SPIKES
    severities: Mapping[Sight, str] = field(
        default_factory=lambda: {
            Sight.HEALTH: "critical",
            Sight.TARGET: "warning",
            Sight.ERRORS: "warning",
        }
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at one thing saw: a trouble, or "" if it works.

    The thing is called the same at each look; things of one group are told of together. What is
    `certain` need not be seen again to be told.
    """

    thing: str
    group: str
    sight: Sight
    name: str
    trouble: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    link: str | None = None
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of a thing: whether it is `failing`, None as long as it is not certain.

    The last look is the last of a `row` that saw the same. `told` is what was told of it.
    """

    look: Look
    row: int
    row_since: datetime
    failing: bool | None = None
    since: datetime | None = None
    fired_at: datetime | None = None
    fired: tuple[datetime, ...] = ()  # lately
    told: bool | None = None

    @property
    def news(self) -> bool:
        """Say whether something is to be told."""
        return self.failing is not None and self.failing is not self.told

    @property
    def forgettable(self) -> bool:
        """Say whether it works, was told to, and did not fail lately."""
        return self.failing is False and self.told is False and not self.fired


def seen(before: Watched | None, look: Look, at: datetime, rules: WatchRules) -> Watched:
    """Return what is known after one more look.

    It fails, or works again, once that was seen so often in a row. Who failed lately has to work
    for longer each time, so that flapping is one long failure.
    """
    if before is None:
        watched = Watched(look, 1, at)
    elif bool(before.look.trouble) == bool(look.trouble):
        watched = replace(before, look=look, row=before.row + 1)
    else:
        watched = replace(before, look=look, row=1, row_since=at)
    lately = tuple(moment for moment in watched.fired if moment > at - FLAPPING)
    watched = replace(watched, fired=lately)
    if look.trouble:
        return _perhaps_failing(watched, rules)
    doublings = max(0, len(lately) - 1)
    if watched.failing is not False and watched.row >= rules.works_after << doublings:
        return replace(watched, failing=False, since=watched.row_since)
    return watched


def _perhaps_failing(watched: Watched, rules: WatchRules) -> Watched:
    enough = watched.look.certain or watched.row >= rules.fails_after
    if watched.failing or not enough:
        return watched
    since = watched.row_since
    fired = (*watched.fired, since)
    return replace(watched, failing=True, since=since, fired_at=since, fired=fired)


def over(watched: Watched, at: datetime) -> Watched:
    """Return what is known of a thing that is no longer looked at: it fails no more."""
    return replace(watched, look=replace(watched.look, trouble=""), failing=False, since=at)


def group_of(key: str, watched: Iterable[Watched]) -> Group:
    """Return what is told of these things."""
    alerts = tuple(map(_alert, watched))
    links = {alert.link for alert in alerts}
    shared = set.intersection(*(set(alert.labels.items()) for alert in alerts)) if alerts else ()
    return Group(
        SOURCE, key, alerts, dict(sorted(shared)), links.pop() if len(links) == 1 else None
    )


def _alert(watched: Watched) -> Alert:
    look, since = watched.look, watched.since or watched.row_since
    began = watched.fired_at or since
    return Alert(
        look.thing,
        look.name,
        began,
        None if watched.failing else since,
        look.labels,
        look.trouble,
        link=look.link,
    )


def named_by(labels: Mapping[str, str]) -> str:
    """Return what tells a series apart from all others, the same for ever."""
    words = "\n".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Condition:
    """How a service's health was at the last look: since when it has been so, and what it said."""

    works: bool
    since: datetime
    said: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the watch knows of a service; None is what it does not look at, or not yet."""

    health: Condition | None
    errors: tuple[Errors, ...] = ()
    down: tuple[str, ...] = ()
