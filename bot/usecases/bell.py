"""Tells the worker in this process that something new may be due."""

import asyncio
from datetime import datetime

from bot.ports import Clock


class Bell:
    """Rung after a commit; whoever waits goes on at once."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, or whoever waits next."""
        self._rung.set()

    async def wait(self, until: datetime) -> None:
        """Return when it is rung or it is that late."""
        waiters = {
            asyncio.ensure_future(self._rung.wait()),
            asyncio.ensure_future(self.clock.sleep_until(until)),
        }
        try:
            await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()
            await asyncio.gather(*waiters, return_exceptions=True)
        self._rung.clear()
