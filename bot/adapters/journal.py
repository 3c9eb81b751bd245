"""A TinyDB storage that only appends: one synced record for all commits that waited together.

A record is a line `length checksum documents`: the body's length in hexadecimal, a SHA-256 over
the record before and the body, and a JSON list. Each record is synced before the next is written,
so only the last one can be torn: it is shorter than it says, or sectors of it never came to the
disk and read as zeros. Any other difference is corruption, and nothing is guessed.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import orjson
import structlog
from tinydb.storages import Storage
from tinydb.table import Table

from bot.ports import Unavailable

from .disk import Disk
from .documents import Document

HEAD = 8 + 1 + 64 + 1  # length and checksum, each with a space after it
END = b"\n"
SECTOR = 512  # bytes that a disk writes at once, or not at all

log = structlog.get_logger()


class Corrupt(Exception):
    """Bytes once acknowledged are not as they were written; the message names the offset."""

    def __init__(self, name: str, offset: int) -> None:
        super().__init__(f"{name} is not as written at byte {offset}")
        self.offset = offset


class Journal(Storage):
    """One table, `commits`, in one file. After a failed write or sync it never writes again."""

    def __init__(self, disk: Disk, name: str) -> None:
        self._disk = disk
        self.name = name
        self.size = 0
        self.broken: str | None = None
        self.checksum = b""
        self.file = disk.append_to(name)
        try:
            disk.sync_names(name)
        except OSError:
            self.file.close()
            raise

    def documents(self) -> Iterator[Document]:
        """Yield every document, oldest first; drop a last record that was never finished.

        What was read is on the disk then: whoever wrote it may have been killed before the sync.
        """
        self.checksum, self.size = b"", 0
        for checksum, end, body in records(self._disk, self.name):
            self.checksum, self.size = checksum, end
            yield from orjson.loads(body)
        found = self._disk.size(self.name) or 0
        if found > self.size:
            log.warning("unfinished record dropped", file=self.name, bytes=found - self.size)
            self.file.truncate(self.size)
        self.file.sync()

    def read(self) -> dict[str, dict[str, Any]]:
        """Return every document, as TinyDB asks for them."""
        bodies = (body for _, _, body in records(self._disk, self.name))
        documents = (document for body in bodies for document in orjson.loads(body))
        return {"commits": {str(n): document for n, document in enumerate(documents, 1)}}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Refuse: history is not rewritten."""
        raise io.UnsupportedOperation

    def append(self, documents: Iterable[Document | orjson.Fragment]) -> None:
        """Write documents to the disk as one record: after a crash all are there, or none.

        Raises Unavailable if none is, and TimeoutError if nobody knows.
        """
        if self.broken:
            raise Unavailable(self.broken)
        checksum, record = framed(self.checksum, documents)
        try:
            self.file.append(record)
            self.file.sync()
        except (OSError, ValueError) as error:
            self.broken = f"the journal cannot be written ({error})"
            raise self._given_up() from error
        self.checksum = checksum
        self.size += len(record)

    def replace(self, other: "Journal") -> None:
        """Go on in another journal, which takes this one's name; OSError if it does not.

        If nobody knows whether the folder remembers that, nothing more is written.
        """
        self._disk.rename(other.name, self.name)
        self.file.close()
        self.file, self.checksum, self.size = other.file, other.checksum, other.size
        try:
            self._disk.sync_names(self.name)
        except OSError as error:
            self.broken = f"the journal cannot be replaced ({error})"

    def extend(self, documents: Sequence[Document]) -> None:
        """Write documents that need not be on the disk before `sync`."""
        self.checksum, record = framed(self.checksum, documents)
        self.file.append(record)
        self.size += len(record)

    def sync(self) -> None:
        """Have all of it on the disk."""
        self.file.sync()

    def close(self) -> None:
        """Let the file go."""
        self.file.close()

    def _given_up(self) -> Unavailable | TimeoutError:
        """Write nothing more; take back what was refused. Return whether that is sure."""
        with suppress(OSError, ValueError):
            self.file.close()
        try:
            again = self._disk.append_to(self.name)
            again.truncate(self.size)
            again.sync()
            again.close()
        except OSError:
            return TimeoutError(self.broken)
        return Unavailable(self.broken or "")


def framed(before: bytes, documents: Iterable[Document | orjson.Fragment]) -> tuple[bytes, bytes]:
    """Return the checksum of a record, and the record as it is written."""
    body = orjson.dumps(list(documents))
    checksum = _checksum(before, body)
    return checksum, _head(body, checksum) + body + END


def records(
    disk: Disk, name: str, start: int = 0, *, whole: bool = False
) -> Iterator[tuple[bytes, int, bytes]]:
    """Return checksum, end offset and body of each record up to a torn last one.

    The file is read as it is now, whatever takes its name later. A `whole` file has none torn.
    From the middle of a file checksums cannot be compared; whoever starts there wrote it itself.
    """
    return _records(name, start, disk.read(name, start), whole=whole)


def _records(
    name: str, start: int, chunks: Iterator[bytes], *, whole: bool
) -> Iterator[tuple[bytes, int, bytes]]:
    checksum, offset, rest = b"", start, b""
    wrong: bytes | None = None  # a line that is not as written: torn, if it is the last
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(END)
        for line in lines:
            if wrong is not None:
                raise Corrupt(name, offset)
            body = line[HEAD:]
            right = _checksum(checksum, body) if start == 0 else line[9:73]
            if line[:HEAD] != _head(body, right):
                wrong = line + END
                continue
            checksum, offset = right, offset + len(line) + 1
            yield checksum, offset, body
    last = (wrong or b"") + rest
    if last and (whole or not _torn(last, offset)):
        raise Corrupt(name, offset)


def _torn(last: bytes, offset: int) -> bool:
    """Say whether this can be a record that was being written when the power went.

    It is shorter than it says, or has zeros where whole sectors never came to the disk.
    """
    if END in last[:-1]:
        return False  # more was written after it
    holes = [(hole.start(), hole.end()) for hole in re.finditer(rb"\0+", last)]
    if holes:
        begin = all((offset + start) % SECTOR == 0 or start == 0 for start, _ in holes)
        return begin and all((offset + end) % SECTOR == 0 or end == len(last) for _, end in holes)
    length = last[:8].decode("ascii", "replace")
    try:
        return END not in last and len(last) < int(length, 16) + HEAD + 1
    except ValueError:
        return len(last) < HEAD


def _head(body: bytes, checksum: bytes) -> bytes:
    return b"%08x %b " % (len(body), checksum)


def _checksum(before: bytes, body: bytes) -> bytes:
    return hashlib.sha256(before + body).hexdigest().encode()


class JournalTable(Table):
    """A table that grows by appending."""

    def insert_multiple(self, documents: Iterable[Any]) -> list[int]:
        """Append the documents without reading the others."""
        if not isinstance(self._storage, Journal):
            raise TypeError
        self._storage.append(list(documents))
        return []
