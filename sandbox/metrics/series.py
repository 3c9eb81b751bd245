"""What was measured: series of numbers, each with its labels, for some hours."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .matching import NAME, Labels, Matcher, labels

LOOKBACK = 300_000  # milliseconds for which a number is still the newest
HOUR = 3_600_000

Told: TypeAlias = tuple[str, Mapping[str, str], float]


def milliseconds(seconds: float) -> int:
    """Return the moment as it is kept."""
    return round(seconds * 1000)


@dataclass(slots=True)
class Series:
    """The numbers of one series, oldest first; times are milliseconds since 1970."""

    labels: Labels
    times: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))
    ends: "array[int]" = field(default_factory=lambda: array("q"))

    def newest(self, at: int) -> tuple[int, float] | None:
        """Return the number that counts then and since when; None if it is too old or over."""
        place = bisect_right(self.times, at) - 1
        if place < 0 or (since := self.times[place]) < at - LOOKBACK:
            return None
        over = bisect_right(self.ends, at) - 1
        if over >= 0 and self.ends[over] > since:
            return None
        return since, self.values[place]

    def during(self, begin: int, end: int) -> tuple[Sequence[int], Sequence[float]]:
        """Return all there is from then to then, both included."""
        first, last = bisect_left(self.times, begin), bisect_right(self.times, end)
        return self.times[first:last], self.values[first:last]

    def forget(self, before: int) -> None:
        """Keep nothing that is older."""
        first = bisect_left(self.times, before)
        del self.times[:first], self.values[:first]
        del self.ends[: bisect_left(self.ends, before)]


class Store:
    """All series. What is older than so many hours is gone once `forget` was called."""

    def __init__(self, hours: float = 24) -> None:
        self._kept = round(hours * HOUR)
        self._named = dict[str, dict[Labels, Series]]()
        self._sources = dict[str, dict[Labels, Series]]()

    def append(self, name: str, given: Mapping[str, str], at: float, value: float) -> None:
        """Note a number. Raises ValueError if the series has one as new as that."""
        self._append(labels({**given, NAME: name}), milliseconds(at), value)

    def end(self, name: str, given: Mapping[str, str], at: float) -> None:
        """Note that a series is over: what was measured last counts no more."""
        if series := self._named.get(name, {}).get(labels({**given, NAME: name})):
            series.ends.append(milliseconds(at))

    def scrape(self, source: str, at: float, told: Iterable[Told]) -> None:
        """Note all that a source tells now; what it told the last time only is over."""
        moment = milliseconds(at)
        seen = dict[Labels, Series]()
        for name, given, value in told:
            found = labels({**given, NAME: name})
            seen[found] = self._append(found, moment, value)
        for found, series in self._sources.get(source, {}).items():
            if found not in seen:
                series.ends.append(moment)
        self._sources[source] = seen

    def forget(self, now: float) -> None:
        """Keep nothing that is older than this store's hours."""
        before = milliseconds(now) - self._kept
        for name, named in list(self._named.items()):
            for found, series in list(named.items()):
                series.forget(before)
                if not series.times:
                    del named[found]
            if not named:
                del self._named[name]

    def names(self) -> Sequence[str]:
        """Return what is measured at all."""
        return sorted(self._named)

    def select(self, matchers: Sequence[Matcher]) -> Sequence[Series]:
        """Return the series that fit all of these, in the order of their labels."""
        exact = [m.value for m in matchers if m.name == NAME and m.operator == "="]
        named = [exact[0]] if exact else self._named
        found = [
            series
            for name in named
            for series in self._named.get(name, {}).values()
            if _fits(series.labels, matchers)
        ]
        return sorted(found, key=lambda series: series.labels)

    def _append(self, found: Labels, at: int, value: float) -> Series:
        name = next(value for label, value in found if label == NAME)
        named = self._named.setdefault(name, {})
        series = named.get(found)
        if series is None:
            series = named[found] = Series(found)
        elif series.times and at <= series.times[-1]:
            msg = (
                f"{name}: there is a number of {series.times[-1]} ms already, and this is of {at}"
            )
            raise ValueError(msg)
        series.times.append(at)
        series.values.append(value)
        return series


def _fits(found: Labels, matchers: Sequence[Matcher]) -> bool:
    values = dict(found)
    return all(matcher.fits(values.get(matcher.name, "")) for matcher in matchers)
