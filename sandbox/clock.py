"""The workspace's time, which a test may hold in its hand."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

Result = TypeVar("Result")


class Clock:
    """Tell and spend real time."""

    def now(self) -> float:
        """Return the seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        await asyncio.sleep(seconds)

    async def limit(self, work: Awaitable[Result], seconds: float) -> Result:
        """Await the work, or raise TimeoutError once that many seconds have passed."""
        task = asyncio.ensure_future(work)
        alarm = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            task.cancel()
            alarm.cancel()
            await asyncio.gather(task, alarm, return_exceptions=True)


class SteppedClock(Clock):
    """Stand still, from the real moment it was made, until stepped."""

    def __init__(self) -> None:
        self._now = time.time()
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> float:
        """Return the moment the clock was last stepped to."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has been stepped that far."""
        sleeper = self._now + seconds, asyncio.Event()
        self._sleepers.append(sleeper)
        self._wake()
        try:
            await sleeper[1].wait()
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    def step(self, seconds: float) -> None:
        """Move time forward and wake whoever slept until then."""
        self._now += seconds
        self._wake()

    def next(self) -> float | None:
        """Return in how many seconds the first of those who sleep is woken, if anybody does."""
        return min((moment - self._now for moment, _ in self._sleepers), default=None)

    def _wake(self) -> None:
        for moment, woken in self._sleepers:
            if moment <= self._now:
                woken.set()
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].is_set()]
