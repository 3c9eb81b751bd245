"""The power is cut at every single operation: what was acknowledged is there, and nothing half."""

import asyncio
import random
from contextlib import suppress
from dataclasses import replace

from bot.adapters.index import chained
from bot.adapters.tinydb import TinyStore
from bot.domain.facts import Fact
from bot.domain.transcript import Message
from bot.ports import Commit, Head, Unavailable
from tests.adapters.test_store_contract import LEASE, job
from tests.fakes.clock import SteppedClock
from tests.fakes.disk import PowerDisk
from tests.samples import CLOSED, DECLARED, JOINED, PUT_AWAY, TAKEN

SEEDS = 6
INCIDENTS = ("I", "J", "G0", "G1", "G2", "G3")
LONG = "x" * 3000  # several sectors


def commit(incident: str, seq: int, *facts: Fact, text: str = "") -> Commit:
    """Return a commit of which every part can be recognised afterwards."""
    said = Message(f"C{incident}", f"{seq}.0", "UANA", text or f"{incident}/{seq}")
    owed = job(f"{incident}/{seq}", lane=incident)
    claims = {("channel", f"C{incident}"): incident}
    key = f"{incident}/{seq}"
    return Commit({incident: (seq, facts)}, claims, {}, [owed], (), [said], key)


class Life:
    """What is done to a store until the power goes, and what was acknowledged until then."""

    def __init__(self, store: TinyStore) -> None:
        self.store = store
        self.promised: list[Commit] = []
        self.refused: list[Commit] = []
        self.unknown: list[Commit] = []
        self.finished: set[str] = set()

    async def has(self, commit: Commit) -> None:
        try:
            await self.store.commit(commit)
        except Unavailable:
            self.refused.append(commit)
        except TimeoutError:
            self.unknown.append(commit)
        else:
            self.promised.append(commit)

    async def live(self) -> None:
        await self.has(commit("I", 0, DECLARED))
        await asyncio.gather(*(self.has(commit(f"G{n}", 0, DECLARED)) for n in range(4)))
        await self.has(commit("I", 1, TAKEN, text=LONG))
        await self._one_job()
        await self.has(commit("J", 0, DECLARED, CLOSED))
        await self.has(commit("J", 2, replace(PUT_AWAY, facts=2)))
        await self._compact_and_have(commit("J", 3, JOINED))
        await self._one_job()
        await self._compact_and_have(commit("J", 4, JOINED))
        await self.has(commit("I", 2, JOINED))

    async def _compact_and_have(self, commit: Commit) -> None:
        """Commit while the journal is being rewritten."""
        compacting = asyncio.ensure_future(self.store.compact())
        await asyncio.sleep(0)
        await self.has(commit)
        with suppress(OSError, Unavailable):
            await compacting

    async def _one_job(self) -> None:
        with suppress(Unavailable, TimeoutError):
            jobs = await self.store.claim_jobs(1, LEASE)
            self.finished |= {job.key for job in jobs}
            await self.has(Commit(finishes=jobs, request_key=f"finished {len(self.finished)}"))


async def holds(store: TinyStore, commit: Commit) -> bool:
    """Say whether the commit is there, and that it is there whole."""
    spent = await store.owner("request", commit.request_key or "") is not None
    for incident, (seq, facts) in commit.streams.items():
        there = list(await store.history(incident, seq))[: len(facts)] == list(facts)
        assert there is spent
    for message in commit.messages:
        assert (message in await store.transcript(message.channel)) is spent
    for (kind, key), owner in commit.claims.items():
        assert await store.owner(kind, key) == owner or not spent
    return spent


async def checked(disk: PowerDisk, life: Life, clock: SteppedClock) -> None:
    """Open what is left and compare it with what was said."""
    store = TinyStore(disk, clock)
    for promised in life.promised:
        assert await holds(store, promised)
    for other in life.refused:
        assert not await holds(store, other)
    for unknown in life.unknown:
        await holds(store, unknown)
    head = await store.head()
    assert await reckoned(store) == head
    assert head.position >= len(life.promised)
    facts = [fact for incident in INCIDENTS for fact in await store.history(incident)]
    assert len(facts) == sum([len(r) async for _, w in store.chronicle() for _, _, r in w])
    owed = {document["job"]["key"] async for document in store.dump() if "job" in document}
    assert {j.key for c in life.promised for j in c.jobs} - life.finished <= owed
    await store.close()
    again = TinyStore(disk, clock)
    assert await again.head() == head
    await again.close()


async def reckoned(store: TinyStore) -> Head:
    """Return the head that the chronicle amounts to."""
    head, newest = Head(0, ""), (await store.head()).position
    told = {position: [list(s) for s in streams] async for position, streams in store.chronicle()}
    for position in range(1, newest + 1):
        head = chained(head, told.get(position, []))
    return head


async def lived(disk: PowerDisk, clock: SteppedClock) -> Life:
    """Live on this disk as long as it lets us; it may not even let us begin."""
    store = TinyStore(disk, clock)
    life = Life(store)
    await life.live()
    await store.close()
    return life


async def test_all_is_well_with_power(clock: SteppedClock) -> None:
    disk = PowerDisk()
    life = await lived(disk, clock)
    assert len(life.promised) == 13
    assert len(life.finished) == 2
    await checked(disk.after_power_cut(random.Random(0)), life, clock)


async def test_the_power_is_cut_at_every_operation(clock: SteppedClock) -> None:
    whole = PowerDisk()
    await lived(whole, clock)
    for off_at in range(whole.operations + 1):
        disk = PowerDisk()
        disk.off_at = off_at
        try:
            life = await lived(disk, clock)
        except OSError:
            continue  # before it was open
        for seed in range(SEEDS):
            await checked(disk.after_power_cut(random.Random(seed)), life, clock)


async def test_one_operation_fails_and_the_power_stays(clock: SteppedClock) -> None:
    whole = PowerDisk()
    await lived(whole, clock)
    for fails_at in range(whole.operations):
        disk = PowerDisk()
        disk.fails_at = fails_at
        try:
            life = await lived(disk, clock)
        except OSError:
            continue
        rebooted = PowerDisk({name: bytes(inode.seen) for name, inode in disk.names.items()})
        await checked(rebooted, life, clock)
