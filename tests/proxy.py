"""A wire between a client and a server that can be cut at the worst moment."""

import asyncio
import enum
from collections.abc import Callable
from contextlib import suppress
from typing import Self

COMMIT = b"commit;"  # as our adapter spells it, in the first few of a connection
COMMITTED = b"COMMIT\0"  # as the server answers it


class Cut(enum.Enum):
    """When to cut, once."""

    NEVER = enum.auto()
    BEFORE_IT_ARRIVES = enum.auto()
    WHILE_IT_IS_ON_ITS_WAY = enum.auto()  # the client hears nothing; the server gets it later
    AFTER_IT_IS_DONE = enum.auto()


class Proxy:
    """Forwards to a port of this machine; `deaf` it forwards nothing, `gone` it takes nobody."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.cut = Cut.NEVER
        self.late = 0.5
        self.gone_after_cut = False
        self.gone = False
        self.hears = asyncio.Event()
        self.hears.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.hang_up()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hang_up(self) -> None:
        """Cut every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.gone:
            writer.transport.abort()
            return
        there, to = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers |= {writer, to}

        def hang_up() -> None:
            writer.transport.abort()
            self.gone = self.gone_after_cut

        for task in (
            asyncio.ensure_future(self._upstream(reader, to, hang_up)),
            asyncio.ensure_future(self._downstream(there, writer, hang_up)),
        ):
            self._tasks.add(task)

    async def _upstream(
        self,
        reader: asyncio.StreamReader,
        to: asyncio.StreamWriter,
        hang_up: Callable[[], None],
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self.hears.wait()
                if COMMIT in data and self.cut is Cut.BEFORE_IT_ARRIVES:
                    self.cut = Cut.NEVER
                    hang_up()
                    break
                if COMMIT in data and self.cut is Cut.WHILE_IT_IS_ON_ITS_WAY:
                    self.cut = Cut.NEVER
                    hang_up()
                    await asyncio.sleep(self.late)
                to.write(data)
        to.close()

    async def _downstream(
        self,
        there: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hang_up: Callable[[], None],
    ) -> None:
        with suppress(OSError):
            while data := await there.read(65536):
                await self.hears.wait()
                if COMMITTED in data and self.cut is Cut.AFTER_IT_IS_DONE:
                    self.cut = Cut.NEVER
                    hang_up()
                    break
                writer.write(data)
        writer.close()
