"""Waiting on the clock: for somebody to ring, for an answer but not too long, for better times."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from bot.ports import Clock

T = TypeVar("T")

SHORTEST, LONGEST = timedelta(milliseconds=250), timedelta(seconds=4)


class Bell:
    """Wakes the one who waits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, or whoever waits next."""
        self._rung.set()

    async def wait(self, until: datetime | None = None) -> None:
        """Return when it is rung, or it is that late."""
        if until is None:
            await self._rung.wait()
        else:
            with suppress(TimeoutError):
                await in_time(self._rung.wait(), until, self._clock)
        self._rung.clear()


async def in_time(work: Awaitable[T], until: datetime, clock: Clock) -> T:
    """Return what the work gives; once it is that late cancel it and raise TimeoutError."""
    working = asyncio.ensure_future(work)
    late = asyncio.ensure_future(clock.sleep_until(until))
    try:
        await asyncio.wait((working, late), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise TimeoutError
        return working.result()
    finally:
        for task in (working, late):
            task.cancel()
        await asyncio.gather(working, late, return_exceptions=True)


def pause(failures: int) -> timedelta:
    """Say how long to wait before asking again what failed so often."""
    return min(SHORTEST * (1 << min(failures, 10)), LONGEST)
