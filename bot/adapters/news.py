"""Wakes those in this process who wait for a commit."""

import asyncio


class News:
    """Told after each commit; whoever waits looks again."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Wake everybody who waits."""
        self._told.set()
        self._told = asyncio.Event()

    async def wait(self) -> None:
        """Return at the next commit."""
        await self._told.wait()
