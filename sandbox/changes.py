"""A counter that lets testers wait for the next change instead of sleeping."""

import asyncio


class Changes:
    """Count what has visibly changed."""

    def __init__(self) -> None:
        self.version = 0
        self._waiting: list[asyncio.Future[None]] = []

    def bump(self) -> None:
        """Count one more change and wake everybody waiting for it."""
        self.version += 1
        if self._waiting:
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_result(None)
            self._waiting.clear()

    async def after(self, version: int) -> int:
        """Return the version as soon as it is beyond the given one."""
        while self.version <= version:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting
        return self.version
