"""The event log holds every fact once, in order, whatever happens to it."""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import Fact
from bot.ports import Commit, Held, Lease, Store, Tail, Unavailable
from bot.usecases.events import START, Events, Misfit
from bot.usecases.exporter import Exporter
from tests.fakes.clock import SteppedClock
from tests.fakes.ledger import Disk, FakeLedger, PowerCut
from tests.fakes.store import MemoryStore
from tests.samples import (
    CLOSED,
    DECLARED,
    EVERY_FACT,
    JOINED,
    PRIVATE,
    PUT_AWAY,
    RESOLVED,
    TAKEN,
    WORSE,
)


async def expected(store: Store) -> bytes:
    """Return what a fresh export writes."""
    return b"".join([line + b"\n" async for line in Events(store).since(START)])


async def several(store: Store) -> None:
    await store.commit(Commit({"I": (0, [DECLARED, TAKEN]), "J": (0, [PRIVATE])}))
    await store.commit(Commit())
    await store.commit(Commit({"J": (1, [JOINED, RESOLVED])}))
    await store.commit(Commit({"I": (2, [RESOLVED, CLOSED, PUT_AWAY])}))


def parsed(file: bytes) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in file.splitlines()]


async def test_every_fact_is_a_line_chained_to_the_one_before(store: Store) -> None:
    await several(store)
    lines = (await expected(store)).splitlines()
    told = [json.loads(line) for line in lines]
    assert [(e["event_id"], e["position"]) for e in told] == [
        *[("I/1", 1), ("I/2", 1), ("J/1", 1)],
        *[("J/2", 3), ("J/3", 3)],
        *[("I/3", 4), ("I/4", 4), ("I/5", 4)],
    ]
    before = [hashlib.sha256(line).hexdigest() for line in lines[:-1]]
    assert [event["previous"] for event in told] == ["", *before]
    assert list(told[0]) == [
        *("event_id", "position", "type", "agent", "timestamp", "payload", "previous")
    ]
    assert list(told[0]["payload"]) == sorted(told[0]["payload"])


async def test_from_any_line_it_goes_on_as_if_it_had_never_stopped(store: Store) -> None:
    await several(store)
    lines = (await expected(store)).splitlines()
    for n in range(1, len(lines) + 1):
        for events in (Events(store), Events(store)):
            tail = Tail(lines[n - 1], b"torn")
            assert [line async for line in events.since(tail)] == lines[n:]


async def test_what_came_later_changes_no_line(store: Store) -> None:
    await store.commit(Commit({"I": (0, [DECLARED])}))
    await store.commit(Commit({"I": (1, [RESOLVED])}))
    await store.commit(Commit({"I": (2, [WORSE])}))
    events = Events(store)
    lines = [line async for line in events.since(START)]
    assert b'"severity":null' in lines[1]
    for n in (1, 2):
        assert [line async for line in events.since(Tail(lines[n - 1], b""))] == lines[n:]


async def test_private_incidents_leak_nothing(store: Store) -> None:
    away = replace(PUT_AWAY, audience=PRIVATE.audience)
    await store.commit(Commit({"I": (0, [PRIVATE, *EVERY_FACT[2:-1], away])}))
    file = (await expected(store)).decode()
    for secret in ("checkout", "UANA", "UBO", "UEVE", "C1", "security", "gone", "P0"):
        assert secret not in file
    assert all(event["payload"]["private"] for event in parsed(file.encode()))


FOREIGN = {
    "words": Tail(b"something else", b""),
    "other JSON": Tail(b'{"position": 1}', b""),
    "not the first line": Tail(b"", b"{}"),
    "a list": Tail(b"[1]", b""),
}


@pytest.mark.parametrize("tail", FOREIGN.values(), ids=FOREIGN)
async def test_what_we_did_not_write_is_not_continued(store: Store, tail: Tail) -> None:
    await several(store)
    with pytest.raises(Misfit):
        await anext(aiter(Events(store).since(tail)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"position":4', b'"position":5'),
        (b'"position":4', b'"position":3'),
        (b'"position":4', b'"position":2'),
        (b'"position":4', b'"position":0'),
        (b'"I/5"', b'"I/6"'),
        (b'"I/5"', b'"I/4"'),
        (b"UANA", b"UEVE"),
        (b'"agent":', b'"agent": '),
    ],
)
async def test_a_last_line_that_the_store_does_not_give_is_not_continued(
    store: Store, old: bytes, new: bytes
) -> None:
    await several(store)
    last = (await expected(store)).splitlines()[-1]
    assert old in last
    with pytest.raises(Misfit):
        await anext(aiter(Events(store).since(Tail(last.replace(old, new), b""))))


async def test_nothing_can_have_been_begun_in_the_name_of_an_empty_store(store: Store) -> None:
    with pytest.raises(Misfit):
        await anext(aiter(Events(store).since(Tail(b"", b"{"))))


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
