"""Hears of commits, whoever made them: LISTEN on its own connection, and polling behind it.

And sees that nobody who is frozen keeps the others from committing.
"""

import asyncio

import psycopg
from psycopg import AsyncConnection

from bot.adapters.news import News
from bot.ports import Older, Unavailable

from .database import IDLE, PATIENCE, Connection, Database, execute, within

POLL = 2.0  # seconds: a notification may be lost, a commit is not
AGAIN = 0.25  # seconds until a server that is away is tried again


class Watch:
    """Knows the newest position, soon after it is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news = News()
        self._position = 0
        self._older = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen from now on."""
        self._task = asyncio.ensure_future(self._listen())

    async def stop(self) -> None:
        """Listen no more."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    def saw(self, position: int) -> None:
        """Note a commit."""
        if position > self._position:
            self._position = position
            self._news.tell()

    async def beyond(self, position: int) -> int:
        """Wait until there is a commit beyond that position; return the newest."""
        while self._position <= position and not self._older:
            await self._news.wait()
        if self._older:
            raise Older("the database has lost commits that I had seen")
        return self._position

    async def _listen(self) -> None:
        """Listen for ever; what is waited for here is a real server, on no clock of ours."""
        lost = False
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._database.conninfo, autocommit=True
                ) as connection:
                    if lost:
                        await self._database.renewed()
                    await self._hear(connection)
            except (psycopg.Error, Unavailable):
                lost = True
            await asyncio.sleep(AGAIN)

    async def _hear(self, connection: Connection) -> None:
        await execute(connection, "listen")
        heard = False
        while True:
            if not heard:  # nobody commits: perhaps nobody can
                await within(PATIENCE, execute(connection, "end_frozen", idle=IDLE))
            known = self._position
            cursor = await within(PATIENCE, execute(connection, "head"))
            for position, _ in await cursor.fetchall():
                self._older = self._older or position < known
                self.saw(position)
            if self._older:
                self._news.tell()
            heard = False
            async for _ in connection.notifies(timeout=POLL, stop_after=1):
                heard = True  # a hint, from whomever: what is so, the head says
