"""Two bots in one workspace, on one database, and what the two of them did."""

import asyncio
import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bot.domain.jobs import TIMED
from tests.conversations import posts
from tests.conversations.stage import PATIENCE, Json, Stage, TooLate


@dataclass
class Pair:
    """Bots A and B in one workspace, on one database."""

    a: Stage
    b: Stage
    database: str

    @property
    def both(self) -> tuple[Stage, Stage]:
        return self.a, self.b

    def named(self, name: str) -> tuple[Stage, Stage]:
        """Return the bot of that name, and the other."""
        return self.both if name == self.a.name else (self.b, self.a)

    async def start(self, *bots: Stage) -> None:
        """Start both, or these; what is delivered goes to both in turns."""
        await asyncio.gather(*(bot.start() for bot in bots or self.both))
        if self.a.mode == "socket":
            await self.until(self.connected, "not both connected")
        await self.a.post("settings", url=[bot.door for bot in self.both])

    async def connected(self) -> bool:
        return bool((await self.a.get("state"))["connections"] == len(self.both))

    async def until(self, what: Callable[[], Awaitable[Any]], why: str) -> Any:
        """Return what is found once there is something."""
        try:
            return await self.a.until(what, why)
        except TooLate as late:
            msg = f"{late}\n---- and of the other:\n{self.b.log.read_text()[-6000:]}"
            raise TooLate(msg) from late

    def logged(self) -> list[Json]:
        return [line for bot in self.both for line in bot.logged()]

    async def only(self, bot: Stage) -> None:
        """Have all that is sent over HTTP delivered to one of them."""
        await self.a.post("settings", url=bot.door)

    async def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Ask the database, as no bot does."""
        async with await psycopg.AsyncConnection.connect(self.database) as connection:
            return await (await connection.execute(query.encode(), values)).fetchall()

    async def facts(self, incident: str = "%") -> list[Json]:
        told = await self.rows(
            "select records from streams where incident like %(incident)s order by position",
            incident=incident,
        )
        return [fact for (records,) in told for fact in json.loads(records)]

    async def count(self, incident: str = "%") -> Counter[str]:
        """Return how many facts of each type there are."""
        return Counter(fact["type"] for fact in await self.facts(incident))

    async def until_idle(self) -> None:
        """Return when nothing is owed that is not for later."""
        soon = "due < now() + interval '1 minute' and kind <> all(%(timed)s)"
        left = f"select key from jobs where due <= now() or {soon}"
        await self._until_true(f"select not exists ({left})", timed=[str(kind) for kind in TIMED])

    async def until_written(self, incident: str, fact: str) -> None:
        """Return as soon as there is such a fact."""
        known = "select from streams where incident = %(incident)s and records like %(fact)s"
        query = f"select exists ({known})"
        await self._until_true(query, incident=incident, fact=f'%"type":"{fact}"%')

    async def _until_true(self, query: str, **values: object) -> None:
        deadline = time.monotonic() + PATIENCE
        while await self.rows(query, **values) != [(True,)]:
            if time.monotonic() > deadline:
                msg = f"{query} {values}\n{self.logged()[-40:]}"
                raise TooLate(msg)
            await asyncio.sleep(0.02)  # processes outside have no clock of ours

    async def channels(self) -> list[Json]:
        every = (await self.a.get("state"))["channels"]
        return [channel for channel in every if channel["name"].startswith("inc-")]

    async def ours(self, channel: str) -> list[Json]:
        """Return what the bots said in a channel to everybody."""
        return posts.ours(await self.a.get("messages", channel=channel))

    async def everything_is_there_once(self, incidents: int, *, announced: int) -> None:
        """See each channel once, with one card, and each announcement once."""
        await self.until_idle()
        made = await self.channels()
        assert len(made) == incidents, [c["name"] for c in made]
        for channel in made:
            said = posts.kinds(await self.ours(channel["id"]))
            assert (said.pop("card", 0), set(said.values()) - {1}) == (1, set()), said
            assert len(channel["pins"]) == 1
        told = Counter(map(posts.about, await self.ours("CINCIDENTS")))
        assert {kind for _, kind in told} <= {"announcement"}
        assert (len(told), max(told.values(), default=1)) == (announced, 1)
        count = await self.count()
        assert count["Declared"] == count["ChannelOpened"] == count["CardPosted"] == incidents
        assert count["Announced"] == announced
        assert not count["JobBuried"]


def number(told: Json) -> str:
    """Return the incident that an answer names."""
    found = re.search(r"INC-\d{8}-\d{3}", str(told["body"]))
    assert found, told
    return found[0]


@contextmanager
def frozen(bot: Stage) -> Iterator[None]:
    """Let a bot do nothing at all during the block, as a machine does that is moved."""
    assert bot.process
    os.kill(bot.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(bot.process.pid, signal.SIGCONT)


@asynccontextmanager
async def two_bots(
    folder: Path, database: str, mode: str = "http", environment: dict[str, str] | None = None
) -> AsyncIterator[Pair]:
    """Give two bots that are not started yet, each with a folder of its own."""
    for name in "ab":
        (folder / name).mkdir()
    own = environment or {}
    one = Stage(folder / "a", mode, database=database, name="a", environment=own)
    other = Stage(folder / "b", mode, database=database, name="b", environment=own, beside=one)
    async with one as a, other as b:
        pair = Pair(a, b, database)
        yield pair
        assert not [line for line in pair.logged() if line["level"] == "error"]
