"""The way to a PostgreSQL server: connections, how long one waits, what errors mean."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool

from bot.ports import Unavailable

from .queries import queries

T = TypeVar("T")
Connection = AsyncConnection[tuple[Any, ...]]
Cursor = AsyncCursor[tuple[Any, ...]]

PATIENCE = 1.4  # seconds, for anything: whoever waits gives up after 2
IDLE = 2.0  # seconds that a transaction may be left alone, while it holds up the others
LONG = 60.0  # seconds, likewise, for a migration, or for moving everything
CANCELLING = 0.2  # seconds for the server to hear that nobody waits any more
CONNECTIONS = 8
DEFAULTS: Mapping[str, Any] = {
    "connect_timeout": "2",
    "application_name": "incident-responder",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "5000",
}


class Database:
    """Runs work on connections that are known to live, and ends it when it takes too long."""

    def __init__(self, url: str) -> None:
        self.conninfo = conninfo(url)
        self._pool = AsyncConnectionPool[Connection](
            self.conninfo,
            kwargs={"autocommit": True},
            min_size=1,
            max_size=CONNECTIONS,
            open=False,
            configure=configured,
            check=AsyncConnectionPool.check_connection,
            timeout=PATIENCE,
            reconnect_timeout=0.5,  # who asks next tries again: nobody waits for a backoff
        )
        self._running: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Connect, or raise Unavailable."""
        with_pool = self._pool.open(wait=True, timeout=PATIENCE)
        await within(PATIENCE + 1, _translated(with_pool))

    async def finished(self) -> None:
        """Let what runs come to its end, which is bounded."""
        if self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Disconnect."""
        await self._pool.close(timeout=PATIENCE)

    async def renewed(self) -> None:
        """Drop idle connections: the server was away."""
        await self._pool.drain()

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what the work returns; Unavailable if it fails or takes too long."""
        return await within(PATIENCE, _translated(self._connected(work)), self._running)

    async def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""

        async def read(connection: Connection) -> list[tuple[Any, ...]]:
            cursor = await execute(connection, query, **values)
            return await cursor.fetchall()

        return await self.run(read)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Connection]:
        """Give a connection of its own, for work that takes long."""
        try:
            async with await AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                await configured(connection, LONG, LONG)
                yield connection
        except psycopg.Error as error:
            raise Unavailable(told(error)) from error

    async def _connected(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        async with self._pool.connection() as connection:
            return await work(connection)


async def execute(connection: Connection, query: str, **values: object) -> Cursor:
    """Run a named query."""
    return await connection.execute(queries()[query], values or None)


async def configured(
    connection: Connection, patience: float = PATIENCE, idle: float = IDLE
) -> None:
    """Set the limits of a connection, in seconds."""
    limits = {"patience": f"{patience * 1000:.0f}", "idle": f"{idle * 1000:.0f}"}
    await execute(connection, "configure", **limits)


async def within(
    seconds: float, work: Coroutine[Any, Any, T], running: set[asyncio.Task[Any]] | None = None
) -> T:
    """Return what the work returns, or raise Unavailable in time, however deaf the server is."""
    task = asyncio.ensure_future(work)
    if running is not None:
        running.add(task)
        task.add_done_callback(running.discard)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        await _ended(task)
    if not task.done() or task.cancelled():
        msg = "PostgreSQL did not answer in time"
        raise Unavailable(msg)
    return task.result()


async def _ended(task: asyncio.Task[Any]) -> None:
    """End what takes too long: asked once the driver tells the server, asked twice it hangs up."""
    for _ in range(3):
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=CANCELLING)
    if task.done() and not task.cancelled():
        task.exception()  # if nobody waits any more, nobody need hear of it


def conninfo(url: str) -> str:
    """Return how to connect; Unavailable if the URL is none, without quoting the password."""
    msg = "DATABASE_URL is not of the form postgresql://user:password@host:port/database"
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.Error:
        raise Unavailable(msg) from None
    ports = [port for port in given.get("port", "").split(",") if port]
    if "@" in given.get("host", "") or not all(port.isdecimal() for port in ports):
        raise Unavailable(msg + "; a password's own @ : / are written %40 %3A %2F")
    return make_conninfo("", **{**DEFAULTS, **given, "client_encoding": "utf8"})


def told(error: psycopg.Error) -> str:
    """Return the driver's words in one line."""
    return f"PostgreSQL: {' '.join(str(error).split()) or type(error).__name__}"


async def _translated(work: Awaitable[T]) -> T:
    try:
        return await work
    except psycopg.Error as error:
        raise Unavailable(told(error)) from error
