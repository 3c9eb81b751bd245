"""What is made of a stretch of numbers: rates, sums, trends. None where there are too few."""

import math
from collections.abc import Callable
from itertools import pairwise

from .values import Stretch

MUCH = 1.1  # times the usual distance: farther out, a series is taken to begin or end there


def changed(of: Stretch, *, counter: bool) -> float | None:
    """Return by how much it changed, as if the first and last were at the ends of the stretch."""
    if len(of.times) < 2:  # noqa: PLR2004 - a difference has two sides
        return None
    first, last = of.values[0], of.values[-1]
    change = last - first
    if counter:
        change += sum(a for a, b in pairwise(of.values) if b < a)
    sampled = (of.times[-1] - of.times[0]) / 1000
    to_begin, to_end = (of.times[0] - of.begin) / 1000, (of.end - of.times[-1]) / 1000
    usual = sampled / (len(of.times) - 1)
    if counter and change > 0 and first >= 0:
        to_begin = min(to_begin, sampled * (first / change))
    covered = sampled
    for distance in (to_begin, to_end):
        covered += distance if distance < usual * MUCH else usual / 2
    return change * (covered / sampled)


def increase(of: Stretch) -> float | None:
    """Return how much a counter grew."""
    return changed(of, counter=True)


def delta(of: Stretch) -> float | None:
    """Return by how much a gauge changed."""
    return changed(of, counter=False)


def rate(of: Stretch) -> float | None:
    """Return how much a counter grows per second."""
    grown = increase(of)
    return None if grown is None else grown / ((of.end - of.begin) / 1000)


def irate(of: Stretch) -> float | None:
    """Return how much a counter grew per second between its last two numbers."""
    if len(of.times) < 2 or of.times[-1] == of.times[-2]:  # noqa: PLR2004 - two sides
        return None
    last, before = of.values[-1], of.values[-2]
    return (last if last < before else last - before) * 1000 / (of.times[-1] - of.times[-2])


def idelta(of: Stretch) -> float | None:
    """Return by how much a gauge changed between its last two numbers."""
    return of.values[-1] - of.values[-2] if len(of.values) > 1 else None


def trend(of: Stretch, at: float) -> tuple[float, float] | None:
    """Return the slope per second of the straight line that fits best, and its height then."""
    if len(of.times) < 2:  # noqa: PLR2004 - a line has two points
        return None
    if all(value == of.values[0] for value in of.values) and math.isfinite(of.values[0]):
        return 0.0, of.values[0]
    xs = [(time - at) / 1000 for time in of.times]
    middle, height = sum(xs) / len(xs), sum(of.values) / len(xs)
    spread = sum((x - middle) ** 2 for x in xs)
    slope = sum((x - middle) * (y - height) for x, y in zip(xs, of.values, strict=True)) / spread
    return slope, height - slope * middle


def deriv(of: Stretch) -> float | None:
    """Return how much a gauge changes per second."""
    found = trend(of, of.times[0])
    return found and found[0]


def average(of: Stretch) -> float:
    """Return the mean."""
    return sum(of.values) / len(of.values)


def variance(of: Stretch) -> float:
    """Return the mean square of the distances from the mean."""
    middle = average(of)
    return sum((value - middle) ** 2 for value in of.values) / len(of.values)


def highest(of: Stretch) -> float:
    """Return the largest number that is one."""
    return max((v for v in of.values if not math.isnan(v)), default=math.nan)


def lowest(of: Stretch) -> float:
    """Return the smallest number that is one."""
    return min((v for v in of.values if not math.isnan(v)), default=math.nan)


def changes(of: Stretch) -> float:
    """Return how often the number became another."""
    return float(
        sum(a != b and not (math.isnan(a) and math.isnan(b)) for a, b in pairwise(of.values))
    )


OVER_TIME: dict[str, Callable[[Stretch], float | None]] = {
    "avg_over_time": average,
    "changes": changes,
    "count_over_time": lambda of: float(len(of.values)),
    "delta": delta,
    "deriv": deriv,
    "idelta": idelta,
    "increase": increase,
    "irate": irate,
    "last_over_time": lambda of: of.values[-1],
    "max_over_time": highest,
    "min_over_time": lowest,
    "present_over_time": lambda _: 1.0,
    "rate": rate,
    "resets": lambda of: float(sum(b < a for a, b in pairwise(of.values))),
    "stddev_over_time": lambda of: math.sqrt(variance(of)),
    "stdvar_over_time": variance,
    "sum_over_time": lambda of: float(sum(of.values)),
}
