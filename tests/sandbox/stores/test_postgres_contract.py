"""What the sandbox's PostgreSQL and a real one answer alike."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from psycopg import AsyncConnection, AsyncCursor, Error
from psycopg.rows import TupleRow

from tests.postgres import ON_POSTGRES
from tests.sandbox.stores.stage import Database, answer, real_database, sandbox_database, shown
from tests.sandbox.stores.statements import ROWS

Cursor = AsyncCursor[TupleRow]
LOOKS = 2000  # each a round trip
WAITS = "select wait_event from pg_stat_activity where pid = %s"
STATE = "select state from pg_stat_activity where pid = %s"
SIGNALS = ("pg_cancel_backend", "pg_terminate_backend")


@pytest.fixture(scope="module")
def real() -> Iterator[Database]:
    yield from real_database()


@pytest.fixture(params=["sandbox", ON_POSTGRES])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    if request.param == "postgres":
        yield request.getfixturevalue("real")
    else:
        async with sandbox_database() as database:
            yield database


@asynccontextmanager
async def long_query(
    database: Database, user: str = "shop"
) -> AsyncIterator[tuple[int, "asyncio.Task[str | None]"]]:
    """Run a query for a minute in another session; give its pid and how it ends."""
    connection = await AsyncConnection.connect(database.url(user, "checkout"), autocommit=True)
    async with connection, asyncio.TaskGroup() as tasks:
        task = tasks.create_task(_run(connection, "select pg_sleep(60)"))
        async with database.connected() as cursor:
            pid = connection.info.backend_pid
            await until(cursor, WAITS, pid, "PgSleep")
            yield pid, task
            await answer(cursor, "select pg_terminate_backend(%s)", pid)


async def _run(connection: AsyncConnection[TupleRow], query: str) -> str | None:
    try:
        await connection.execute(query.encode())
    except Error as error:
        return error.sqlstate
    return None


async def until(cursor: Cursor, query: str, pid: int, wanted: object) -> None:
    for _ in range(LOOKS):
        rows = await answer(cursor, query, pid)
        if rows == ([(wanted,)] if wanted is not None else []):
            return
    raise AssertionError(query)


async def test_statements_are_answered_alike(database: Database) -> None:
    for query, expected in ROWS:
        async with database.connected() as cursor:
            assert (query, shown(await answer(cursor, query))) == (query, expected)


@pytest.mark.parametrize("binary", [False, True])
async def test_values_travel_in_both_forms(database: Database, *, binary: bool) -> None:
    async with database.connected(application="me", binary=binary) as cursor:
        pid = cursor.connection.info.backend_pid
        for query, values, expected in [
            ("pid = %s", (pid,), [(pid,)]),
            ("pid = any(%s) and usename <> all(%s)", ([pid, 1], ["x", "y z"]), [(pid,)]),
            (
                "pid = %s and now() - backend_start < %s",
                (pid, timedelta(days=1, hours=2)),
                [(pid,)],
            ),
            ("pid = %s and now() - backend_start > %s", (pid, timedelta(hours=1)), []),
            ("pid = %s and now() - backend_start < %s * interval '1 s'", (pid, 3600), [(pid,)]),
            ("application_name = %s and client_addr = %s", ("me", "127.0.0.1"), [(pid,)]),
            ("pid = %s and not pid = %s", (pid, None), []),
            ("pid = %s and true = %s limit %s", (pid, True, 1), [(pid,)]),
        ]:
            found = await answer(
                cursor, f"select pid from pg_stat_activity where {query}", *values
            )
            assert found == expected, query
        start = "select backend_start, client_addr, array_agg from pg_stat_activity"
        assert await answer(cursor, start) == ("42703", 'column "array_agg" does not exist')
        rows = await answer(
            cursor, "select backend_start from pg_stat_activity where pid = %s", pid
        )
        assert isinstance(rows, list)
        again = "select pid from pg_stat_activity where pid = %s and backend_start = %s"
        assert await answer(cursor, again, pid, *rows[0]) == [(pid,)]
        kinds = "select %s::interval, %s::timestamptz, %s::text[], %s::int[], %s::float8, %s::bool"
        sent = (
            timedelta(days=3, seconds=-1),
            rows[0][0],
            ["a", 'b"\\c', ""],
            [1, 2],
            0.5,
            False,
        )
        assert await answer(cursor, kinds, *sent) == [sent]


async def test_prepared_statements_are_kept_and_forgotten(database: Database) -> None:
    async with database.connected() as cursor:
        for number in range(8):
            await cursor.execute("select %s + 1", (number,), prepare=True)
            assert await cursor.fetchone() == (number + 1,)
        await cursor.execute("deallocate all")
        await cursor.execute("select 1 where %s", (True,), prepare=True)
        assert await cursor.fetchall() == [(1,)]


async def test_now_stands_still_in_a_transaction_and_a_failed_one_goes_no_further(
    database: Database,
) -> None:
    async with database.connected() as cursor:
        connection = cursor.connection
        async with connection.transaction():
            first = await answer(
                cursor,
                "select now(), xact_start = now() from pg_stat_activity "
                "where pid = pg_backend_pid()",
            )
            second = await answer(cursor, "select now(), true")
            assert first == second
        assert await answer(cursor, "begin") == "BEGIN"
        assert await answer(cursor, "select 1 / 0") == ("22012", "division by zero")
        words = "current transaction is aborted, commands ignored until end of transaction block"
        assert await answer(cursor, "select 1") == ("25P02", words)
        assert await answer(cursor, "commit") == "ROLLBACK"
        assert await answer(cursor, "select 1") == [(1,)]


async def test_others_see_what_a_session_does(database: Database) -> None:
    look = "select state, query, xact_start is null, wait_event_type "
    look += "from pg_stat_activity where pid = %s"
    async with database.connected("shop") as shop, database.connected("bot") as bot:
        pid = shop.connection.info.backend_pid
        await answer(shop, "select 5")
        await until(bot, STATE, pid, "idle")
        assert await answer(bot, look, pid) == [("idle", "select 5", True, "Client")]
        await answer(shop, "begin")
        await until(bot, STATE, pid, "idle in transaction")
        assert await answer(bot, look, pid) == [("idle in transaction", "begin", False, "Client")]
        await answer(shop, "nonsense")
        await until(bot, STATE, pid, "idle in transaction (aborted)")


async def test_who_may_not_see_is_shown_little(database: Database) -> None:
    look = (
        "select usename, application_name, query, state, backend_start, query_start, "
        "client_addr, backend_type, wait_event from pg_stat_activity where pid = %s"
    )
    async with long_query(database) as (pid, _query), database.connected("stranger") as stranger:
        hidden = ("shop", "checkout", "<insufficient privilege>", *[None] * 6)
        assert await answer(stranger, look, pid) == [hidden]


async def test_a_query_is_cancelled_and_its_session_goes_on(database: Database) -> None:
    async with database.connected("bot") as bot, long_query(database) as (pid, query):
        assert await answer(bot, "select pg_cancel_backend(%s)", pid) == [(True,)]
        assert await query == "57014"
        await until(bot, STATE, pid, "idle")


async def test_a_session_is_terminated_by_a_row_of_its_own(database: Database) -> None:
    kill = (
        "select pid, pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and "
        "usename = 'shop' and pid <> pg_backend_pid() and now() - query_start >= interval '0 s'"
    )
    async with database.connected("bot") as bot, long_query(database) as (pid, query):
        assert await answer(bot, kill) == [(pid, True)]
        assert await query == "57P01"
        await until(bot, STATE, pid, None)


async def test_a_session_that_idles_is_told_that_it_is_terminated(database: Database) -> None:
    async with database.connected("bot") as bot, database.connected("shop") as shop:
        pid = shop.connection.info.backend_pid
        assert await answer(bot, "select pg_terminate_backend(%s)", pid) == [(True,)]
        await until(bot, STATE, pid, None)
        words = "terminating connection due to administrator command"
        assert await answer(shop, "select 1") == ("57P01", words)


@pytest.mark.parametrize(
    ("user", "of", "refusal"),
    [
        (
            "stranger",
            "shop",
            "must be a member of the role whose {} or member of pg_signal_backend",
        ),
        ("bot", "postgres", "must be a superuser to {} superuser {}"),
    ],
)
async def test_who_may_not_end_it_is_refused(
    database: Database, user: str, of: str, refusal: str
) -> None:
    whose = {
        SIGNALS[0]: ("query is being canceled", "cancel", "query"),
        SIGNALS[1]: ("process is being terminated", "terminate", "process"),
    }
    async with database.connected(user) as cursor, long_query(database, of) as (pid, _query):
        for signal, (being, verb, what) in whose.items():
            words = refusal.format(being) if user == "stranger" else refusal.format(verb, what)
            assert await answer(cursor, f"select {signal}(%s)", pid) == ("42501", words)
        assert await answer(cursor, STATE, pid) in ([("active",)], [(None,)])


async def test_ones_own_sessions_may_be_ended_without_any_right(database: Database) -> None:
    async with database.connected("shop") as shop, long_query(database) as (pid, query):
        assert await answer(shop, "select pg_cancel_backend(%s)", pid) == [(True,)]
        assert await query == "57014"


async def test_a_pid_that_is_nobodys_is_warned_of(database: Database) -> None:
    notices = list[str | None]()
    async with database.connected("bot") as bot:
        bot.connection.add_notice_handler(lambda notice: notices.append(notice.message_primary))
        assert await answer(bot, "select pg_cancel_backend(1)") == [(False,)]
    assert notices == ["PID 1 is not a PostgreSQL backend process"]


async def test_a_client_cancels_its_own_query(database: Database) -> None:
    connection = await AsyncConnection.connect(database.url("shop"), autocommit=True)
    async with connection, asyncio.TaskGroup() as tasks, database.connected() as cursor:
        task = tasks.create_task(_run(connection, "select pg_sleep(60)"))
        await until(cursor, WAITS, connection.info.backend_pid, "PgSleep")
        await connection.cancel_safe()
        assert await task == "57014"


async def test_a_statement_may_take_only_so_long(database: Database) -> None:
    async with database.connected() as cursor:
        await cursor.execute("set statement_timeout = '20ms'")
        words = "canceling statement due to statement timeout"
        assert await answer(cursor, "select pg_sleep(60)") == ("57014", words)
        assert await answer(cursor, "select 1") == [(1,)]


@pytest.mark.parametrize(("user", "words"), [("nobody", 'role "nobody" does not exist')])
async def test_who_is_not_known_is_not_let_in(database: Database, user: str, words: str) -> None:
    with pytest.raises(Error, match=words):
        await AsyncConnection.connect(database.url(user))


async def test_a_database_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(Error, match='database "nothing" does not exist'):
        await AsyncConnection.connect(database.url().replace("/shop", "/nothing"))
