"""What the store asks of a disk, and the real one. A power cut undoes what was not synced."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from bot.ports import Held

CHUNK = 1 << 20


class File(Protocol):
    """A file that grows."""

    def append(self, data: bytes) -> None:
        """Write all of it at the end; OSError if that is not possible."""

    def sync(self) -> None:
        """Return once what was written survives a power cut."""

    def truncate(self, size: int) -> None:
        """Forget what is beyond."""

    def close(self) -> None:
        """Let go."""


class Disk(Protocol):
    """One folder. Names may have one folder in them; what is in it is remembered once synced."""

    def append_to(self, name: str) -> File:
        """Open a file for appending; a new one if there is none."""

    def read(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Yield the file's bytes from there; the file as it was when this was called."""

    def size(self, name: str) -> int | None:
        """Return how long the file is; None if there is none."""

    def rename(self, old: str, new: str) -> None:
        """Put one file in the place of another, at once."""

    def remove(self, name: str) -> None:
        """Forget a file, if there is one."""

    def sync_names(self, name: str) -> None:
        """Return once the folder of that file remembers which files are in it."""

    def lock(self, name: str) -> None:
        """Keep other processes out until unlocked; Held names the one that is in."""

    def unlock(self) -> None:
        """Let other processes in."""


class LocalFile:
    """A file of this machine."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "ab", buffering=0, opener=private)  # noqa: SIM115 -- kept open

    def append(self, data: bytes) -> None:
        """Write all of it at the end."""
        if self._file.write(data) != len(data):
            raise OSError("the disk took only a part")

    def sync(self) -> None:
        """Return once what was written survives a power cut."""
        os.fsync(self._file.fileno())

    def truncate(self, size: int) -> None:
        """Forget what is beyond."""
        self._file.truncate(size)

    def close(self) -> None:
        """Let go."""
        self._file.close()


class LocalDisk:
    """A folder of this machine; made if it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: int | None = None
        for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
            sync_folder(missing.parent)

    def __str__(self) -> str:
        return str(self._folder)

    def append_to(self, name: str) -> File:
        """Open a file for appending."""
        path = self._folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return LocalFile(path)

    def read(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Yield the file's bytes from there."""
        return _chunks((self._folder / name).open("rb"), start)

    def size(self, name: str) -> int | None:
        """Return how long the file is."""
        try:
            return (self._folder / name).stat().st_size
        except FileNotFoundError:
            return None

    def rename(self, old: str, new: str) -> None:
        """Put one file in the place of another."""
        (self._folder / old).replace(self._folder / new)

    def remove(self, name: str) -> None:
        """Forget a file."""
        (self._folder / name).unlink(missing_ok=True)

    def sync_names(self, name: str) -> None:
        """Have the folder remember its files, and be remembered itself."""
        for folder in {(self._folder / name).parent, self._folder}:
            sync_folder(folder)

    def lock(self, name: str) -> None:
        """Keep other processes out; the file says who is in."""
        path = self._folder / name
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = path.read_text(errors="replace").strip()
            os.close(handle)
            msg = f"another process holds {self._folder} ({holder or 'which one is not known'})"
            raise Held(msg) from error
        self._lock = handle
        since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        with suppress(OSError):  # on a full disk the lock holds all the same, without a name
            os.ftruncate(handle, 0)
            text = f"process {os.getpid()} on {socket.gethostname()} since {since}"
            os.write(handle, text.encode())

    def unlock(self) -> None:
        """Let other processes in."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sync_folder(folder: Path) -> None:
    """Have the folder remember which files are in it, even after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private(path: str, flags: int) -> int:
    """Open a file that only its owner may read."""
    return os.open(path, flags, 0o600)


def _chunks(file: BufferedReader, start: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while chunk := file.read(CHUNK):
            yield chunk
