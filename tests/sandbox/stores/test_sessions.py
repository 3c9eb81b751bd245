"""What only the sandbox's PostgreSQL can be made to do, and what it refuses in words."""

import asyncio

import pytest
from psycopg import AsyncConnection, Error

from sandbox.stores.postgres.roles import SIGNAL, Role
from sandbox.stores.postgres.sessions import (
    ABORTED,
    WAL_SENDER,
    Client,
    Session,
    Sessions,
    Signal,
    Stopped,
)
from tests.sandbox.stores.stage import DATABASE, answer, sandbox_database, shop

T = 1_768_485_600.0
CHECKOUT = Client("shop", DATABASE, "checkout-1", "10.0.0.7")


def busy(sessions: Sessions, query: str = "select 1", *, deaf: bool = False) -> Session:
    session = sessions.open(T, CHECKOUT)
    sessions.begin(session, query, T + 1)
    session.deaf = deaf
    return session


def test_a_cancelled_query_ends_and_whoever_waited_for_its_locks_goes_on() -> None:
    sessions = shop()
    holder, waiter = busy(sessions, "update orders"), busy(sessions)
    sessions.block(waiter, holder)
    assert (waiter.blocked_by, waiter.wait) == ((holder.pid,), ("Lock", "transactionid"))
    sessions.stop(holder, Signal.CANCEL, "bot", T + 9)
    assert (holder.state, holder.xact_start, holder.state_change) == ("idle", None, T + 9)
    assert (waiter.blocked_by, waiter.wait, waiter.state) == ((), None, "active")
    assert sessions.stopped() == [
        Stopped(holder.pid, Signal.CANCEL, "bot", T + 9, "update orders")
    ]
    assert sessions.stopped() == []


def test_a_transaction_that_failed_keeps_its_locks() -> None:
    sessions = shop()
    holder, waiter = busy(sessions), busy(sessions)
    sessions.block(waiter, holder)
    sessions.finish(holder, T + 2, state=ABORTED)
    assert (holder.xact_start, waiter.blocked_by) == (T + 1, (holder.pid,))
    sessions.close(holder)
    assert waiter.blocked_by == ()


async def test_a_deaf_session_is_ended_only_by_terminating_it() -> None:
    sessions = shop()
    deaf = busy(sessions, deaf=True)
    async with sandbox_database(sessions) as database, database.connected("bot") as bot:
        assert await answer(bot, "select pg_cancel_backend(%s)", deaf.pid) == [(True,)]
        assert deaf.state == "active"
        assert await answer(bot, "select pg_terminate_backend(%s, 50)", deaf.pid) == [(True,)]
    assert [stopped.signal for stopped in sessions.stopped()] == list(Signal)
    assert sessions.get(deaf.pid) is None


async def test_who_waits_for_whom_is_shown() -> None:
    sessions = shop()
    holder, waiter = busy(sessions), busy(sessions)
    sessions.block(waiter, holder)
    async with sandbox_database(sessions) as database, database.connected("bot") as bot:
        query = "select pid, pg_blocking_pids(pid) from pg_stat_activity "
        query += "where wait_event_type = 'Lock'"
        assert await answer(bot, query) == [(waiter.pid, [holder.pid])]
        locks = "select pid, mode, granted from pg_locks order by pid"
        held, wanted = (holder.pid, "ExclusiveLock", True), (waiter.pid, "ShareLock", False)
        assert await answer(bot, locks) == [held, wanted]


async def test_the_servers_own_processes_are_shown_and_only_a_superuser_ends_them() -> None:
    sessions = shop()
    vacuum = sessions.open(T, Client(database=DATABASE, backend_type="autovacuum worker"))
    standby = sessions.open(T, Client("postgres", application="standby", backend_type=WAL_SENDER))
    async with sandbox_database(sessions) as database, database.connected("bot") as bot:
        query = (
            "select pid from pg_stat_activity where backend_type <> 'client backend' order by 1"
        )
        assert await answer(bot, query) == [(vacuum.pid,), (standby.pid,)]
        assert await answer(bot, "select pid, state from pg_stat_replication") == [
            (standby.pid, "streaming")
        ]
        for pid in (vacuum.pid, standby.pid):
            words = "must be a superuser to terminate superuser process"
            refused = await answer(bot, "select pg_terminate_backend(%s)", pid)
            assert refused == ("42501", words)


async def test_the_last_connections_are_kept_for_a_superuser() -> None:
    sessions = shop()
    sessions.max_connections = 5
    async with (
        sandbox_database(sessions) as database,
        database.connected("bot"),
        database.connected("bot"),
    ):
        with pytest.raises(Error, match="sorry, too many clients already"):
            await AsyncConnection.connect(database.url("bot"))
        async with database.connected() as postgres:
            assert await answer(postgres, "show max_connections") == [("5",)]


async def test_a_password_is_asked_of_who_has_one() -> None:
    sessions = shop()
    sessions.roles["bot"] = Role("bot", "secret", member_of=frozenset({SIGNAL}))
    async with sandbox_database(sessions) as database:
        with pytest.raises(Error, match='password authentication failed for user "bot"'):
            await AsyncConnection.connect(database.url("bot:wrong"))
        async with database.connected("bot:secret") as bot:
            assert await answer(bot, "select current_user") == [("bot",)]


@pytest.mark.parametrize(
    ("query", "code", "message", "hint"),
    [
        ("insert into orders values (1)", "0A000", "INSERT is not supported", "SELECT"),
        ("select 1 from orders", "42P01", 'relation "orders" does not exist', "pg_stat_activity"),
        ("select 1 from pg_locks l join pg_roles r on true", "0A000", "a join is", "One view"),
        ("select 1 from pg_locks, pg_roles", "0A000", "a join is not supported", "One view"),
        ("select pid in (select 1)", "0A000", "a subquery is not supported", "= ANY($1)"),
        ("select distinct pid from pg_locks", "0A000", "SELECT DISTINCT is not", "One view"),
        ("select 1 union select 2", "0A000", "UNION is not supported", "One view"),
        ("select case when true then 1 end", "0A000", "CASE is not supported", "WHERE"),
        ("select to_char(now(), 'x')", "42883", "function to_char(", "This server knows abs"),
        ("select interval '1 month'", "0A000", "months and years", "weeks, days"),
        ("set timezone = 'Europe/Berlin'", "22023", 'invalid value for parameter "t', "only UTC"),
        ("select '<!channel> & é 🎉 שלום' || x'1'", "42601", "syntax error", ""),
        ("select " + "(" * 5000 + "1" + ")" * 5000, "54001", "nested too deep", ""),
        ("select " + "not " * 5000 + "true", "54001", "nested too deep", ""),
        ("select 1" + " + 1" * 5000, "54001", "nested too deep", ""),
        ("select 1" + "::int" * 5000, "54001", "nested too deep", ""),
        ("select '" + "x" * 10_000 + "'::int", "22P02", "invalid input syntax for type int", ""),
    ],
)
async def test_what_is_not_known_is_refused_in_words(
    query: str, code: str, message: str, hint: str
) -> None:
    async with sandbox_database() as database, database.connected() as cursor:
        with pytest.raises(Error) as refusal:
            await cursor.execute(query.encode())
        diag = refusal.value.diag
        assert diag.sqlstate == code
        assert message in (diag.message_primary or "")
        assert hint in (diag.message_hint or "")
        assert await answer(cursor, "select 1") == [(1,)]


@pytest.mark.parametrize(
    "sent",
    [b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\4", b"\0\0\0\x09\0\2\0\0\0", b"\0\0\0\x09\0\3\0\0user"],
)
async def test_what_is_no_protocol_of_ours_is_sent_away(sent: bytes) -> None:
    async with sandbox_database() as database:
        host, port = database.address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        answered = await reader.read()
        assert answered[:1] == b"E"
        assert b"FATAL" in answered
        writer.close()
        await writer.wait_closed()


async def test_sessions_end_with_their_connections() -> None:
    sessions = shop()
    async with sandbox_database(sessions) as database:
        async with database.connected("bot"):
            assert [session.user for session in sessions] == ["bot"]
        async with database.connected() as cursor:
            count = "select count(*) from pg_stat_activity where usename = 'bot'"
            while await answer(cursor, count) != [(0,)]:
                pass
