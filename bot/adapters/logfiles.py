"""The Logs port: files of this machine."""

import asyncio
import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from glob import iglob
from io import FileIO
from itertools import islice
from pathlib import Path

from bot.ports import Unavailable
from bot.sources import Lines, Place, Places

from .threads import Threads

AT_ONCE = 2
PATIENCE = 10.0  # seconds
MOST = 1 << 20  # bytes of one file in one look: the newest
MOST_AT_ONCE = 4 * MOST  # what is read has to be looked through
MANY = 200  # files of one service
HEAD = 64  # bytes: how a file begins
PACKED = (".gz", ".xz", ".bz2", ".zst", ".zip")


class LogFiles:
    """Reads in threads of its own: a file may be on a disk that hangs."""

    def __init__(self) -> None:
        self._threads = Threads("logs", AT_ONCE)

    async def since(self, patterns: Sequence[str], places: Places | None) -> Lines:
        """Return what was written after those places."""
        look = _Look(places)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._threads.run(partial(look.at_all, patterns))
        except TimeoutError as error:
            raise Unavailable("the log files took too long to read") from error
        if look.unread and not look.places:
            raise Unavailable(look.unread[0])
        return Lines(look.lines, look.places, look.skipped, look.unread)


@dataclass(slots=True)
class _Look:
    """One look at the files; what it finds."""

    before: Places | None
    lines: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    skipped: int = 0
    room: int = MOST_AT_ONCE
    unread: list[str] = field(default_factory=list)

    def at_all(self, patterns: Sequence[str]) -> None:
        names = list(islice(_names(patterns), MANY + 1))
        if len(names) > MANY:
            self.unread.append(f"more than {MANY} files are meant; only so many are read")
        for name in names[:MANY]:
            try:
                self._at(name)
            except OSError as error:
                self.unread.append(f"{name}: {error.strerror or error}")
        if self.unread and self.before:  # one that cannot be read now may be read again
            self.places = {**self.before, **self.places}

    def _at(self, name: str) -> None:
        if not stat.S_ISREG(Path(name).stat().st_mode):  # a pipe may wait for ever
            return
        with open(name, "rb", buffering=0, opener=_patiently) as file:
            told = os.fstat(file.fileno())
            which = f"{told.st_dev}:{told.st_ino}"
            if which not in self.places:  # else it is another name of the same file
                self.places[which] = self._read(file, which, told.st_size)

    def _read(self, file: FileIO, which: str, size: int) -> Place:
        start = self._start(file, which, size)
        first = max(start, size - min(MOST, self.room))
        file.seek(first)
        data = _all(file, size - first)
        begin = data.find(b"\n") + 1 if first > start else 0  # not in the midst of a line
        end = data.rfind(b"\n") + 1
        self.skipped += first + begin - start
        self.room -= len(data)
        if begin < end:
            text = data[begin:end].decode(errors="replace").removesuffix("\n")
            self.lines += [line.removesuffix("\r") for line in text.split("\n")]
        read = first + end
        return Place(read, _checksum(file, read))

    def _start(self, file: FileIO, which: str, size: int) -> int:
        """Return where to read on: its end at the first look, its beginning if it is another."""
        if self.before is None:
            return size
        known = self.before.get(which)
        same = known and known.read <= size and known.begins == _checksum(file, known.read)
        return known.read if known and same else 0


def _names(patterns: Sequence[str]) -> Iterator[str]:
    found = (name for pattern in patterns for name in iglob(pattern, recursive=True))
    return (name for name in found if not name.endswith(PACKED))


def _patiently(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _checksum(file: FileIO, read: int) -> int:
    file.seek(0)
    return zlib.crc32(_all(file, min(HEAD, read)))


def _all(file: FileIO, size: int) -> bytes:
    """Read so many bytes, or what there is of them."""
    parts = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
