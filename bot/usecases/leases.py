"""The jobs in hand: kept while work lasts, and stopped at once when they are no longer ours."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.jobs import NOT_URGENT, Job, Kind
from bot.ports import Clock, Lease, Store, Unavailable

from .waiting import in_time

log = structlog.get_logger()

LEASE = timedelta(seconds=4)  # so long the jobs of a process that was killed wait for another
RENEW_AFTER = timedelta(seconds=1.3)  # two renewals may fail
SPARE = timedelta(seconds=0.3)  # before its end a lease is given up: clocks differ
AGAIN = timedelta(seconds=0.3)  # after a renewal that failed


@dataclass(slots=True, eq=False)
class Attempt:
    """A job in hand. Once it is `settling` only the store decides whether it was still ours."""

    job: Job
    lease: Lease
    task: asyncio.Task[None] | None = None
    settling: bool = False
    lost: bool = False
    limit: asyncio.Timeout | None = None

    @property
    def can_be_lost(self) -> bool:
        """Say whether there is still something to be stopped."""
        return not self.settling and not self.lost

    @asynccontextmanager
    async def while_held(self, now: datetime) -> AsyncIterator[None]:
        """Raise TimeoutError once the lease has ended.

        Whoever was frozen meanwhile is stopped before it hears the answer that it waited for.
        """
        if self.lease.until <= now:
            raise TimeoutError
        async with asyncio.timeout((self.lease.until - now).total_seconds()) as limit:
            self.limit = limit
            try:
                yield
            finally:
                self.limit = None

    def renewed(self, lease: Lease, now: datetime) -> None:
        """Go on for as long as the new lease."""
        self.lease = lease
        if self.limit and not self.limit.expired():
            left = (lease.until - now).total_seconds()
            self.limit.reschedule(asyncio.get_running_loop().time() + left)


class Leases:
    """Renews all that is in hand together."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._held: set[Attempt] = set()
        self._taken = asyncio.Event()

    def __len__(self) -> int:
        return len(self._held)

    def next(self) -> Lease:
        """Return a lease that begins now."""
        now = self._clock.now()
        return Lease(now, now + LEASE)

    def kinds(self) -> frozenset[Kind]:
        """Return of what kinds the jobs in hand are."""
        return frozenset(attempt.job.kind for attempt in self._held)

    def slow(self) -> int:
        """Return how many of the jobs in hand are such that nobody waits for them."""
        return sum(attempt.job.kind in NOT_URGENT for attempt in self._held)

    def take(self, job: Job, lease: Lease) -> Attempt:
        """Note that a job was claimed."""
        attempt = Attempt(job, lease)
        self._held.add(attempt)
        self._taken.set()
        return attempt

    @contextmanager
    def working(self, attempt: Attempt) -> Iterator[None]:
        """Keep the lease up until the end of the block."""
        attempt.task = asyncio.current_task()
        try:
            yield
        finally:
            self._held.discard(attempt)

    async def keep(self) -> None:
        """Renew until cancelled; the work of an attempt that cannot be kept is cancelled."""
        again = self._clock.now()
        while True:
            if not self._held:
                self._taken.clear()
                await self._taken.wait()
            oldest = min(attempt.lease.at for attempt in self._held)
            await self._clock.sleep_until(max(oldest + RENEW_AFTER, again))
            await self._renew([attempt for attempt in self._held if not attempt.lost])
            again = self._clock.now() + AGAIN

    async def _renew(self, attempts: list[Attempt]) -> None:
        if not attempts:
            return
        lease = self.next()
        ends = [a.lease.until for a in attempts if a.can_be_lost]
        renewing = self._store.renew([a.job for a in attempts], lease.until)
        try:
            lost = await in_time(renewing, min(ends, default=lease.until) - SPARE, self._clock)
        except (Unavailable, TimeoutError) as error:
            log.warning("leases not renewed", trouble=str(error) or "no answer")
            before_next_look = self._clock.now() + SPARE + AGAIN
            self._lose([a for a in attempts if a.lease.until <= before_next_look])
            return
        gone = {(job.key, job.fence) for job in lost}
        self._lose([a for a in attempts if (a.job.key, a.job.fence) in gone])
        for attempt in attempts:
            attempt.renewed(lease, self._clock.now())

    def _lose(self, attempts: list[Attempt]) -> None:
        for attempt in attempts:
            if attempt in self._held and attempt.can_be_lost and attempt.task:
                attempt.lost = True
                attempt.task.cancel()
