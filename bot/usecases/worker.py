"""Pays the jobs owed: claim, pay, commit — and again after a crash."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.jobs import NOT_URGENT, Job, Kind
from bot.ports import Clock, Commit, Fenced, Store, Telemetry, Unavailable

from .effects import Effect
from .incidents import Incidents
from .leases import Attempt, Leases
from .parking import Parking
from .payer import PAID, PUT_BACK, Payer
from .waiting import Bell, in_time, pause

log = structlog.get_logger()

LANES = 8
SLOW_LANES = 6  # of them at most for what nobody waits for: an answer finds one free
BREATH = timedelta(milliseconds=50)  # at least, between looking twice
GRACE = timedelta(seconds=2.5)  # for what runs when the bot is stopped
RELEASE = timedelta(seconds=0.5)  # for giving back what still runs then


class Worker:
    """Serves several lanes at once; within a lane, one job after the other.

    It is told by `lost` and `back` whether the chat as a whole is there, and rings its `doubt`.
    """

    def __init__(
        self,
        store: Store,
        incidents: Incidents,
        effects: Mapping[Kind, Effect],
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._clock = clock
        self._telemetry = telemetry
        self.doubt = Bell(clock)
        self._bell = Bell(clock)
        self._leases = Leases(store, clock)
        self._parking = Parking()
        self._payer = Payer(store, incidents, effects, clock, self._parking)
        self._failures = 0

    async def run(self) -> None:
        """Serve until cancelled; what runs then may end for a moment, or is given to others."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._leases.keep())
            tasks.create_task(self._listen())
            try:
                while True:
                    await self._round(tasks)
            except asyncio.CancelledError:
                await self._finish()
                raise

    async def step(self) -> bool:
        """Attempt one due job; say whether there was one."""
        lease = self._leases.next()
        jobs = await self._store.claim_jobs(1, lease, self._shut())
        for job in jobs:
            attempt = self._leases.take(job, lease)
            with self._leases.working(attempt):
                await self._attempt(attempt)
        return bool(jobs)

    def lost(self) -> None:
        """Note that the chat as a whole does not answer: what fails now is not given up."""
        self._parking.lost()

    def back(self) -> None:
        """Note that it does, and start at once what waited for that."""
        if self._parking.back(self._clock.now()):
            log.info("the chat is back")
            self._bell.ring()

    async def _listen(self) -> None:
        """Ring at every commit, whoever made it."""
        position, failures = 0, 0
        while True:
            try:
                position, failures = await self._store.beyond(position), 0
            except Unavailable:
                await self._clock.sleep_until(self._clock.now() + pause(failures))
                failures += 1
            else:
                self._bell.ring()

    async def _round(self, tasks: asyncio.TaskGroup) -> None:
        """Start what can be started, and return when there may be more."""
        try:
            await self._start(tasks)
            until = await self._next()
        except Unavailable as error:  # readiness tells; waiting is all that is left
            if not self._failures:
                log.warning("no job can be claimed", trouble=str(error))
            await self._clock.sleep_until(self._clock.now() + pause(self._failures))
            self._failures += 1
        else:
            self._failures = 0
            await self._bell.wait(until)

    async def _start(self, tasks: asyncio.TaskGroup) -> None:
        while free := LANES - len(self._leases):
            shut, lease = self._shut(), self._leases.next()
            room = SLOW_LANES - self._leases.slow()
            lanes = min(free, room) if room > 0 else free
            lanes = 1 if self._parking.careful(shut, self._clock.now()) else lanes
            jobs = await self._store.claim_jobs(lanes, lease, shut)
            for job in jobs:
                attempt = self._leases.take(job, lease)
                attempt.task = tasks.create_task(self._serve(attempt))
            if len(jobs) < lanes:
                return

    async def _next(self) -> datetime | None:
        """Return when something can be started though nobody rings; None is never."""
        if len(self._leases) == LANES:
            return None
        now = self._clock.now()
        times = (await self._store.next_due(self._shut()), self._parking.ends(now))
        earliest = min((time for time in times if time), default=None)
        return max(earliest, now + BREATH) if earliest else None

    def _shut(self) -> frozenset[Kind]:
        shut = self._parking.shut(self._clock.now(), self._leases.kinds())
        return shut if self._leases.slow() < SLOW_LANES else shut | NOT_URGENT

    async def _serve(self, attempt: Attempt) -> None:
        with self._leases.working(attempt):
            try:
                await self._attempt(attempt)
            except (Unavailable, TimeoutError) as error:  # of the store: the job comes back
                log.warning("job not settled", job=attempt.job.key, trouble=str(error))
            except asyncio.CancelledError:
                if not attempt.lost:
                    await self._release(attempt.job)
                    raise
                self._fenced(attempt.job)
        self._bell.ring()

    async def _finish(self) -> None:
        until = self._clock.now() + GRACE
        while self._leases and self._clock.now() < until:
            await self._bell.wait(until)

    async def _release(self, job: Job) -> None:
        """Give a job back as due, so that another process goes on with it at once."""
        now = self._clock.now()
        released = self._store.commit(Commit(jobs=(replace(job, due=now),)))
        with suppress(Fenced, Unavailable, TimeoutError):  # it is over, or its lease ends soon
            await in_time(released, now + RELEASE, self._clock)

    async def _attempt(self, attempt: Attempt) -> None:
        job = attempt.job
        try:
            outcome = await self._payer.attempt(attempt)
        except Fenced:
            self._fenced(job)
            return
        now = self._clock.now()
        if outcome != PUT_BACK:
            self._parking.went(job.kind, now)
        elif job.kind not in self._parking.shut(now, ()):  # it failed, and was not told to wait
            self.doubt.ring()
        if outcome == PAID and job.attempts > 1:  # what had failed goes through
            self.back()
        self._telemetry.paid(job.kind, outcome)

    def _fenced(self, job: Job) -> None:
        log.warning("lease lost", job=job.key)
        self._telemetry.paid(job.kind, "fenced")
