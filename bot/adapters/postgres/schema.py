"""Brings the tables of a database up to date, and refuses those that a newer bot made."""

from dataclasses import dataclass
from datetime import timedelta

from psycopg import Error

from bot.domain.jobs import Kind
from bot.domain.records import VERSIONS, TooNew
from bot.ports import Clock, Unavailable

from .database import Connection, Database, execute, told
from .queries import Migration, migrations

MOST_SKEW = timedelta(seconds=2)  # a lease has at least 2.7 s left, as long as it is renewed


async def migrate(database: Database) -> None:
    """Make the missing migrations; may raise TooNew or Unavailable."""
    try:
        async with database.alone() as connection:
            await check_encoding(connection)
            while await _step(connection):
                pass
            await check_readable(connection)
    except Error as error:
        raise Unavailable(told(error)) from error


@dataclass(frozen=True, slots=True)
class Examined:
    """What a database looks like from outside."""

    version: str
    skew: timedelta  # of its clock, ahead of ours
    made: int
    known: int
    position: int


async def examined(url: str, clock: Clock) -> Examined:
    """Look at a database and change nothing; may raise TooNew or Unavailable."""
    database = Database(url)
    try:
        async with database.alone() as connection:
            await check_encoding(connection)
            ((version, _, there),) = await (await execute(connection, "server")).fetchall()
            skew, done, position = there - clock.now(), await made(connection), 0
            if done:
                await check_readable(connection)
                ((position, _),) = await (await execute(connection, "head")).fetchall()
            return Examined(version, skew, len(done), len(migrations()), position)
    except Error as error:
        raise Unavailable(told(error)) from error


async def made(connection: Connection) -> list[tuple[int, str]]:
    """Return the migrations that were made; TooNew if there are some that we do not know."""
    ((any_made,),) = await (await execute(connection, "is_migrated")).fetchall()
    if not any_made:
        return []
    rows = await (await execute(connection, "migrations")).fetchall()
    number, name = rows[-1] if rows else (0, "")
    known = migrations()[-1]
    if number > known.number:
        msg = (
            f"This database needs a bot that knows migration {number} ({name}); "
            f"this one knows them up to {known.number} ({known.name})."
        )
        raise TooNew(msg)
    return [(number, name) for number, name in rows]


async def check_encoding(connection: Connection) -> None:
    """Raise Unavailable unless the database takes every character."""
    ((_, encoding, _),) = await (await execute(connection, "server")).fetchall()
    if encoding != "UTF8":
        msg = f"the database's encoding is {encoding}; create it with encoding UTF8"
        raise Unavailable(msg)


async def check_readable(connection: Connection) -> None:
    """Raise TooNew if a newer bot wrote something that we cannot read."""
    for name, version in await (await execute(connection, "shapes")).fetchall():
        known = VERSIONS.get(name, 0)
        if version > known:
            msg = f"This data needs a bot that reads {name} v{version}; this one reads v{known}."
            raise TooNew(msg)
    for (kind,) in await (await execute(connection, "kinds")).fetchall():
        if kind not in set(Kind):
            msg = f"This data needs a bot that knows jobs of kind {kind}."
            raise TooNew(msg)


async def _step(connection: Connection) -> Migration | None:
    """Make the next migration, if one is missing."""
    async with connection.transaction():
        await execute(connection, "one_migration_at_a_time")
        done = {number for number, _ in await made(connection)}
        step = next((step for step in migrations() if step.number not in done), None)
        if step:
            await execute(connection, "note_migrations")
            await connection.execute(step.sql)
            await execute(connection, "note_migration", number=step.number, name=step.name)
    return step
