"""A socket in a folder of this machine, behind which one process at a time answers."""

import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import structlog
from aiohttp import web

from bot.ports import Clock, Held, Unavailable

from .disk import LocalDisk

log = structlog.get_logger()

GRACE = 0.5  # seconds, at the end, for requests still being answered
LOOK_EVERY = timedelta(seconds=5)  # whether the socket is there, or can be taken over
OWN, SHARED = 0o600, 0o660


class UnixDoor:
    """Serves an application to the bot's own user, and to a group's members if one is named.

    Where another process serves already, this one takes over once that ends.
    """

    def __init__(
        self, app: web.Application, path: Path, clock: Clock, group: str | None = None
    ) -> None:
        self._app = app
        self._path = path
        self._clock = clock
        self._group = group
        self._trouble: str | None = None

    async def run(self) -> None:
        """Serve until cancelled; what goes wrong is tried again, and told by `check`."""
        while True:
            try:
                async with self._open():
                    self._trouble = None
                    log.info("listening locally")
                    while self._path.is_socket():
                        await self._wait()
            except Held:
                self._trouble = None
                await self._wait()
            except (OSError, LookupError) as error:
                reason = getattr(error, "strerror", None) or error
                self._trouble = f"{self._path}: {reason}"
                await self._wait()

    async def check(self) -> None:
        """Raise Unavailable if nobody can ask."""
        if self._trouble:
            raise Unavailable(self._trouble)

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[None]:
        with self._held():
            runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=GRACE)
            await runner.setup()
            try:
                await web.SockSite(runner, self._bound()).start()
                yield
            finally:
                await runner.cleanup()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep others from serving here: whatever socket is there then is of one that ended."""
        disk = LocalDisk(self._path.parent)
        disk.lock(f"{self._path.name}.lock")
        try:
            self._clear()
            yield
        finally:
            with suppress(OSError):
                self._clear()
            disk.unlock()

    def _clear(self) -> None:
        if self._path.is_socket():
            self._path.unlink()

    def _bound(self) -> socket.socket:
        """Return the socket; nobody can connect before it is listened at, with its rights set."""
        bound = socket.socket(socket.AF_UNIX)
        with ExitStack() as unless_ready:
            unless_ready.callback(bound.close)
            with short(self._path) as path:
                bound.bind(path)
            self._path.chmod(SHARED if self._group else OWN)
            if self._group:
                shutil.chown(self._path, group=self._group)
            unless_ready.pop_all()
        return bound

    async def _wait(self) -> None:
        await self._clock.sleep_until(self._clock.now() + LOOK_EVERY)


@contextmanager
def short(path: Path) -> Iterator[str]:
    """Give a name for the path that fits: the kernel takes 107 bytes, and folders are deep."""
    if sys.platform != "linux":
        raise OSError("this needs Linux")
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
