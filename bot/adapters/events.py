"""The Ledger port: a file of lines, appended to and synced, locked while it is ours."""

import asyncio
import fcntl
import io
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TypeVar

from bot.ports import Held, Tail, Unavailable

from .disk import private, sync_folder

T = TypeVar("T")

LONGEST = 16 * 1024 * 1024  # bytes; no line of ours is that long


class EventFile:
    """All work happens in one thread, call after call. The file is for its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: io.FileIO | None = None
        self._end = 0  # of the last whole line that is synced
        self._size = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="events")

    async def take(self) -> Tail:
        """Open and lock the file; return its end."""
        return await self._run(self._take)

    async def append(self, lines: Sequence[bytes]) -> None:
        """Write and sync lines after the last whole one."""
        await self._run(self._append, lines)

    async def release(self) -> None:
        """Close the file, and with it the lock."""
        await self._run(self._release)

    async def close(self) -> None:
        """Finish what is being written, and end the thread."""
        await self.release()
        self._thread.shutdown()

    async def _run(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def _take(self) -> Tail:
        self._release()
        with self._told():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = file = open(self._path, "ab+", buffering=0, opener=private)  # noqa: SIM115 -- held, as its lock is
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                self._fail("is not a plain file")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                self._release()
                msg = f"another process writes {self._path}"
                raise Held(msg) from error
            self._same(file)
            sync_folder(self._path.parent)
            return self._tail(file)

    def _tail(self, file: io.FileIO) -> Tail:
        self._size = os.fstat(file.fileno()).st_size
        start = max(0, self._size - LONGEST)
        block, end = b"", self._size
        while end > start and block[: block.rfind(b"\n") + 1].count(b"\n") < 2:  # noqa: PLR2004 -- the last line's end, and the one before it
            length = min(max(64 * 1024, len(block)), end - start)
            end -= length
            block = os.pread(file.fileno(), length, end) + block
        whole, newline, torn = block.rpartition(b"\n")
        last = whole.rpartition(b"\n")
        if start and end == start and not last[1]:
            self._fail("has a line that is too long to be ours")
        if newline and not last[2]:
            self._fail("ends in an empty line, which is not ours")
        self._end = self._size - len(torn)
        return Tail(last[2] if newline else b"", torn)

    def _append(self, lines: Sequence[bytes]) -> None:
        if self._file is None:
            self._fail("is not taken")
        file = self._file
        with self._told():
            if self._same(file).st_size != self._size:
                self._fail("was changed by somebody else")
            try:
                self._write(file, b"".join(line + b"\n" for line in lines))
            except OSError:
                with suppress(OSError):  # what the disk may have forgotten is written again
                    file.truncate(self._end)
                raise

    def _write(self, file: io.FileIO, data: bytes) -> None:
        if not data and self._size == self._end:
            return
        file.truncate(self._end)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) or 0 :]
        os.fsync(file.fileno())
        self._end = self._size = self._end + len(data)

    def _same(self, file: io.FileIO) -> os.stat_result:
        """Return how the file is, if it is still where it was."""
        ours, there = os.fstat(file.fileno()), self._path.stat()
        if (ours.st_dev, ours.st_ino) != (there.st_dev, there.st_ino):
            self._fail("was moved")
        return ours

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in our words what the disk refused; whatever failed, the file is let go."""
        try:
            yield
        except OSError as error:
            self._release()
            msg = f"{self._path}: {error.strerror or error}"
            raise Unavailable(msg) from error

    def _fail(self, why: str) -> NoReturn:
        self._release()
        msg = f"{self._path} {why}"
        raise Unavailable(msg)

    def _release(self) -> None:
        if self._file:
            with suppress(OSError):  # it was synced, or it is cut and written again
                self._file.close()
        self._file = None


def whole_and_torn(path: Path) -> Iterator[bytes]:
    """Yield the lines that are there now, with their newlines; the last may lack it."""
    left = path.stat().st_size
    with path.open("rb") as file:
        for line in file:
            yield line[:left]
            left -= len(line)
            if left <= 0:
                return
