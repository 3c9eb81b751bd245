"""The Store port on PostgreSQL: any number of bots share one database."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from functools import partial
from typing import Any, Self

import orjson

from bot.adapters.documents import Document
from bot.adapters.form import check_form
from bot.adapters.index import written
from bot.domain.facts import Fact
from bot.domain.jobs import Job, Kind, Reply
from bot.domain.records import TooNew, from_record
from bot.domain.transcript import Message
from bot.ports import Clock, Commit, Head, Lease, Unavailable, Written

from . import moving, schema
from .database import Connection, Database, execute
from .watch import Watch
from .writing import Attempt, Shape, read_messages, shapes

PAGE = 500  # commits
SETTLING = 5.0  # seconds to find out what came of a commit; who is in a hurry cancels
AGAIN = 0.1


class PostgresStore:
    """Commits one after the other: each takes the row that holds the head, and moves it by one."""

    def __init__(self, url: str, clock: Clock) -> None:
        """Raise Unavailable if the URL is none."""
        self._database = Database(url)
        self._clock = clock
        self._watch = Watch(self._database)
        self._me = uuid.uuid4()
        self._shapes: set[Shape] = set()

    async def open(self) -> Self:
        """Connect, bring the tables up to date and listen; may raise Unavailable or TooNew."""
        await schema.migrate(self._database)
        async with AsyncExitStack() as failing:
            failing.push_async_callback(self._database.close)
            await self._database.open()
            self._watch.saw((await self.head()).position)
            failing.pop_all()
        self._watch.start()
        return self

    async def commit(self, commit: Commit) -> int:
        """Write all of it or nothing; return its position.

        Raises TimeoutError if it may have been written and that cannot be found out.
        """
        check_form(commit)
        attempt = Attempt(commit, self._clock.now(), self._shapes)
        try:
            position = await self._database.run(attempt)
        except Unavailable as error:
            if not attempt.sent:
                raise
            position = await self._settled(attempt.token, error)
        self._shapes |= shapes(attempt.told)
        self._watch.saw(position)
        return position

    async def history(self, incident: str, after: int = 0) -> Sequence[Fact]:
        """Return the incident's facts beyond the first `after`."""
        rows = await self._database.rows("history", incident=incident, after=after)
        records = [(before, orjson.loads(told)) for before, told in rows]
        return facts([r for n, told in records for r in told[max(0, after - n) :]])

    async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
        """Return what was committed beyond that position and not put away."""
        found: list[tuple[int, str, Fact]] = []
        while rows := await self._database.rows("feed", after=after, page=PAGE):
            for position, incident, away, told in rows:
                shown = facts(orjson.loads(told)[away:])
                found.extend((position, incident, fact) for fact in shown)
            after = rows[-1][0]
        return found

    async def chronicle(self, after: int = 0) -> AsyncIterator[tuple[int, Written]]:
        """Yield every commit with facts beyond that position, as written."""
        while rows := await self._database.rows("chronicle", after=after, page=PAGE):
            for position, _, told in moving.commits(rows):
                yield position, written(told)
            after = rows[-1][0]

    async def beyond(self, position: int) -> int:
        """Wait until there is a commit beyond that position, by whichever bot."""
        return await self._watch.beyond(position)

    async def claim_jobs(
        self, lanes: int, lease: Lease, parked: Collection[Kind] = ()
    ) -> Sequence[Job]:
        """Take jobs; kinds that only a newer bot knows are left to it."""
        kinds = [kind.value for kind in Kind if kind not in parked]
        rows = await self._database.rows(
            "claim_jobs", lanes=lanes, at=lease.at, until=lease.until, kinds=kinds, holder=self._me
        )
        urgent = sorted(rows, key=lambda row: (row[2], row[6], row[3]))
        return [_job(row) for row in urgent]

    async def renew(self, jobs: Sequence[Job], until: datetime) -> Sequence[Job]:
        """Hold jobs longer; return those that are no longer held."""
        keys, fences = [job.key for job in jobs], [job.fence for job in jobs]
        held = await self._database.rows("renew", keys=keys, fences=fences, until=until)
        return [job for job in jobs if (job.key, job.fence) not in held]

    async def next_due(self, parked: Collection[Kind] = ()) -> datetime | None:
        """Return when a job can next be claimed."""
        kinds = [kind.value for kind in Kind if kind not in parked]
        rows = await self._database.rows("next_due", kinds=kinds)
        due: datetime | None = rows[0][0]
        return due

    async def hold(self, name: str, lease: Lease) -> bool:
        """Take or keep what one process may do at a time."""
        rows = await self._database.rows(
            "hold", name=name, holder=self._me, at=lease.at, until=lease.until
        )
        return bool(rows)

    async def owner(self, kind: str, key: str) -> str | None:
        """Say who holds the claim."""
        spent = kind == "request"
        rows = await (
            self._database.rows("spent", key=key)
            if spent
            else self._database.rows("owner", kind=kind, key=key)
        )
        return next((owner for (owner,) in rows), None)

    async def owned(self, kind: str) -> Mapping[str, str]:
        """Return every claim of that kind."""
        return dict(await self._database.rows("owned", kind=kind))

    async def transcript(self, channel: str) -> Sequence[Message]:
        """Return the channel's messages as they stand now."""
        return read_messages(await self._database.rows("transcript", channel=channel))

    async def said_by(self, author: str) -> Sequence[Message]:
        """Return every message of somebody's."""
        named = orjson.dumps({"author": author}).decode().strip("{}")
        found = read_messages(await self._database.rows("said_by", named=named))
        return [message for message in found if message.author == author]

    async def head(self) -> Head:
        """Return the newest position and its hash."""
        ((position, chain),) = await self._database.rows("head")
        return Head(position, chain)

    async def ready(self) -> None:
        """Take the head as a commit does, and see that replicas hear of it."""
        await self._database.run(partial(_find, uuid.uuid4()))

    async def check_clocks(self) -> None:
        """Raise Unavailable if the server's clock and ours differ: leases end by our own."""
        rows = await self._database.rows("server")
        there: datetime = rows[0][2]
        off = abs(there - self._clock.now())
        if off > schema.MOST_SKEW:
            msg = f"this machine's clock is {off.total_seconds():.0f} s off the database server's"
            raise Unavailable(msg)

    async def dump(self) -> AsyncIterator[Document]:
        """Yield the whole store as documents, as it stands when the first is asked for."""
        async with self._database.alone() as connection:
            async for document in moving.dump(connection):
                yield document

    async def load(self, documents: AsyncIterator[Document]) -> None:
        """Fill this store, to which nothing was committed yet, with what another dumped."""
        async with self._database.alone() as connection:
            await moving.load(connection, documents)
        self._watch.saw((await self.head()).position)

    async def close(self) -> None:
        """Finish what is being written, end our leases, and disconnect."""
        await self._watch.stop()
        await self._database.finished()
        with suppress(Unavailable):  # then they run out
            await self._database.run(partial(execute, query="free", holder=self._me))
        await self._database.close()

    async def _settled(self, token: uuid.UUID, error: Unavailable) -> int:
        """Find out what came of a commit whose end was not heard."""
        loop = asyncio.get_running_loop()
        until = loop.time() + SETTLING
        while loop.time() < until:
            try:
                position = await self._database.run(partial(_find, token))
            except Unavailable:
                await asyncio.sleep(AGAIN)
            else:
                if position is None:
                    raise error
                return position
        raise TimeoutError(str(error)) from error


async def _find(token: uuid.UUID, connection: Connection) -> int | None:
    """Return the position of the commit with that token; who has the head knows it for sure."""
    async with connection.pipeline():
        await execute(connection, "begin")
        await execute(connection, "lock_head")
        cursor = await execute(connection, "token", token=token)
        await execute(connection, "never_give_up")
    rows = await cursor.fetchall()
    await execute(connection, "end")
    return next((position for (position,) in rows), None)


def facts(records: Sequence[dict[str, Any]]) -> list[Fact]:
    """Read facts; TooNew if a newer bot wrote them."""
    try:
        return [from_record(record) for record in records]
    except (KeyError, TypeError, ValueError) as error:
        msg = f"This data needs a newer bot: {error!r}."
        raise TooNew(msg) from error


def _job(row: tuple[Any, ...]) -> Job:
    key, kind, _, _, incident, lane, due, wanted_seq, attempts, fence, reply = row
    words = Reply(**orjson.loads(reply)) if reply else None
    return Job(key, Kind(kind), incident, lane, due, wanted_seq, attempts, fence, words)
