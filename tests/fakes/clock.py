"""The Clock port: time passes when a test says so."""

import asyncio
from datetime import UTC, datetime, timedelta


class SteppedClock:
    def __init__(self) -> None:
        self._now = datetime(2026, 1, 15, 12, tzinfo=UTC)
        self._waiters: list[tuple[datetime, asyncio.Event]] = []

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        for at, waiter in self._waiters:
            if at <= self._now:
                waiter.set()

    async def sleep_until(self, at: datetime) -> None:
        waiting = at, asyncio.Event()
        if at > self._now:
            self._waiters.append(waiting)
            try:
                await waiting[1].wait()
            finally:
                self._waiters.remove(waiting)

    def next(self) -> datetime | None:
        """Return when the first of those who wait goes on."""
        return min((at for at, _ in self._waiters), default=None)
