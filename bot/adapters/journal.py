"""A TinyDB storage that only appends: one synced record for all commits that waited together.

A record is a line `length checksum documents`: the body's length in hexadecimal, a SHA-256 over
the record before and the body, and a JSON list. Each record is synced before the next is written,
so only the last one can be torn: it is shorter than it says, or parts of it never came to the
disk and read as zeros. Any other difference is corruption, and nothing is guessed.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import orjson
from tinydb.storages import Storage
from tinydb.table import Table

from bot.ports import Unavailable

from .disk import Disk
from .documents import Document

HEAD = 8 + 1 + 64 + 1  # length and checksum, each with a space after it
END = b"\n"


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
        """Yield every document, oldest first; drop a last record that was never finished."""
        self.checksum, self.size = b"", 0
        for checksum, end, body in records(self._disk, self.name):
            self.checksum, self.size = checksum, end
            yield from orjson.loads(body)
        if self._disk.size(self.name) != self.size:
            self.file.truncate(self.size)
            self.file.sync()

    def read(self) -> dict[str, dict[str, Any]]:
        """Return every document, as TinyDB asks for them."""
        return {"commits": {str(n): dict(d) for n, d in enumerate(self.documents(), 1)}}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Refuse: history is not rewritten."""
        raise io.UnsupportedOperation

    def append(self, documents: Iterable[Document | orjson.Fragment]) -> None:
        """Write documents to the disk as one record: after a crash all are there, or none."""
        if self.broken:
            raise Unavailable(self.broken)
        checksum, record = framed(self.checksum, documents)
        try:
            self.file.append(record)
            self.file.sync()
        except (OSError, ValueError) as error:
            self._give_up(error)
            raise Unavailable(self.broken or "") from error
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

    def _give_up(self, error: Exception) -> None:
        """Write nothing more; take back what was refused, as far as the disk lets us."""
        self.broken = f"the journal cannot be written ({error})"
        with suppress(OSError, ValueError):
            self.file.close()
        with suppress(OSError):
            again = self._disk.append_to(self.name)
            again.truncate(self.size)
            again.sync()
            again.close()


def framed(before: bytes, documents: Iterable[Document | orjson.Fragment]) -> tuple[bytes, bytes]:
    """Return the checksum of a record, and the record as it is written."""
    body = orjson.dumps(list(documents))
    checksum = _checksum(before, body)
    return checksum, b"%08x %b %b%b" % (len(body), checksum, body, END)


def records(disk: Disk, name: str, start: int = 0) -> Iterator[tuple[bytes, int, bytes]]:
    """Return checksum, end offset and body of each record up to a torn last one.

    The file is read as it is now, whatever takes its name later. From the middle of a file
    checksums cannot be compared; whoever starts there wrote it itself.
    """
    return _records(disk, name, start, disk.read(name, start))


def _records(
    disk: Disk, name: str, start: int, chunks: Iterator[bytes]
) -> Iterator[tuple[bytes, int, bytes]]:
    checksum, offset, rest = b"", start, b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(END)
        for line in lines:
            body = line[HEAD:]
            whole = _length(line) == len(body)
            if not whole or (start == 0 and line[9:73] != _checksum(checksum, body)):
                if b"\0" in line and offset + len(line) + 1 == disk.size(name):
                    return
                raise Corrupt(name, offset)
            checksum, offset = line[9:73], offset + len(line) + 1
            yield checksum, offset, body
    if b"\0" not in rest and _length(rest) == len(rest) - HEAD - 1:
        raise Corrupt(name, offset)  # as long as it says: its last byte is another


def _length(line: bytes) -> int | None:
    try:
        return int(line[:8], 16)
    except ValueError:
        return None


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
