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
        self._waiters = [(at, waiter) for at, waiter in self._waiters if at > self._now]

    async def sleep_until(self, at: datetime) -> None:
        waiter = asyncio.Event()
        if at > self._now:
            self._waiters.append((at, waiter))
            await waiter.wait()
