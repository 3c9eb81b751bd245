"""A database to ask: the sandbox's, or a real one."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from psycopg import AsyncConnection, AsyncCursor, Error
from psycopg.rows import TupleRow

from sandbox.clock import Clock
from sandbox.stores.postgres.roles import MONITOR, SIGNAL, Role
from sandbox.stores.postgres.server import Postgres
from sandbox.stores.postgres.sessions import SUPERUSER, Sessions
from tests.postgres import FAST, Server, running

DATABASE = "shop"
ROLES = (
    SUPERUSER,
    Role("shop"),
    Role("stranger"),
    Role("bot", member_of=frozenset({SIGNAL, MONITOR})),
)


@dataclass(frozen=True, slots=True)
class Database:
    """Where to connect, and as whom."""

    address: str

    def url(self, user: str = "postgres", application: str = "") -> str:
        return f"postgresql://{user}@{self.address}/{DATABASE}?application_name={application}"

    @asynccontextmanager
    async def connected(
        self, user: str = "postgres", *, application: str = "", binary: bool = False
    ) -> AsyncIterator[AsyncCursor[TupleRow]]:
        connection = await AsyncConnection.connect(self.url(user, application), autocommit=True)
        async with connection, connection.cursor(binary=binary) as cursor:
            yield cursor


def shop() -> Sessions:
    """A database server that has just started, and those who may log in."""
    clock = Clock()
    roles = {role.name: role for role in ROLES}
    return Sessions(clock.now() - 60, roles, (DATABASE, "postgres"))


@asynccontextmanager
async def sandbox_database(sessions: Sessions | None = None) -> AsyncIterator[Database]:
    async with Postgres(sessions or shop(), Clock(), Random(1)) as server:
        yield Database(f"127.0.0.1:{server.port}")


def real_database() -> Iterator[Database]:
    """Give a real server with the same people."""
    with running(**FAST) as server:
        _populate(server)
        yield Database(f"127.0.0.1:{server.port}")


def _populate(server: Server) -> None:
    server.sql(f"create database {DATABASE}")
    for role in ROLES[1:]:
        server.sql(f"create role {role.name} login")
        for group in role.member_of:
            server.sql(f"grant {group} to {role.name}")


async def answer(cursor: AsyncCursor[TupleRow], query: str, *values: object) -> object:
    """Return the rows, or the code and first words of the refusal."""
    try:
        await cursor.execute(query.encode(), values or None)
    except Error as error:
        return error.sqlstate, error.diag.message_primary
    return await cursor.fetchall() if cursor.description else cursor.statusmessage


def shown(found: object) -> object:
    """Return an answer as text, a row a line; a refusal as code and words."""
    if isinstance(found, list):
        return ["|".join(map(str, row)) for row in found]
    return " ".join(found) if isinstance(found, tuple) else found
