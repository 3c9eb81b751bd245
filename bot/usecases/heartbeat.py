"""Tells somebody outside, again and again, that the bot works; silence tells the contrary."""

from collections.abc import Callable
from datetime import timedelta

from bot.ports import Clock, Unavailable
from bot.sources import Addresses

PATIENCE = timedelta(seconds=10)
WELL = range(200, 300)


class Heartbeat:
    """Asks one address every so often while the bot is ready. What it answers stops nothing."""

    def __init__(
        self,
        address: str,
        every: timedelta,
        ready: Callable[[], bool],
        addresses: Addresses,
        clock: Clock,
    ) -> None:
        self._address = address
        self._every = every
        self._ready = ready
        self._addresses = addresses
        self._clock = clock
        self._trouble: str | None = None

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            if self._ready():
                self._trouble = await self._beat()
            await self._clock.sleep_until(self._clock.now() + self._every)

    async def check(self) -> None:
        """Raise Unavailable if the last beat was not taken."""
        if self._trouble:
            raise Unavailable(self._trouble)

    async def _beat(self) -> str | None:
        """Beat once; return why it was not taken, without the address: it may be a secret."""
        try:
            reached = await self._addresses.reach(self._address, PATIENCE)
        except Unavailable as error:
            return str(error).replace(self._address, "the address")
        return None if reached.status in WELL else f"the answer was {reached.status}"
