"""Figures of the stores: commits a second, starting with much, many jobs due, a week's memory."""

import asyncio
import gc
import itertools
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.disk import File, LocalDisk
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import TinyStore
from bot.domain.facts import Fact
from bot.domain.jobs import Job, Kind
from bot.domain.transcript import Message
from bot.ports import Commit, Lease, Store
from bot.usecases.board import Board
from tests.conversations.stage import Stage
from tests.fakes.clock import SteppedClock
from tests.postgres import found, running
from tests.samples import CLOSED, DECLARED, JOINED, PUT_AWAY, RESOLVED, ROOM, TAKEN, WORSE

FACTS, JOBS, SECONDS = 50_000, 10_000, 3.0
MORE: list[Fact] = [JOINED, WORSE] * 19
Opened = Callable[[float], AbstractAsyncContextManager[Store]]
SOME: list[Fact] = [DECLARED, ROOM, TAKEN, WORSE, JOINED]


class SlowFile:
    """A file whose every sync takes longer."""

    def __init__(self, file: File, seconds: float) -> None:
        self._file = file
        self._seconds = seconds
        self.append, self.truncate, self.close = file.append, file.truncate, file.close

    def sync(self) -> None:
        """Take that much longer."""
        time.sleep(self._seconds)
        self._file.sync()


class SlowDisk(LocalDisk):
    """A disk whose every sync takes longer."""

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(folder)
        self._seconds = seconds

    def append_to(self, name: str) -> File:
        """Open a file that is slow to sync."""
        return SlowFile(super().append_to(name), self._seconds)


@asynccontextmanager
async def embedded(added: float = 0) -> AsyncIterator[TinyStore]:
    """An empty store on the disk, with seconds added to each sync."""
    with tempfile.TemporaryDirectory() as folder:
        store = TinyStore(SlowDisk(Path(folder), added), SystemClock())
        yield store
        await store.close()


async def rate(store: Store, at_once: int) -> tuple[float, float]:
    """Return commits a second and the longest one in milliseconds, with so many at once."""
    until, took = time.perf_counter() + SECONDS, list[float]()

    async def commits(writer: int) -> None:
        for n in itertools.count():
            began = time.perf_counter()
            if began >= until:
                return
            incident = f"{at_once}-{writer}-{n}"
            await store.commit(Commit({incident: (0, [DECLARED])}, request_key=incident))
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(commits(writer) for writer in range(at_once)))
    return len(took) / SECONDS, max(took) * 1000


async def filled(store: Store, facts: int) -> None:
    """Write so many facts, five a commit."""
    for n in range(0, facts // len(SOME), 200):
        many = range(n, min(n + 200, facts // len(SOME)))
        await asyncio.gather(*(store.commit(Commit({f"I{i}": (0, SOME)})) for i in many))


async def pause_of_a_compaction(facts: int) -> tuple[float, float]:
    """Return the seconds that a compaction took, and the milliseconds of the longest commit."""
    async with embedded() as store:
        await filled(store, facts)
        gc.collect()
        gc.freeze()  # as the bot does once it has started
        compacting, longest = asyncio.ensure_future(store.compact()), 0.0
        began = time.perf_counter()
        for n in itertools.count():
            if compacting.done():
                break
            started = time.perf_counter()
            await store.commit(Commit({f"J{n}": (0, [DECLARED])}))
            longest = max(longest, time.perf_counter() - started)
        await compacting
        return time.perf_counter() - began, longest * 1000


async def start_with(facts: int) -> tuple[float, float, float]:
    """Return the seconds until a store is open, a board is warm, and the bot says it is ready."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        store = TinyStore(LocalDisk(data), SystemClock())
        await filled(store, facts)
        await store.close()
        began = time.perf_counter()
        store = TinyStore(LocalDisk(data), SystemClock())
        opened = time.perf_counter() - began
        await Board(store, SystemClock()).position()
        warm = time.perf_counter() - began
        await store.close()
        async with Stage(Path(folder)) as stage:
            ready = await stage.start()
    return opened, warm, ready


async def due_at_start(store: Store, jobs: int) -> tuple[float, float]:
    """Return the seconds to claim and finish so many jobs, and the slowest claim in ms."""
    now = SystemClock().now()
    for n in range(0, jobs, 500):
        owed = [
            Job(f"{i}/pin", Kind.PIN, "", f"lane {i}", now) for i in range(n, min(n + 500, jobs))
        ]
        await store.commit(Commit(jobs=owed))
    began, slowest = time.perf_counter(), 0.0
    while True:
        now, started = SystemClock().now(), time.perf_counter()
        claimed = await store.claim_jobs(8, Lease(now, now + timedelta(seconds=60)))
        slowest = max(slowest, time.perf_counter() - started)
        if not claimed:
            return time.perf_counter() - began, slowest * 1000
        await asyncio.gather(*(store.commit(Commit(finishes=[job])) for job in claimed))


def a_week(incidents: int, messages: int, *, put_away: bool) -> float:
    """Return the MB that a week of incidents takes, in a process that did nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(lived(Path(folder), incidents, messages, put_away=put_away))
        before = resident()
        store = TinyStore(LocalDisk(Path(folder)), SystemClock())
        after = resident()
        asyncio.run(store.close())
    return after - before


async def lived(folder: Path, incidents: int, messages: int, *, put_away: bool) -> None:
    """Write a week down."""
    store = TinyStore(LocalDisk(folder), SteppedClock())
    for n in range(incidents):
        facts = [*SOME, *MORE, RESOLVED, CLOSED]
        said = [Message(f"C{n}", f"{m}.0", "UANA", f"{n} {m} " * 20) for m in range(messages)]
        claims = {("channel", f"C{n}"): f"I{n}"}
        await store.commit(Commit({f"I{n}": (0, facts)}, claims, messages=said))
        if put_away:
            await store.commit(Commit({f"I{n}": (45, [replace(PUT_AWAY, facts=45)])}))
    await store.compact()
    await store.close()


def resident() -> float:
    """Return the MB that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


async def speeds(name: str, opened: Opened) -> None:
    """Print commits a second of a store, with and without a slow disk."""
    for added, at_once in itertools.product((0, 0.01), (1, 50)):
        async with opened(added) as store:
            a_second, longest = await rate(store, at_once)
        slow = f"{added * 1000:.0f} ms added to a sync"
        rest = f"{a_second:7.0f}/s  longest {longest:7.1f} ms"
        print(f"commits, {name}, {at_once:>2} at once, {slow:<24} {rest}")


async def on_postgres() -> None:
    """Print the figures of PostgreSQL, on a server of our own."""
    with running() as server:

        @asynccontextmanager
        async def database(added: float) -> AsyncIterator[Store]:
            server.sql(
                f"alter system set commit_delay = {added * 1e6:.0f}",
                "alter system set commit_siblings = 0",
                "select pg_reload_conf()",
                "drop database if exists bench",
                "create database bench",
            )
            store = await PostgresStore(server.url("bench"), SystemClock()).open()
            yield store
            await store.close()

        await speeds("PostgreSQL", database)
        async with database(0) as store:
            took, slowest = await due_at_start(store, JOBS)
        print(f"{JOBS} due jobs, PostgreSQL: {took:.1f} s, slowest claim {slowest:.1f} ms")


async def main() -> None:
    """Measure and print."""
    await speeds("TinyDB", embedded)
    if found():
        await on_postgres()
    took, longest = await pause_of_a_compaction(FACTS)
    print(f"compaction of {FACTS} facts {took:.1f} s, longest commit meanwhile {longest:.1f} ms")
    opened, warm, ready = await start_with(FACTS)
    seconds = f"open {opened:.2f} s, board warm {warm:.2f} s, /readyz {ready:.2f} s"
    print(f"start with {FACTS} facts: {seconds}")
    async with embedded() as store:
        took, slowest = await due_at_start(store, JOBS)
    print(f"{JOBS} due jobs, TinyDB: {took:.1f} s, slowest claim {slowest:.1f} ms")
    for put_away in (False, True):
        with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
            megabytes = fresh.submit(a_week, 200, 200, put_away=put_away).result()
        state = "put away" if put_away else "at hand"
        print(f"memory of 200 incidents with 200 messages each, {state}: {megabytes:.1f} MB")


if __name__ == "__main__":
    asyncio.run(main())
