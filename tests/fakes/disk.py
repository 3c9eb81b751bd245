"""A disk whose power can be cut: what was not synced is found afterwards, or not, or partly."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SECTOR = 512


@dataclass
class Inode:
    """A file's bytes as a reader sees them, and as they surely are on the platter."""

    seen: bytearray = field(default_factory=bytearray)
    safe: bytes = b""

    def after_power_cut(self, rnd: random.Random) -> bytes:
        """Return what is found: each sector old or new, and any length between the two."""
        if bytes(self.seen) == self.safe:
            return self.safe
        low, high = sorted((len(self.safe), len(self.seen)))
        size = rnd.choice([low, high, rnd.randint(low, high)])
        found = bytearray(size)
        for start in range(0, size, SECTOR):
            source = rnd.choice([self.safe, bytes(self.seen)])
            sector = source[start : min(start + SECTOR, size)]
            found[start : start + len(sector)] = sector
        found[: self._unchanged()] = self.safe[: self._unchanged()]
        return bytes(found[:size])

    def _unchanged(self) -> int:
        """Return up to where nothing was written since the last sync."""
        return min(len(self.safe), len(self.seen))


Names = dict[str, Inode]


class PowerDisk:
    """Counts its operations; from number `off_at` on there is no power, and none succeeds.

    `fails_at` is the one operation that fails, as a full or broken disk does.
    """

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        inodes = {n: Inode(bytearray(b), b) for n, b in (files or {}).items()}
        self.names: Names = dict(inodes)
        folders = {_folder(name) for name in inodes}
        self._folders = {folder: [self._in(folder)] for folder in folders}
        self.operations = 0
        self.off_at: int | None = None
        self.fails_at: int | None = None
        self.before_sync: Callable[[], object] = int

    def after_power_cut(self, rnd: random.Random) -> "PowerDisk":
        """Return the disk as it is found when the power is back."""
        found = {n: i for folder in self._folders.values() for n, i in rnd.choice(folder).items()}
        return PowerDisk({n: inode.after_power_cut(rnd) for n, inode in found.items()})

    def does(self) -> None:
        """Do one more operation, if there is power."""
        number = self.operations
        self.operations += 1
        if self.off_at is not None and number >= self.off_at:
            raise OSError("no power")
        if number == self.fails_at:
            raise OSError("this one fails")

    def append_to(self, name: str) -> "PowerFile":
        self.does()
        if name not in self.names:
            self._rename_all({**self.names, name: Inode()})
        return PowerFile(self, self.names[name])

    def read(self, name: str, start: int = 0) -> Iterator[bytes]:
        found = bytes(self.names[name].seen[start:])
        return (found[n : n + 1000] for n in range(0, len(found), 1000))

    def size(self, name: str) -> int | None:
        return len(self.names[name].seen) if name in self.names else None

    def rename(self, old: str, new: str) -> None:
        self.does()
        rest = {name: inode for name, inode in self.names.items() if name != old}
        self._rename_all({**rest, new: self.names[old]})

    def remove(self, name: str) -> None:
        self.does()
        self._rename_all({n: inode for n, inode in self.names.items() if n != name})

    def sync_names(self, name: str) -> None:
        self.does()
        self._folders[_folder(name)] = [self._in(_folder(name))]

    def lock(self, name: str) -> None:
        """Nobody else is here."""

    def unlock(self) -> None:
        """Nobody else is here."""

    def _rename_all(self, names: Names) -> None:
        for folder in {_folder(name) for name in (*names, *self.names)}:
            self._folders.setdefault(folder, [self._in(folder)])
        self.names = names
        for folder, versions in self._folders.items():
            versions.append(self._in(folder))

    def _in(self, folder: str) -> Names:
        return {name: inode for name, inode in self.names.items() if _folder(name) == folder}


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


class PowerFile:
    def __init__(self, disk: PowerDisk, inode: Inode) -> None:
        self._disk = disk
        self._inode = inode
        self._closed = False

    def append(self, data: bytes) -> None:
        if self._closed:
            raise ValueError("closed")
        try:
            self._disk.does()
        except OSError:
            self._inode.seen += data[: len(data) // 2]  # a part may be there all the same
            raise
        self._inode.seen += data

    def sync(self) -> None:
        self._disk.before_sync()
        self._disk.does()
        self._inode.safe = bytes(self._inode.seen)

    def truncate(self, size: int) -> None:
        self._disk.does()
        del self._inode.seen[size:]

    def close(self) -> None:
        self._closed = True
