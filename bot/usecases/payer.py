"""One attempt at a job: pay it, put it back, or bury it with its reason."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import assert_never
from zlib import crc32

import structlog

from bot.domain.authority import BOT
from bot.domain.errors import Refused
from bot.domain.facts import JobBuried, OutcomeUnknown, Stamp, TroubleOver
from bot.domain.incident import Incident
from bot.domain.jobs import SETTLE, Job, Kind
from bot.ports import Clock, Commit, Fenced, Store, Unavailable

from .effects import Ask, Draw, Due, Effect, LookFirst, Safe
from .incidents import Incidents, Learned
from .leases import Attempt
from .parking import Parking

log = structlog.get_logger()

PATIENCE = timedelta(seconds=30)  # for one attempt
LONGEST_WAIT = timedelta(seconds=60)
SPREAD = 0.1  # of a wait
GIVE_UP_AFTER = 360  # attempts, about six hours
PAID, PUT_BACK = "paid", "put back"


class Payer:
    """Knows how each kind of job is paid."""

    def __init__(
        self,
        store: Store,
        incidents: Incidents,
        effects: Mapping[Kind, Effect],
        clock: Clock,
        parking: Parking,
    ) -> None:
        self._store = store
        self._incidents = incidents
        self._effects = effects
        self._clock = clock
        self._parking = parking

    async def attempt(self, attempt: Attempt) -> str:
        """Pay the job, put it back or bury it; Fenced or Unavailable if that was not noted."""
        job = attempt.job
        incident = await self._incidents.current(job.incident)
        try:
            patience = asyncio.timeout(PATIENCE.total_seconds())
            async with patience, attempt.while_held(self._clock.now()):
                done, learned = await self._pay(self._effects[job.kind], job, incident)
            attempt.settling = True
            await self._incidents.settle(done, self._and_over(learned, job, incident))
        except (Unavailable, TimeoutError) as error:
            if attempt.settling:
                raise
            return await self._put_back(attempt, error)
        except Fenced:
            raise
        except Refused as error:
            log.warning("job refused", job=job.key, incident=job.incident)
            return await self._bury(attempt, str(error))
        except Exception as error:
            reference = uuid.uuid4().hex[:8]
            log.exception("job failed", job=job.key, incident=job.incident, reference=reference)
            return await self._bury(attempt, f"{type(error).__name__}, reference {reference}")
        return PAID

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

    async def _put_back(self, attempt: Attempt, error: Unavailable | TimeoutError) -> str:
        job, attempt.settling = attempt.job, True
        told_to_wait = error.retry_after if isinstance(error, Unavailable) else None
        # While the chat as a whole is away, that it fails says nothing of this job.
        away = self._parking.away and not told_to_wait
        if job.attempts >= GIVE_UP_AFTER and not away:
            return await self._bury(attempt, str(error) or type(error).__name__)
        now, attempts = self._clock.now(), job.attempts
        if told_to_wait:
            due, attempts = now + told_to_wait, attempts - 1  # it surely did nothing
            self._parking.park(job.kind, due)
        elif away:
            due, attempts = now, max(attempts - 1, 1)  # it may have done something
            self._parking.silent(job.kind, now)
        else:
            due = now + backoff(job)
        log.info("job put back", job=job.key, incident=job.incident, attempts=job.attempts)
        await self._store.commit(Commit(jobs=(replace(job, attempts=attempts, due=due),)))
        return PUT_BACK

    async def _bury(self, attempt: Attempt, reason: str) -> str:
        job, attempt.settling = attempt.job, True
        told = {"job": job.key, "incident": job.incident, "attempts": job.attempts}
        log.warning("job given up", **told, reason=reason)
        buried = JobBuried(self._stamp(), job.kind, reason)
        done = replace(job, wanted_seq=max(job.wanted_seq, await self._seq(job)))
        await self._incidents.settle(done, [buried] if job.incident else [])
        return "buried"

    async def _seq(self, job: Job) -> int:
        return (await self._incidents.current(job.incident)).seq

    def _stamp(self) -> Stamp:
        now = self._clock.now()
        return Stamp(occurred_at=now, recorded_at=now, by=BOT.person)


def backoff(job: Job) -> timedelta:
    """Say how long a job waits after an attempt: ever longer, and not all jobs equally long."""
    wait = min(timedelta(seconds=2 ** min(job.attempts, 10)), LONGEST_WAIT)
    return wait * (1 - SPREAD * (crc32(job.key.encode()) % 100) / 100)
