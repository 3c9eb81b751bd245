"""Pays the jobs owed: claim, pay, commit — and again after a crash."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

import structlog

from bot.domain.authority import BOT
from bot.domain.errors import Refused
from bot.domain.facts import JobBuried, OutcomeUnknown, Stamp, TroubleOver
from bot.domain.incident import Incident
from bot.domain.jobs import SETTLE, Job, Kind
from bot.ports import Commit, Fenced, Lease, Store, Telemetry, Unavailable

from .bell import Bell
from .effects import Ask, Draw, Due, Effect, LookFirst, Safe
from .incidents import Incidents, Learned

log = structlog.get_logger()

LANES = 8
LEASE = timedelta(seconds=60)
PATIENCE = timedelta(seconds=30)  # well within the lease
IDLE = timedelta(seconds=1)
LONGEST_WAIT = timedelta(seconds=60)
GIVE_UP_AFTER = 360  # attempts, about six hours
GRACE = timedelta(seconds=4)  # for what runs when the bot is stopped


class Worker:
    """Serves several lanes at once; within a lane, one job after the other."""

    def __init__(
        self,
        store: Store,
        incidents: Incidents,
        effects: Mapping[Kind, Effect],
        bell: Bell,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._incidents = incidents
        self._effects = effects
        self._clock = bell.clock
        self._bell = bell
        self._telemetry = telemetry
        self._running = 0
        self._blocked = False

    async def run(self) -> None:
        """Serve until cancelled; then let what runs come to its end for a moment."""
        async with asyncio.TaskGroup() as lanes:
            try:
                while True:
                    if not await self._start(lanes):
                        await self._bell.wait(self._clock.now() + IDLE)
            except asyncio.CancelledError:
                await self._finish()
                raise

    async def step(self) -> bool:
        """Attempt one due job; say whether there was one."""
        jobs = await self._claimed(1)
        for job in jobs:
            await self._attempt(job)
        return bool(jobs)

    async def _start(self, lanes: asyncio.TaskGroup) -> int:
        try:
            jobs = await self._claimed(LANES - self._running)
        except Unavailable as error:  # readiness tells; waiting is all that is left
            if not self._blocked:
                log.warning("no job can be claimed", trouble=str(error))
            self._blocked = True
            return 0
        self._blocked = False
        for job in jobs:
            self._running += 1
            lanes.create_task(self._serve(job))
        return len(jobs)

    async def _serve(self, job: Job) -> None:
        try:
            await self._attempt(job)
        except Unavailable as error:  # of the store: the lease ends, and the job comes back
            log.warning("job not settled", job=job.key, trouble=str(error))
        finally:
            self._running -= 1
            self._bell.ring()

    async def _finish(self) -> None:
        until = self._clock.now() + GRACE
        while self._running and self._clock.now() < until:
            await self._bell.wait(until)

    async def _claimed(self, lanes: int) -> Sequence[Job]:
        now = self._clock.now()
        return await self._store.claim_jobs(lanes, Lease(now, now + LEASE)) if lanes else ()

    async def _attempt(self, job: Job) -> None:
        try:
            outcome = await self._try(job)
        except Fenced:
            outcome = "fenced"
            log.warning("lease lost", job=job.key)
        self._telemetry.paid(job.kind, outcome)

    async def _try(self, job: Job) -> str:
        incident = await self._incidents.current(job.incident)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                done, learned = await self._pay(self._effects[job.kind], job, incident)
            await self._incidents.settle(done, self._and_over(learned, job, incident))
        except (Unavailable, TimeoutError) as error:
            return await self._put_back(job, error)
        except Fenced:
            raise
        except Refused as error:
            log.warning("job refused", job=job.key, incident=job.incident)
            return await self._bury(job, str(error))
        except Exception as error:
            reference = uuid.uuid4().hex[:8]
            log.exception("job failed", job=job.key, incident=job.incident, reference=reference)
            return await self._bury(job, f"{type(error).__name__}, reference {reference}")
        return "paid"

    async def _pay(self, effect: Effect, job: Job, incident: Incident) -> tuple[Job, Learned]:
        again, stamp = job.attempts > 1, self._stamp()
        match effect:
            case Due(command):
                return job, command
            case Draw(draw):
                shown, learned = await draw(job, incident, stamp)
                return replace(job, wanted_seq=shown, due=self._clock.now() + SETTLE), learned
            case Ask() if again:
                return job, [OutcomeUnknown(stamp, job.kind)]
            case LookFirst(pay, look) if again:
                found = await look(job, incident, stamp)
                return job, await pay(job, incident, stamp) if found is None else found
            case Safe(pay) | LookFirst(pay) | Ask(pay):
                return job, await pay(job, incident, stamp)
            case _:
                assert_never(effect)

    def _and_over(self, learned: Learned, job: Job, incident: Incident) -> Learned:
        """Add to what was learned that a trouble with such jobs is over."""
        if not isinstance(learned, Sequence) or any(
            isinstance(f, OutcomeUnknown) for f in learned
        ):
            return learned
        over = any(trouble.job == job.kind for trouble in incident.troubles)
        return [*learned, TroubleOver(self._stamp(), job.kind)] if over else learned

    async def _put_back(self, job: Job, error: Unavailable | TimeoutError) -> str:
        told_to_wait = error.retry_after if isinstance(error, Unavailable) else None
        if job.attempts >= GIVE_UP_AFTER:
            return await self._bury(job, str(error) or type(error).__name__)
        backoff = timedelta(seconds=2 ** min(job.attempts, 10))
        wait = told_to_wait or min(backoff, LONGEST_WAIT)
        attempts = job.attempts - (told_to_wait is not None)  # it surely did nothing
        due = self._clock.now() + wait
        log.info("job put back", job=job.key, incident=job.incident, attempts=job.attempts)
        await self._store.commit(Commit(jobs=(replace(job, attempts=attempts, due=due),)))
        return "put back"

    async def _bury(self, job: Job, reason: str) -> str:
        buried = JobBuried(self._stamp(), job.kind, reason)
        done = replace(job, wanted_seq=max(job.wanted_seq, await self._seq(job)))
        await self._incidents.settle(done, [buried] if job.incident else [])
        return "buried"

    async def _seq(self, job: Job) -> int:
        return (await self._incidents.current(job.incident)).seq

    def _stamp(self) -> Stamp:
        now = self._clock.now()
        return Stamp(occurred_at=now, recorded_at=now, by=BOT.person)
