"""A TinyDB storage that only appends: one checksummed, synced line per document.

Each checksum covers the one before, so the lines are a chain.
"""

import fcntl
import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from tinydb.storages import Storage
from tinydb.table import Table

from bot.ports import Held, Unavailable


class Corrupt(Exception):
    """Bytes once acknowledged are not as they were written; nothing is guessed."""


class Journal(Storage):
    """One table, `commits`, as lines of `checksum json`. Only one process at a time has it."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "ab+", buffering=0, opener=_private)  # noqa: SIM115 -- held, as its lock is
        self._checksum = b""
        self.broken: str | None = None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            msg = f"another process holds {path}"
            raise Held(msg) from error
        _sync_folder(path.parent)

    def read(self) -> dict[str, dict[str, Any]]:
        """Return every document; drop a last line that was never finished."""
        self._checksum = b""
        bodies = enumerate(self._bodies(), 1)
        return {"commits": {str(n): orjson.loads(body) for n, body in bodies}}

    def _bodies(self) -> Iterator[bytes]:
        start = 0
        with Path(self._file.name).open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    self._file.truncate(start)
                    os.fsync(self._file.fileno())
                    return
                checksum, _, body = line[:-1].partition(b" ")
                if checksum != self._next(body):
                    msg = f"{self._file.name} is not as written at byte {start}"
                    raise Corrupt(msg)
                self._checksum = checksum
                start += len(line)
                yield body

    def append(self, document: Mapping[str, object]) -> None:
        """Write one document to the disk; after a failure, never write again."""
        if self.broken:
            raise Unavailable(self.broken)
        body = orjson.dumps(document)
        checksum = self._next(body)
        line = checksum + b" " + body + b"\n"
        try:
            _write_all(self._file, line)
        except (OSError, ValueError) as error:
            self.broken = f"the journal cannot be written ({error})"
            self._file.close()
            raise Unavailable(self.broken) from error
        self._checksum = checksum

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Refuse: history is not rewritten."""
        raise io.UnsupportedOperation

    def close(self) -> None:
        """Let the file and its lock go."""
        self._file.close()

    def _next(self, body: bytes) -> bytes:
        return hashlib.sha256(self._checksum + body).hexdigest().encode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write_all(file: io.FileIO, line: bytes) -> None:
    if file.write(line) != len(line):
        raise OSError("the disk took only a part")
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Have the folder remember that the file is in it, even after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class JournalTable(Table):
    """A table that grows by appending."""

    def insert(self, document: Mapping[str, object]) -> int:
        """Append the document without reading the others."""
        if not isinstance(self._storage, Journal):
            raise TypeError
        self._storage.append(document)
        return 0
