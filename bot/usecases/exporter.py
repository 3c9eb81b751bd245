"""Keeps the event log up to the store: every fact once, in order, whatever happens."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.domain.records import TooNew
from bot.ports import Clock, Lease, Ledger, Store, Tail, Unavailable

from .events import Events
from .waiting import Bell

LEASE = timedelta(seconds=10)
LOOK = timedelta(seconds=3)  # how often the lease is taken again, and the file looked at
PACE = timedelta(seconds=1)  # what is committed within it is written together
LONGEST_WAIT = timedelta(seconds=60)
LINES = 500  # at once
GRACE = 0.5  # seconds, at the end, for what was just committed


class Exporter:
    """Writes while it holds the lease. The file's own end says where to go on."""

    def __init__(self, store: Store, ledger: Ledger, clock: Clock, at_once: int = LINES) -> None:
        self._at_once = at_once
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._bell = Bell(clock)
        self._events = Events(store)
        self._tail: Tail | None = None  # None: the file has to be taken first
        self._told = -1  # the store's position up to which everything is written
        self._lease = Lease(*[datetime.min.replace(tzinfo=UTC)] * 2)
        self._trouble: str | None = None

    async def run(self) -> None:
        """Write until cancelled; then `close`."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._keep())

    async def check(self) -> None:
        """Raise Unavailable with what keeps the log from being written, if anything does."""
        if self._trouble:
            raise Unavailable(self._trouble)

    async def close(self) -> None:
        """Write what came last, if that takes but a moment, and let the file go."""
        try:
            with suppress(Unavailable, TooNew, TimeoutError):
                async with asyncio.timeout(GRACE):
                    await self._let_go()  # cancelled, a write may be done that was not noted
                    await self.catch_up()
        finally:
            await self._ledger.close()

    async def catch_up(self) -> None:
        """Write what is not written yet, if nobody else does. Raises Unavailable or TooNew."""
        if not await self._holds():
            await self._let_go()
            return
        if self._tail is None:
            self._tail, self._told = await self._ledger.take(), -1
        newest = (await self._store.head()).position
        if self._told >= 0 and not await self._store.feed(self._told):  # most commits tell nothing
            await self._ledger.append(())  # is it still there?
            self._told = newest
        elif await self._write(self._tail):
            self._told = newest

    async def _write(self, tail: Tail) -> bool:
        """Write all that belongs after this end; False once the lease is lost."""
        lines: list[bytes] = []
        async for line in self._events.since(tail):
            lines.append(line)
            if len(lines) == self._at_once:
                if not await self._append(lines):
                    return False
                lines = []
        return await self._append(lines)

    async def _append(self, lines: list[bytes]) -> bool:
        if not await self._holds() or self._tail is None:
            return False
        await self._ledger.append(lines)
        self._tail = Tail(lines[-1] if lines else self._tail.last, b"")
        return True

    async def _holds(self) -> bool:
        """Take the lease, or keep it; if it ended meanwhile, the file may be another's."""
        now = self._clock.now()
        if now > self._lease.until:
            await self._let_go()
        elif now < self._lease.at + LOOK:
            return True
        lease = Lease(now, now + LEASE)
        held = await self._store.hold("exports", lease)
        if held:
            self._lease = lease
        return held

    async def _let_go(self) -> None:
        self._tail = None
        await self._ledger.release()

    async def _keep(self) -> None:
        failed = 0
        while True:
            try:
                await self.catch_up()
            except (Unavailable, TooNew) as error:
                await self._let_go()
                self._trouble = str(error)
                wait = min(timedelta(seconds=2 ** min(failed, 10)), LONGEST_WAIT)
                failed += 1
                await self._clock.sleep_until(self._clock.now() + wait)
            else:
                failed, self._trouble = 0, None
                await self._bell.wait(self._clock.now() + LOOK)

    async def _listen(self) -> None:
        """Ring at news, whoever made it."""
        position = 0
        while True:
            with suppress(Unavailable):  # whoever is woken by time sees the same, and says so
                position = await self._store.beyond(position)
                self._bell.ring()
            await self._clock.sleep_until(self._clock.now() + PACE)
