"""What is to happen by itself, some time from now."""

import asyncio
from collections.abc import Callable

from sandbox.clock import Clock


class Later:
    """Keep what is still to happen, and give it up when the workspace closes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: set[asyncio.Task[None]] = set()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Act once that many seconds have passed on the workspace's clock."""
        task = asyncio.create_task(self._wait(seconds, act))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def close(self) -> None:
        """Give up whatever has not happened yet."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    async def _wait(self, seconds: float, act: Callable[[], None]) -> None:
        await self._clock.sleep(seconds)
        act()
