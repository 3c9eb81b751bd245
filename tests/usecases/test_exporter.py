"""The event log holds every fact once, in order, whatever happens to it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import Fact
from bot.ports import Commit, Held, Lease, Store, Unavailable, Written
from bot.usecases.exporter import Exporter
from tests.fakes.clock import SteppedClock
from tests.fakes.ledger import Disk, FakeLedger, PowerCut
from tests.fakes.store import MemoryStore
from tests.samples import (
    DECLARED,
    EVERY_FACT,
    JOINED,
    TAKEN,
)
from tests.usecases.test_events import expected, several

WORDS = ["I", "J", "K"]
steps = st.one_of(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.lists(st.sampled_from(EVERY_FACT), max_size=3)),
        max_size=2,
        unique_by=lambda stream: stream[0],
    ),
    st.none() | st.integers(0, 2500),
)


@given(st.lists(steps, max_size=12), st.integers(1, 4))
def test_after_any_crash_the_file_becomes_exactly_what_a_fresh_export_gives(
    steps: list[list[tuple[str, list[Fact]]] | int | None], at_once: int
) -> None:
    asyncio.run(crash_often(steps, at_once))


async def crash_often(
    steps: Sequence[list[tuple[str, list[Fact]]] | int | None], at_once: int
) -> None:
    """A list is a commit; a number exports until power fails after so many bytes."""
    clock = SteppedClock()
    store, disk = MemoryStore(clock), Disk()
    exporter = Exporter(store, FakeLedger(disk), clock, at_once)
    for step in [*steps, None]:
        if isinstance(step, list):
            seq = {i: len(await store.history(i)) for i, _ in step}
            await store.commit(Commit({i: (seq[i], facts) for i, facts in step}))
            continue
        disk.power = step
        try:
            await exporter.catch_up()
            assert disk.bytes == await expected(store)
        except PowerCut:
            assert (await expected(store)).startswith(disk.bytes or b"")
            exporter = Exporter(store, FakeLedger(disk), clock, at_once)
        disk.power = None
        clock.advance(4)


class Bot:
    """An exporter that runs beside a store."""

    def __init__(self, store: Store, clock: SteppedClock, disk: Disk | None = None) -> None:
        self.clock, self.store = clock, store
        self.ledger = FakeLedger(disk)
        self.disk = self.ledger.disk
        self.exporter = Exporter(store, self.ledger, clock)

    async def __aenter__(self) -> "Bot":
        self.task = asyncio.create_task(self.exporter.run())
        await self.passing(1)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        await self.exporter.close()

    async def passing(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            for _ in range(25):
                await asyncio.sleep(0)

    async def trouble(self) -> str:
        try:
            await self.exporter.check()
        except Unavailable as trouble:
            return str(trouble)
        return ""


@pytest.fixture
def memory(clock: SteppedClock) -> MemoryStore:
    return MemoryStore(clock)


async def test_it_follows_the_store_and_writes_together_what_comes_together(
    memory: MemoryStore, clock: SteppedClock
) -> None:
    async with Bot(memory, clock) as bot:
        await memory.commit(Commit({"I": (0, [DECLARED])}))
        await bot.passing(2)
        assert bot.disk.bytes == await expected(memory)
        before = bot.ledger.writes
        for n in range(1, 40):
            await memory.commit(Commit({"I": (n, [JOINED])}))
            await asyncio.sleep(0)
        await bot.passing(2)
        assert bot.disk.bytes == await expected(memory)
        assert bot.ledger.writes <= before + 2


async def test_what_was_committed_last_is_written_at_the_end(
    memory: MemoryStore, clock: SteppedClock
) -> None:
    async with Bot(memory, clock) as bot:
        await memory.commit(Commit({"I": (0, [DECLARED])}))
        await memory.commit(Commit({"I": (1, [TAKEN])}))
    assert bot.disk.bytes == await expected(memory)
    assert bot.disk.owner is None


async def test_a_full_disk_is_told_and_nothing_is_lost(
    memory: MemoryStore, clock: SteppedClock
) -> None:
    async with Bot(memory, clock) as bot:
        bot.disk.room = 100
        await several(memory)
        await bot.passing(5)
        assert await bot.trouble() == "No space left on device"
        assert bot.disk.bytes == b""
        bot.disk.room = None
        await bot.passing(60)
        assert await bot.trouble() == ""
        assert bot.disk.bytes == await expected(memory)


async def test_a_deleted_file_is_written_again_from_the_start(
    memory: MemoryStore, clock: SteppedClock
) -> None:
    await several(memory)
    async with Bot(memory, clock) as bot:
        bot.disk.remove()
        await bot.passing(10)
        assert bot.disk.bytes == await expected(memory)
        await memory.commit(Commit({"K": (0, [DECLARED])}))
        bot.disk.bytes = b""  # truncated, as by a rotation
        await bot.passing(10)
        assert bot.disk.bytes == await expected(memory)


async def test_a_file_that_is_not_ours_is_left_alone_until_it_is_moved_away(
    memory: MemoryStore, clock: SteppedClock
) -> None:
    await several(memory)
    disk = Disk()
    disk.bytes = b"a diary\nof mine"
    async with Bot(memory, clock, disk) as bot:
        await bot.passing(60)
        assert "not what this store's facts give" in await bot.trouble()
        assert disk.bytes == b"a diary\nof mine"
        disk.remove()
        await bot.passing(61)
        assert await bot.trouble() == ""
        assert disk.bytes == await expected(memory)


class Counting(MemoryStore):
    """Counts how often everything is read."""

    read = 0

    def chronicle(self, after: int = 0) -> AsyncIterator[tuple[int, Written]]:
        self.read += 1
        return super().chronicle(after)


async def test_commits_without_facts_are_not_worth_reading_the_history(
    clock: SteppedClock,
) -> None:
    store = Counting(clock)
    await several(store)
    async with Bot(store, clock) as bot:
        await bot.passing(2)
        before = store.read
        for _ in range(5):
            await store.commit(Commit())
            await bot.passing(4)
        assert store.read == before
        await store.commit(Commit({"K": (0, [DECLARED])}))
        await bot.passing(2)
        assert store.read == before + 1
        assert bot.disk.bytes == await expected(store)


class Unheard(FakeLedger):
    """A write is done, and who asked for it is cancelled before they hear of it."""

    def __init__(self) -> None:
        super().__init__()
        self.done = asyncio.Event()
        self.heard = asyncio.Event()

    async def append(self, lines: Sequence[bytes]) -> None:
        await super().append(lines)
        if lines:
            self.done.set()
            await self.heard.wait()


async def test_what_was_written_unheard_is_not_written_again_at_the_end(
    memory: MemoryStore, clock: SteppedClock
) -> None:
    await several(memory)
    ledger = Unheard()
    exporter = Exporter(memory, ledger, clock)
    task = asyncio.create_task(exporter.run())
    await ledger.done.wait()
    task.cancel()
    await asyncio.wait([task])
    ledger.heard.set()
    await exporter.close()
    assert ledger.disk.bytes == await expected(memory)


async def test_facts_of_a_newer_bot_are_left_to_it(
    memory: MemoryStore, clock: SteppedClock
) -> None:
    await several(memory)
    record = memory.written[-1][1][0][2][0]
    async with Bot(memory, clock) as bot:
        await bot.passing(5)
    record["v"] = 9
    async with Bot(memory, clock) as bot:
        await bot.passing(5)
        assert "needs a bot that reads" in await bot.trouble()
        record["v"] = 1
        await bot.passing(60)
        assert await bot.trouble() == ""
        assert bot.disk.bytes == await expected(memory)


class Shared(MemoryStore):
    """A store of several processes: somebody holds the lease."""

    def __init__(self, clock: SteppedClock) -> None:
        super().__init__(clock)
        self.asked: list[Lease] = []
        self.free = True

    async def hold(self, name: str, lease: Lease) -> bool:
        assert name == "exports"
        self.asked.append(lease)
        return self.free


async def test_only_who_holds_the_lease_writes(clock: SteppedClock) -> None:
    store = Shared(clock)
    store.free = False
    async with Bot(store, clock) as bot:
        await several(store)
        await bot.passing(10)
        assert bot.disk.bytes is None
        store.free = True
        await bot.passing(4)
        assert bot.disk.bytes == await expected(store)
        store.free = False
        await bot.passing(4)
        assert bot.disk.owner is None
        await store.commit(Commit({"K": (0, [DECLARED])}))
        await bot.passing(10)
        assert bot.disk.bytes != await expected(store)
        store.free = True
        await bot.passing(4)
        assert bot.disk.bytes == await expected(store)
    gaps = [b.at - a.at for a, b in zip(store.asked, store.asked[1:], strict=False)]
    assert max(gap.total_seconds() for gap in gaps) <= 4
    assert {(lease.until - lease.at).total_seconds() for lease in store.asked} == {10.0}


async def test_after_a_lease_that_ran_out_the_file_is_read_again(clock: SteppedClock) -> None:
    store = Shared(clock)
    await several(store)
    disk = Disk()
    one, two = (Exporter(store, FakeLedger(disk), clock) for _ in range(2))
    await one.catch_up()
    with pytest.raises(Held):
        await two.catch_up()
    clock.advance(60)  # the process was stopped meanwhile
    disk.owner = None
    await store.commit(Commit({"K": (0, [DECLARED])}))
    await two.catch_up()
    await two.close()
    await store.commit(Commit({"K": (1, [JOINED])}))
    await one.catch_up()
    assert disk.bytes == await expected(store)
