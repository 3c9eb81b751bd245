"""An event loop that tells when all is quiet: when nothing but the passing of time can go on.

All is quiet when no callback is ready, no socket can be read or written, no thread works for the
loop, and no process started by it runs. What one end of a connection in this process has sent can
be read at the other at once, or a breath later on a busy machine: so it looks twice.
"""

import asyncio
import selectors
import threading
from asyncio import Future
from collections.abc import Callable
from concurrent.futures import Executor, thread
from typing import Any, TypeVar, TypeVarTuple, Unpack

BREATH = 0.001  # seconds between looking twice
BUSY = 0.01  # between looking whether a thread or process has ended

Given = TypeVarTuple("Given")
Result = TypeVar("Result")
Events = list[tuple[selectors.SelectorKey, int]]


class Watchful(selectors.DefaultSelector):
    """Looks at sockets, and asks for something to go on with when there is nothing."""

    def __init__(self, loop: "QuietLoop") -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Events:
        events = super().select(0)
        if events or timeout == 0:
            return events
        if self._loop.is_busy():
            return super().select(BUSY if timeout is None else min(BUSY, timeout))
        return super().select(BREATH) or ([] if self._loop.stir() else super().select(timeout))


class QuietLoop(asyncio.SelectorEventLoop):
    """Calls `stir` whenever all is quiet; it says whether it moved anything."""

    def __init__(self, stir: Callable[[], bool]) -> None:
        super().__init__(Watchful(self))
        self.stir = stir
        self._before = set(threading.enumerate())
        self._given: set[Future[Any]] = set()
        self._children: list[asyncio.SubprocessTransport] = []

    def is_busy(self) -> bool:
        """Say whether a thread or a process works for the loop."""
        self._children = [one for one in self._children if one.get_returncode() is None]
        own = {one for one in threading.enumerate() if one not in thread._threads_queues}
        return bool(self._given or self._children or own - self._before)

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[Given]], Result],
        *args: *Given,
    ) -> Future[Result]:
        given = super().run_in_executor(executor, func, *args)
        self._given.add(given)
        given.add_done_callback(self._given.discard)
        return given

    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> Any:
        transport, protocol = await super().subprocess_exec(*args, **kwargs)
        self._children.append(transport)
        return transport, protocol
