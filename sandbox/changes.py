"""A counter that lets testers wait for the next change instead of sleeping."""

import asyncio


class Changes:
    """Count what has visibly changed."""

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def bump(self) -> None:
        """Count one more change and wake everybody waiting for it."""
        self.version += 1
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, version: int) -> int:
        """Return the version as soon as it is beyond the given one."""
        while self.version <= version:
            await self._next.wait()
        return self.version
