"""What a database, its server and the wire to it may do to us."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict

from bot.adapters.clock import SystemClock
from bot.adapters.postgres import PostgresStore
from bot.domain.facts import Declared
from bot.domain.records import VERSIONS, TooNew
from bot.ports import Commit, Fenced, Older, Unavailable
from tests.adapters.test_store_contract import LATER, LEASE, claim, job
from tests.fakes.clock import SteppedClock
from tests.postgres import Server
from tests.proxy import Cut, Proxy
from tests.samples import DECLARED, TAKEN, stamp

pytestmark = pytest.mark.server

SHAPE = f'"v":{VERSIONS["Declared"]}'


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[PostgresStore]:
    store = await PostgresStore(url, SteppedClock()).open()
    try:
        yield store
    finally:
        await store.close()


def name_of(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])


@pytest.fixture
async def wire(server: Server) -> AsyncIterator[Proxy]:
    async with Proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
async def far(wire: Proxy, server: Server, database_url: str) -> AsyncIterator[PostgresStore]:
    """A store behind the wire."""
    async with opened(server.url(name_of(database_url), wire.port)) as store:
        yield store


async def test_migrations_are_made_once(server: Server, database_url: str) -> None:
    for n in range(2):
        async with opened(database_url) as store:
            assert (await store.head()).position == n
            await store.commit(Commit())
    made = server.sql("select number, name from migrations", database=name_of(database_url))
    assert made == ["1|store"]


async def test_bots_that_start_at_once_migrate_once(server: Server, database_url: str) -> None:
    stores = [PostgresStore(database_url, SteppedClock()) for _ in range(6)]
    await asyncio.gather(*(store.open() for store in stores))
    positions = await asyncio.gather(*(store.commit(Commit()) for store in stores))
    assert sorted(positions) == [1, 2, 3, 4, 5, 6]
    for store in stores:
        await store.close()


@pytest.mark.parametrize(
    ("newer", "words"),
    [
        ("insert into migrations values (99, 'telepathy')", r"migration 99 \(telepathy\)"),
        ("insert into shapes values ('Telepathy', 1)", "reads Telepathy v1; this one reads v0"),
        (
            "insert into shapes values ('Declared', 99)",
            f"reads Declared v99; this one reads v{VERSIONS['Declared']}",
        ),
        ("update jobs set kind = 'telepathy'", "knows jobs of kind telepathy"),
    ],
)
async def test_the_data_of_a_newer_bot_is_not_touched(
    server: Server, database_url: str, newer: str, words: str
) -> None:
    async with opened(database_url) as store:
        await store.commit(Commit({"I": (0, [DECLARED])}, jobs=[job("a")]))
    server.sql(newer, database=name_of(database_url))
    with pytest.raises(TooNew, match=words):
        await PostgresStore(database_url, SteppedClock()).open()


@pytest.mark.parametrize(
    ("was", "words"), [('"Declared"', '"Telepathy"'), (SHAPE, f'{SHAPE},"mood":"calm"')]
)
async def test_a_fact_that_a_newer_bot_wrote_meanwhile_is_not_guessed_at(
    server: Server, database_url: str, was: str, words: str
) -> None:
    async with opened(database_url) as store:
        await store.commit(Commit({"I": (0, [DECLARED])}))
        change = f"update streams set records = replace(records, '{was}', '{words}')"
        server.sql(change, database=name_of(database_url))
        with pytest.raises(TooNew, match="needs a"):
            await store.history("I")
        with pytest.raises(TooNew, match="needs a"):
            await store.feed()


async def test_a_database_that_does_not_take_every_character_is_refused(server: Server) -> None:
    server.sql("create database latin encoding 'LATIN1' locale 'C' template template0")
    with pytest.raises(Unavailable, match="LATIN1; create it with encoding UTF8"):
        await PostgresStore(server.url("latin"), SteppedClock()).open()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:s3cret@[::1/x",
        "postgresql://u:s3cret@127.0.0.1:1/x",
        "postgresql://u:s3cret@127.0.0.1:s3cret/x",
        "postgresql://u:a@s3cret:5432@h/x",
        "postgresql://u:a@s3cret@h/x",
        "postgresql://u:s3cret@h/x?s3cret=1",
    ],
)
async def test_no_trouble_tells_the_password(url: str) -> None:
    with pytest.raises(Unavailable) as trouble:
        await PostgresStore(url, SteppedClock()).open()
    assert "s3cret" not in str(trouble.value)


@pytest.mark.parametrize("cut", [Cut.AFTER_IT_IS_DONE, Cut.WHILE_IT_IS_ON_ITS_WAY])
async def test_a_commit_whose_end_was_not_heard_is_found_again(
    wire: Proxy, far: PostgresStore, cut: Cut
) -> None:
    wire.cut = cut
    assert await far.commit(Commit({"I": (0, [DECLARED])}, request_key="r")) == 1
    assert wire.cut is Cut.NEVER
    assert await far.commit(Commit({"I": (1, [TAKEN])})) == 2
    assert list(await far.feed()) == [(1, "I", DECLARED), (2, "I", TAKEN)]


async def test_a_commit_that_never_arrived_is_not_repeated(
    wire: Proxy, far: PostgresStore
) -> None:
    wire.cut = Cut.BEFORE_IT_ARRIVES
    with pytest.raises(Unavailable):
        await far.commit(Commit({"I": (0, [DECLARED])}, request_key="r"))
    assert wire.cut is Cut.NEVER
    assert list(await far.feed()) == []
    assert await far.commit(Commit({"I": (0, [DECLARED])}, request_key="r")) == 1


async def test_where_nothing_can_be_found_out_nothing_is_promised(
    wire: Proxy, far: PostgresStore, database_url: str
) -> None:
    wire.cut, wire.gone_after_cut = Cut.AFTER_IT_IS_DONE, True
    wire_was_cut = asyncio.ensure_future(far.commit(Commit({"I": (0, [DECLARED])})))
    await until(lambda: wire.gone)
    wire.hang_up()
    with pytest.raises(TimeoutError):
        await wire_was_cut
    async with opened(database_url) as near:
        assert (await near.head()).position == 1
    wire.gone = False


async def test_a_server_that_does_not_answer_is_given_up_in_time(
    wire: Proxy, far: PostgresStore
) -> None:
    await far.commit(Commit())
    wire.hears.clear()
    began = time.monotonic()
    tries = [far.commit(Commit({"I": (0, [DECLARED])})), far.ready(), far.head(), far.feed()]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(error) for error in told] == [Unavailable] * 4
    assert time.monotonic() - began < 2
    assert not far._database._running
    wire.hears.set()
    await until_ready(far)
    assert await far.commit(Commit({"I": (0, [DECLARED])})) == 2


async def test_a_server_that_is_not_there_is_told_in_time(wire: Proxy, far: PostgresStore) -> None:
    wire.gone = True
    wire.hang_up()
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await far.commit(Commit())
        assert time.monotonic() - began < 2
    wire.gone = False
    async with asyncio.timeout(2.5):
        await until_ready(far)
    assert await far.commit(Commit()) == 1


async def test_who_is_cancelled_leaves_nothing_half_done(database_url: str) -> None:
    async with opened(database_url) as store:
        done, cut = set(), 0
        for n in range(150):
            try:
                async with asyncio.timeout(n * 0.00005):
                    await store.commit(Commit({f"I{n}": (0, [DECLARED, TAKEN])}))
                done.add(f"I{n}")
            except TimeoutError:
                cut += 1
        assert cut > 10
        told = [incident for _, incident, _ in await store.feed()]
        assert all(told.count(incident) == 2 for incident in told)
        assert done <= set(told)
        many = [store.commit(Commit({f"J{n}": (0, [DECLARED])})) for n in range(20)]
        async with asyncio.timeout(5):
            assert len(set(await asyncio.gather(*many))) == 20


async def test_closing_lets_what_is_written_come_to_its_end(database_url: str) -> None:
    store = await PostgresStore(database_url, SteppedClock()).open()
    writing = [asyncio.ensure_future(store.commit(Commit())) for _ in range(20)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    async def long_lived() -> None:
        await store.commit(Commit())
        await asyncio.Event().wait()

    living = asyncio.ensure_future(long_lived())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await store.close()
    told = await asyncio.gather(*writing)
    living.cancel()
    assert len(set(told)) == 20


async def test_it_listens_again_after_the_connection_was_lost(
    wire: Proxy, far: PostgresStore, database_url: str
) -> None:
    async with opened(database_url) as near:
        await near.commit(Commit())
        assert await far.beyond(0) == 1
        wire.gone = True
        wire.hang_up()
        waiting = asyncio.ensure_future(far.beyond(1))
        await near.commit(Commit())
        wire.gone = False
        async with asyncio.timeout(5):
            assert await waiting == 2
            await near.commit(Commit())
            assert await far.beyond(2) == 3


async def test_bots_hear_of_each_other_at_once(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        await one.commit(Commit())
        assert await other.beyond(0) == 1
        waiting = asyncio.ensure_future(other.beyond(1))
        await asyncio.sleep(0)
        began = time.monotonic()
        await one.commit(Commit())
        assert await waiting == 2
        assert time.monotonic() - began < 1  # a poll would come after two seconds


async def test_bots_share_lanes_leases_and_holds(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        await one.commit(Commit(jobs=[job("a1", "a"), job("a2", "a"), job("b", "b")]))
        held, elsewhere = await claim(one), await claim(other)
        assert {held.key, elsewhere.key} == {"a1", "b"}
        assert not await other.claim_jobs(9, LEASE)
        late = {h.key: h for h in await other.claim_jobs(9, LATER)}
        with pytest.raises(Fenced):
            await one.commit(Commit(finishes=[held]))
        await other.commit(Commit(finishes=[late[held.key]]))
        assert await one.hold("exports", LEASE)
        assert not await other.hold("exports", LEASE)
        assert await one.hold("exports", LEASE)
        assert await other.hold("exports", LATER)
        assert not await one.hold("exports", LATER)


async def test_the_leases_of_a_bot_end_with_it(database_url: str) -> None:
    async with opened(database_url) as one:
        async with opened(database_url) as other:
            await one.commit(Commit(jobs=[job("a", "a"), job("b", "b")]))
            mine, theirs = await claim(one), await claim(other)
        (again,) = await one.claim_jobs(9, LEASE)
        assert (again.key, again.attempts) == (theirs.key, 2)
        with pytest.raises(Fenced):
            await one.commit(Commit(finishes=[theirs]))
        await one.commit(Commit(finishes=[mine, again]))


async def test_many_bots_at_once_give_each_job_to_one(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        await one.commit(Commit(jobs=[job(f"j{n}", f"lane{n}") for n in range(100)]))
        taken = []
        while rows := await asyncio.gather(
            *(store.claim_jobs(3, LEASE) for store in (one, other, one, other))
        ):
            if not any(rows):
                break
            taken += [j.key for row in rows for j in row]
        assert sorted(taken) == sorted(f"j{n}" for n in range(100))
        assert not await other.claim_jobs(9, LEASE)


async def test_no_text_is_lost(database_url: str) -> None:
    titles = [
        *("nul \0 here", "🔥 👩\u200d👩\u200d👧 \U0010ffff", "שלום \u202e عليكم"),
        *("é e\u0301", "\\u0000 \\", "x" * 10_000),
    ]
    given = [Declared(stamp(), t, "", None, DECLARED.acknowledge_by, None) for t in titles]
    async with opened(database_url) as store:
        await store.commit(Commit({"I": (0, given)}))
        assert list(await store.history("I")) == given


async def test_the_clocks_are_compared(database_url: str) -> None:
    async with opened(database_url) as store:  # by a clock of January
        with pytest.raises(Unavailable, match="s off the database server's"):
            await store.check_clocks()
    agreeing = await PostgresStore(database_url, SystemClock()).open()
    await agreeing.check_clocks()
    await agreeing.close()


async def until(found: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while True:
            if found():
                return
            await asyncio.sleep(0.01)  # what is outside has no clock of ours


async def until_ready(store: PostgresStore) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                return await store.ready()
            except Unavailable:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("noise", ["hello", "1000000"])
async def test_news_from_somebody_else_is_only_a_hint(database_url: str, noise: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        async with await psycopg.AsyncConnection.connect(database_url) as stranger:
            await stranger.execute("select pg_notify('incident_responder', %s)", [noise])
        waiting = asyncio.ensure_future(one.beyond(0))
        await other.commit(Commit())
        assert await asyncio.wait_for(waiting, 10) == 1
        waiting = asyncio.ensure_future(one.beyond(1))
        await other.commit(Commit())
        assert await asyncio.wait_for(waiting, 10) == 2


async def test_a_database_that_is_not_as_we_made_it_is_unavailable(database_url: str) -> None:
    async with opened(database_url) as store:
        async with await psycopg.AsyncConnection.connect(database_url) as stranger:
            await stranger.execute("alter table tokens rename to something_else")
        for asked in (store.commit(Commit()), store.ready()):
            with pytest.raises(Unavailable, match="tokens"):
                await asked


async def test_commits_and_renewals_do_not_wait_for_each_other(database_url: str) -> None:
    names = ("card", "topic", "announcement", "home")
    async with opened(database_url) as store:
        await store.commit(Commit(jobs=[job(name, name) for name in names]))
        held = await store.claim_jobs(9, LEASE)

        async def wanted() -> None:
            for n in range(150):
                order = names if n % 2 else names[::-1]
                await store.commit(Commit(jobs=[job(name, name, wanted=n) for name in order]))

        async def renewed() -> None:
            for _ in range(300):
                assert not await store.renew(held, LATER.until)

        await asyncio.gather(wanted(), wanted(), renewed(), renewed())


async def test_whoever_is_frozen_while_it_commits_holds_up_nobody_for_long(
    database_url: str,
) -> None:
    async with opened(database_url) as store, await AsyncConnection.connect(database_url) as other:
        frozen = other.pgconn
        frozen.enter_pipeline_mode()
        for query in (b"begin", b"select position, hash from head for update"):
            frozen.send_query_params(query, None)
        frozen.send_flush_request()
        began, refused = time.monotonic(), 0
        for _ in ("begun", "and", "locked"):
            frozen.get_result()
        while time.monotonic() < began + 8:
            try:
                await store.commit(Commit({"I": (0, [DECLARED])}))
                break
            except Unavailable:
                refused += 1
        frozen.finish()
        assert ((await store.head()).position, refused > 0) == (1, True)


async def test_a_database_that_lost_commits_is_said_to_be_older(database_url: str) -> None:
    async with opened(database_url) as store:
        for _ in range(3):
            await store.commit(Commit())
        waiting = asyncio.ensure_future(store.beyond(3))
        async with await psycopg.AsyncConnection.connect(database_url) as stranger:
            await stranger.execute("update head set position = 1")
        with pytest.raises(Older):
            await asyncio.wait_for(waiting, 10)
