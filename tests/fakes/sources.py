"""The Silencer, Metrics, Addresses and Logs ports, in memory."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.errors import Refused
from bot.ports import Clock, Unavailable
from bot.sources import Lines, Place, Places, Reached, Sample, Silence

Series = Mapping[str, str]
Rate = Callable[[datetime], float | None]  # what a series is at a time; None is nothing


class FakeSilencer:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.made: dict[str, tuple[Mapping[str, str], str, Silence]] = {}
        self.lifted: list[str] = []
        self.failures: list[Exception] = []
        self.unheard = False  # the next one is made, but nobody hears that

    def _perhaps_fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def silence(
        self, labels: Mapping[str, str], until: datetime, by: str, comment: str
    ) -> str:
        self._perhaps_fail()
        if not any(labels.values()) or until <= self.clock.now():
            raise Refused("Alertmanager refuses it: {quote}", quote="silence invalid")
        name = f"silence-{len(self.made) + 1}"
        self.made[name] = labels, by, Silence(name, until, comment)
        unheard, self.unheard = self.unheard, False
        if unheard:
            raise Unavailable("took too long")
        return name

    async def silences(self) -> Sequence[Silence]:
        self._perhaps_fail()
        kept = [s for _, _, s in self.made.values() if s.id not in self.lifted]
        return [s for s in kept if s.until > self.clock.now()]

    async def lift(self, silence: str) -> None:
        if silence in {s.id for s in await self.silences()}:
            self.lifted.append(silence)


class FakeMetrics:
    """What each query gives: series, or why there is no answer."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.series: dict[str, list[tuple[Series, Rate]]] = {}
        self.troubles: dict[str, Exception] = {}
        self.asked: list[str] = []
        self.asking = asyncio.Event()
        self.hangs = False

    def gives(self, query: str, *series: tuple[Series, Rate]) -> None:
        self.series[query] = list(series)

    async def _ask(self, query: str) -> Sequence[tuple[Series, Rate]]:
        self.asked.append(query)
        self.asking.set()
        if self.hangs:
            await asyncio.Event().wait()
        if query in self.troubles:
            raise self.troubles[query]
        return self.series.get(query, [])

    async def now(self, query: str) -> Sequence[tuple[Mapping[str, str], float]]:
        now = self.clock.now()
        found = [(labels, rate(now)) for labels, rate in await self._ask(query)]
        return [(labels, v) for labels, v in found if v is not None and math.isfinite(v)]

    async def during(
        self, query: str, begin: datetime, end: datetime, step: timedelta
    ) -> Sequence[Sample]:
        series, at, samples = await self._ask(query), begin, list[Sample]()
        while at <= end:
            values = [v for _, rate in series if (v := rate(at)) is not None and math.isfinite(v)]
            samples += [Sample(at, sum(values))] if values else []
            at += step
        return samples


class FakeAddresses:
    def __init__(self) -> None:
        self.answers: dict[str, Reached | Unavailable] = {}
        self.asked: list[str] = []
        self.hanging: set[str] = set()

    async def reach(self, address: str, patience: timedelta) -> Reached:
        self.asked.append(address)
        if address in self.hanging:
            await asyncio.Event().wait()
        answer = self.answers.get(address, Reached(200, 0.01))
        if isinstance(answer, Unavailable):
            raise answer
        return answer


class FakeLogs:
    """Lines by the pattern that means them."""

    def __init__(self) -> None:
        self.written: dict[str, list[str]] = {}
        self.trouble: Unavailable | None = None

    def write(self, pattern: str, *lines: str) -> None:
        self.written.setdefault(pattern, []).extend(lines)

    async def since(self, patterns: Sequence[str], places: Places | None) -> Lines:
        if self.trouble:
            raise self.trouble
        new, ends = list[str](), dict[str, Place]()
        for pattern in patterns:
            lines = self.written.get(pattern, [])
            read = 0 if places is not None else len(lines)
            if places and pattern in places:
                read = places[pattern].read
            new += lines[read:]
            ends[pattern] = Place(len(lines), 0)
        return Lines(new, ends)
