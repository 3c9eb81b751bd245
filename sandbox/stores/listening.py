"""A port that is listened at while it is entered, and whose connections end with it."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
Serve = Callable[[StreamReader, StreamWriter], Awaitable[None]]


class Listener:
    """Serves each connection until it ends, or until the listener is left."""

    def __init__(self, serve: Serve, port: int = 0) -> None:
        self._serve = serve
        self._port = port
        self._server: asyncio.Server | None = None
        self._tasks = set[asyncio.Task[None]]()

    @property
    def port(self) -> int:
        """Return the port that is listened at."""
        return self._port

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, HOST, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server:
            self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome

    def _accepted(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.ensure_future(self._served(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)  # one that failed is told of when the listener is left

    async def _served(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
