"""What an incident costs, reckoned from measurements; what is not known is said to be unknown."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .facts import Milestone
from .milestones import Milestones

USUAL_OF = timedelta(hours=1)  # before it began
SHORTEST_STEP, MOST_STEPS = timedelta(seconds=15), 240
DIGITS = 3
WHOLE_FROM = 100  # from here on an amount has no decimals

Points = Sequence[tuple[datetime, float]]  # measurements, oldest first


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when something is reckoned."""

    begin: datetime
    end: datetime

    @property
    def usual(self) -> "Window":
        """Return the time that tells what is usual."""
        return Window(self.begin - USUAL_OF, self.begin - SHORTEST_STEP)

    @property
    def step(self) -> timedelta:
        """Return how far apart to measure: whole seconds, and not too many of them."""
        seconds = math.ceil((self.end - self.begin).total_seconds() / MOST_STEPS)
        return max(SHORTEST_STEP, timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Figure:
    """How much of something there was above what is usual, by a query of one service.

    What is `usual` is None where nothing was measured before; then all of it counts.
    """

    value: float
    service: str
    query: str
    begin: datetime
    end: datetime
    usual: float | None = None
    currency: str = ""

    @property
    def text(self) -> str:
        """Return it as people write it."""
        whole = self.value >= WHOLE_FROM or self.value == int(self.value)
        return f"{self.value:,.0f}" if whole else f"{self.value:,.2f}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why there is no figure; if that is `passing`, there may be one if it is asked again."""

    reason: str
    passing: bool = field(default=False, compare=False)


NO_SERVICE = Unknown("the catalogue knows none of its services")
NO_QUERY = Unknown("the catalogue has no query for it")
NO_SOURCE = Unknown("no source of metrics is configured")
NO_TIME = Unknown("it has only just begun")
NO_DATA = Unknown("nothing was measured in that time")


@dataclass(frozen=True, slots=True)
class Impact:
    """How many requests failed, how many people were hit, how much was lost."""

    failed: Figure | Unknown
    users: Figure | Unknown
    lost: Figure | Unknown


def window_of(milestones: Milestones, now: datetime) -> Window | None:
    """Return when there was impact, as far as that is known; None if it has yet to begin."""
    begins = (Milestone.IMPACT_STARTED, Milestone.DETECTED, Milestone.DECLARED)
    ends = (Milestone.IMPACT_ENDED, Milestone.RESOLVED)
    begin = next((milestones[m].at for m in begins if m in milestones), now)
    end = min(next((milestones[m].at for m in ends if m in milestones), now), now)
    return Window(begin, end) if begin < end else None


def total(points: Points, window: Window) -> tuple[float, float]:
    """Return the sum of a rate per second, and of how many seconds it is the sum.

    Each point stands for the time until the next, a step at most; what lies in gaps is nothing.
    """
    amount = covered = 0.0
    for index, (at, rate) in enumerate(points):
        following = points[index + 1][0] if index + 1 < len(points) else window.end
        until = min(following, at + window.step, window.end)
        seconds = max(0.0, (until - max(at, window.begin)).total_seconds())
        amount += rate * seconds
        covered += seconds
    return amount, covered


def average(points: Points) -> float | None:
    """Return the mean; None of nothing."""
    return sum(value for _, value in points) / len(points) if points else None


def more_than_usual(points: Points, before: Points, window: Window) -> float | None:
    """Return by how much the sum of a rate is above the usual one; None if nothing is known."""
    amount, covered = total(points, window)
    if not covered:
        return None
    return max(0.0, amount - (average(before) or 0.0) * covered)


def most_at_once(points: Points, before: Points) -> float | None:
    """Return by how much the highest number is above the usual one; None if nothing is known."""
    if not points:
        return None
    return max(0.0, max(value for _, value in points) - (average(before) or 0.0))


def rounded(value: float, *, whole: bool) -> float:
    """Return as many digits as such a measurement is worth."""
    value = float(round(value)) if whole else value
    if value == 0:
        return 0.0
    digits = DIGITS - 1 - math.floor(math.log10(abs(value)))
    return round(value, digits if whole else min(digits, 2))


def worst(found: Iterable[Figure | Unknown]) -> Figure | Unknown:
    """Return the largest figure: sums would count twice what fails in one service by another.

    Without any, return the first reason that is more than a missing query, a passing one if any.
    """
    known, unknown = list[Figure](), list[Unknown]()
    for one in found:
        if isinstance(one, Figure):
            known.append(one)
        else:
            unknown.append(one)
    if known:
        return max(known, key=lambda figure: figure.value)
    if not unknown:
        return NO_SERVICE
    said = sorted((u for u in unknown if u != NO_QUERY), key=lambda u: not u.passing)
    return said[0] if said else NO_QUERY
