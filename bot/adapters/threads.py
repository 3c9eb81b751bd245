"""A few named threads for a library that blocks."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class Threads:
    """Runs at most so many calls at a time; whoever waits for a place may give up at any time.

    A call that its caller gave up on keeps its place until it ends, so that calls that hang never
    become many. None of them keeps the process from ending.
    """

    def __init__(self, name: str, at_once: int) -> None:
        self._name = name
        self._places = asyncio.Semaphore(at_once)

    async def run(self, work: Callable[[], T]) -> T:
        """Return what the work gives, or raise what it raises."""
        await self._places.acquire()
        given = Future[T]()
        given.set_running_or_notify_cancel()
        arguments = (work, given, asyncio.get_running_loop())
        threading.Thread(target=self._call, args=arguments, name=self._name, daemon=True).start()
        return await asyncio.wrap_future(given)

    def _call(
        self, work: Callable[[], T], given: "Future[T]", loop: asyncio.AbstractEventLoop
    ) -> None:
        try:
            given.set_result(work())
        except BaseException as error:  # noqa: BLE001 -- it is raised where it is awaited
            given.set_exception(error)
        with suppress(RuntimeError):  # the loop has ended, and nobody waits for a place
            loop.call_soon_threadsafe(self._places.release)
