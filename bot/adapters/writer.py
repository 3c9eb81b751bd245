"""Has commits written: those that wait share one sync, and are true once that is done."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import zip_longest
from typing import Any, TypeVar

import orjson

from bot.domain.jobs import Job, Kind
from bot.ports import Clock, Commit, Conflict, Fenced, Head, Lease, Unavailable

from .chronicle import Recent
from .documents import Document, commit_document, job_record
from .form import check_form
from .index import Index, chained, raw
from .news import News

T = TypeVar("T")
ASTRAY = "what is in memory is not what was written: start me again"
AT_ONCE = 256  # commits in one record


@dataclass(eq=False, slots=True)
class Wish:
    """A commit, or jobs to claim, and who waits for it."""

    wanted: Commit | Lease
    lanes: int = 0
    parked: Collection[Kind] = ()
    answer: asyncio.Future[Any] = field(default_factory=asyncio.Future)


@dataclass(slots=True)
class Batch:
    """What is written at once: no two parts of it ask about the same thing."""

    at: datetime
    head: Head
    bodies: list[orjson.Fragment] = field(default_factory=list)
    parts: list[tuple[Wish, Callable[[], object]]] = field(default_factory=list)
    taken: set[Hashable] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    leasing: set[str] = field(default_factory=set)


class Writer:
    """One thread writes; what is decided is decided between its writes, on the loop."""

    def __init__(
        self, index: Index, clock: Clock, append: Callable[[Sequence[orjson.Fragment]], object]
    ) -> None:
        self.news = News()
        self.recent = Recent(index.head.position)
        self._index = index
        self._clock = clock
        self._append = append
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._waiting: deque[Wish] = deque()
        self._flight: asyncio.Future[Any] | None = None
        self._leasing: set[str] = set()
        self._paused = 0
        self._closed = False
        self.astray = False

    async def commit(self, commit: Commit) -> int:
        """Have it written; return its position. ValueError or TypeError if it is no commit."""
        check_form(commit)
        position: int = await self._asked(Wish(commit))
        return position

    async def claim(self, lanes: int, lease: Lease, parked: Collection[Kind]) -> list[Job]:
        """Have it written that jobs are started; return them."""
        jobs: list[Job] = await self._asked(Wish(lease, lanes, parked))
        return jobs

    async def in_turn(self, work: Callable[[], T]) -> T:
        """Do something in the thread that writes."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Let nothing be written meanwhile."""
        self._paused += 1
        try:
            while self._flight:
                await asyncio.wait([self._flight])
            yield
        finally:
            self._paused -= 1
            self._go_on()

    def renew(self, jobs: Sequence[Job], until: datetime) -> list[Job]:
        """Hold jobs longer; return those that are not held any more, or are being given away."""
        given = [job for job in jobs if job.key in self._leasing]
        kept = [job for job in jobs if job.key not in self._leasing]
        return [*given, *self._index.lanes.renew(kept, until)]

    async def close(self) -> None:
        """Write what waits, and end."""
        while self._waiting or self._flight:
            await asyncio.wait([self._flight or self._waiting[0].answer])
        self._closed = True
        self._thread.shutdown()

    async def _asked(self, wish: Wish) -> Any:
        if self._closed:
            raise Unavailable("the store is closed")
        if self.astray:
            raise Unavailable(ASTRAY)
        self._waiting.append(wish)
        self._go_on()
        return await wish.answer

    def _go_on(self) -> None:
        while self._waiting and not self._flight and not self._paused:
            batch = self._gathered()
            if batch.parts:
                loop = asyncio.get_running_loop()
                self._leasing = batch.leasing
                self._flight = loop.run_in_executor(self._thread, self._append, batch.bodies)
                self._flight.add_done_callback(partial(self._written, batch))

    def _written(self, batch: Batch, done: asyncio.Future[Any]) -> None:
        self._flight, self._leasing = None, set()
        failure = done.exception()
        outcomes: list[object] = []
        try:
            if not failure:
                outcomes += [apply() for _, apply in batch.parts]
                self.news.tell()
        finally:
            if not failure and len(outcomes) < len(batch.parts):  # a mistake of ours
                failure = TimeoutError("it was written, but not understood")
                self.astray = True
            for (wish, _), outcome in zip_longest(batch.parts, outcomes):
                if not wish.answer.done() and failure:
                    wish.answer.set_exception(failure)
                elif not wish.answer.done():
                    wish.answer.set_result(outcome)
            self._go_on()

    def _committed(self, commit: Commit, document: Document, head: Head) -> int:
        self._index.apply(commit, datetime.fromisoformat(document["at"]), head)
        self.recent.add(document)
        return head.position

    def _leased(self, jobs: list[Job], until: datetime) -> list[Job]:
        self._index.lanes.lease(jobs, until)
        return jobs

    def _gathered(self) -> Batch:
        """Take from those who wait what fits, each in its turn; refuse what does not."""
        batch, left = Batch(self._clock.now(), self._index.head), deque[Wish]()
        waiting, self._waiting = self._waiting, deque()
        for wish in waiting:
            if wish.answer.done():  # nobody waits for it any more
                continue
            asked = _asked_about(wish)
            if len(batch.parts) == AT_ONCE or not batch.taken.isdisjoint(asked):
                left.append(wish)
                batch.busy |= self._lanes(wish)
            else:
                try:
                    self._add(batch, wish)
                except (Conflict, Fenced) as refused:
                    wish.answer.set_exception(refused)
                    continue
            batch.taken |= asked
        self._waiting.extend(left)
        return batch

    def _lanes(self, wish: Wish) -> set[str]:
        """Return the lanes of jobs that it ends: nothing is claimed of them before that."""
        commit = wish.wanted
        held = _held(commit) if isinstance(commit, Commit) else []
        return {self._index.lanes.lane(job) for job in held}

    def _add(self, batch: Batch, wish: Wish) -> None:
        match wish.wanted:
            case Commit() as commit:
                self._index.check(commit)
                told = raw(commit)
                head = chained(batch.head, told)
                document = commit_document(commit, head.position, batch.at, told)
                batch.bodies.append(_body(document))
                batch.head = head
                batch.parts.append((wish, partial(self._committed, commit, document, head)))
                batch.busy |= self._lanes(wish)
            case Lease() as lease:
                jobs = self._index.lanes.claimable(wish.lanes, lease.at, wish.parked, batch.busy)
                if not jobs:
                    wish.answer.set_result(jobs)
                    return
                until = lease.until.isoformat()
                leased = [job_record(job) for job in jobs]
                batch.bodies.append(_body({"leased": leased, "until": until}))
                batch.parts.append((wish, partial(self._leased, jobs, lease.until)))
                batch.leasing |= {job.key for job in jobs}
                batch.taken |= {("fence", job.key) for job in jobs}


def _body(document: Any) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(document))


def _held(commit: Commit) -> list[Job]:
    return [*commit.finishes, *(job for job in commit.jobs if job.fence)]


def _asked_about(wish: Wish) -> set[Hashable]:
    """Name what is looked at to judge it: two that look at the same are not judged at once."""
    if not isinstance(wish.wanted, Commit):
        return {"claiming"}
    commit = wish.wanted
    about: set[Hashable] = {("stream", incident) for incident in commit.streams}
    about |= {("claim", claim) for claim in (*commit.claims, *commit.releases)}
    about |= {("fence", job.key) for job in _held(commit)}
    return about | ({("request", commit.request_key)} if commit.request_key is not None else set())
