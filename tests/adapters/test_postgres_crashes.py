"""Servers die under load: what was acknowledged is there once, what was refused is not."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.index import chained
from bot.adapters.postgres import PostgresStore
from bot.ports import Commit, Head, Unavailable
from tests.adapters.test_store_contract import LEASE
from tests.postgres import Server, a_folder, running, until
from tests.samples import DECLARED

pytestmark = [pytest.mark.server, pytest.mark.slow]

WRITERS = 8


@dataclass
class Load:
    """Writers that commit until they are told to stop, and what they were answered."""

    store: PostgresStore
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    stopped: bool = False

    async def write(self, writer: int) -> None:
        for n in itertools.count():
            if self.stopped:
                return
            incident = f"{writer}-{n}"
            try:
                made = await self.store.commit(Commit({incident: (0, [DECLARED])}))
                self.acknowledged[incident] = made
            except Unavailable:
                self.refused.add(incident)
                await asyncio.sleep(0.01)  # a server outside has no clock of ours
            except TimeoutError:
                self.unknown.add(incident)

    async def more(self, commits: int) -> None:
        """Wait until so many more were acknowledged."""
        wanted = len(self.acknowledged) + commits
        async with asyncio.timeout(60):
            while True:
                if len(self.acknowledged) >= wanted:
                    return
                await asyncio.sleep(0.02)

    async def check(self) -> None:
        """See that the store tells the same as it told the writers."""
        told = {incident: position for position, incident, _ in await self.store.feed()}
        count = Counter(incident for _, incident, _ in await self.store.feed())
        assert set(count.values()) == {1}
        assert {i: told.get(i) for i in self.acknowledged} == self.acknowledged
        assert not self.refused & set(told)
        assert set(told) <= set(self.acknowledged) | self.unknown
        assert sorted(told.values()) == list(range(1, len(told) + 1))
        head = Head(0, "")
        async for _, written in self.store.chronicle():
            head = chained(head, [list(stream) for stream in written])
        assert head == await self.store.head()


async def test_a_server_that_crashes_again_and_again_loses_and_doubles_nothing() -> None:
    with running() as server:
        load = Load(await PostgresStore(server.url(), SystemClock()).open())
        async with asyncio.TaskGroup() as writers:
            for n in range(WRITERS):
                writers.create_task(load.write(n))
            for _ in range(4):
                await load.more(100)
                await asyncio.to_thread(server.control, "restart", "-m", "immediate")
            await load.more(100)
            load.stopped = True
        await load.check()
        await load.store.close()


@pytest.fixture
def primary() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def replica(primary: Server) -> Iterator[Server]:
    """A replica that the primary waits for at each commit."""
    with a_folder() as folder:
        replica = Server(Path(folder))
        source = ("-d", primary.url())
        primary.run(
            "pg_basebackup", *source, "-D", replica.data, "-R", "-X", "stream", "-c", "fast"
        )
        replica.start()
        primary.sql("alter system set synchronous_standby_names = '*'", "select pg_reload_conf()")
        until("sync", primary, "select sync_state from pg_stat_replication")
        yield replica
        with suppress(OSError):
            replica.stop("immediate")


def both(primary: Server, replica: Server) -> str:
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{replica.port}"
    return f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"


async def test_when_the_replica_takes_over_nothing_is_lost_or_doubled(
    primary: Server, replica: Server
) -> None:
    load = Load(await PostgresStore(both(primary, replica), SystemClock()).open())
    async with asyncio.TaskGroup() as writers:
        for n in range(WRITERS):
            writers.create_task(load.write(n))
        await load.more(200)
        await asyncio.to_thread(primary.stop, "immediate")
        await asyncio.to_thread(replica.control, "promote")
        await load.more(200)
        load.stopped = True
    await load.check()
    await load.store.close()


async def test_a_replica_is_no_place_to_write(primary: Server, replica: Server) -> None:
    bot = await PostgresStore(primary.url(), SystemClock()).open()
    await bot.commit(Commit({"I": (0, [DECLARED])}))
    astray = await PostgresStore(replica.url(), SystemClock()).open()
    for work in (astray.ready(), astray.commit(Commit()), astray.hold("x", LEASE)):
        with pytest.raises(Unavailable, match="read-only"):
            await work
    await astray.close()
    await bot.close()


async def test_what_no_replica_heard_of_is_not_acknowledged(
    primary: Server, replica: Server
) -> None:
    store = await PostgresStore(both(primary, replica), SystemClock()).open()
    assert await store.commit(Commit({"I": (0, [DECLARED])})) == 1
    replica.stop()
    with pytest.raises(TimeoutError):
        await store.commit(Commit({"J": (0, [DECLARED])}))
    cut_short = asyncio.ensure_future(store.commit(Commit({"K": (0, [DECLARED])})))
    cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'"
    await asyncio.to_thread(until, "True", primary, cancel)  # the server says COMMIT, and warns
    with pytest.raises(TimeoutError):
        await cut_short
    with pytest.raises(Unavailable):
        await store.ready()
    replica.start()
    until("sync", primary, "select sync_state from pg_stat_replication")
    await store.ready()
    await store.close()
