"""The Ledger port, in memory: a file on a disk that may fill up, and lose power at any byte."""

from collections.abc import Sequence

from bot.ports import Held, Tail, Unavailable


class PowerCut(BaseException):
    """The machine is off."""


class Disk:
    """What stays: the bytes of one file (None is no file), and who has it."""

    def __init__(self) -> None:
        self.bytes: bytes | None = None
        self.room: int | None = None  # bytes until it is full
        self.power: int | None = None  # bytes until it is cut
        self.owner: object = None
        self.files = 0  # that were made

    def remove(self) -> None:
        self.bytes, self.owner = None, None


class FakeLedger:
    def __init__(self, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self._file = 0
        self._size = 0
        self.writes = 0

    async def take(self) -> Tail:
        if self.disk.owner not in {None, self}:
            raise Held("another process writes it")
        if self.disk.bytes is None:
            self.disk.bytes = b""
            self.disk.files += 1
        self.disk.owner, self._file, self._size = self, self.disk.files, len(self.disk.bytes)
        whole, newline, torn = self.disk.bytes.rpartition(b"\n")
        if newline and not whole.rpartition(b"\n")[2]:
            self.disk.owner = None
            raise Unavailable("it ends in an empty line")
        return Tail(whole.rpartition(b"\n")[2] if newline else b"", torn)

    async def append(self, lines: Sequence[bytes]) -> None:
        if self.disk.owner is not self or self.disk.bytes is None:
            raise Unavailable("it is not ours")
        if self._file != self.disk.files or len(self.disk.bytes) != self._size:
            await self.release()
            raise Unavailable("it was changed by somebody else")
        data = b"".join(line + b"\n" for line in lines)
        kept = self.disk.bytes[: self.disk.bytes.rfind(b"\n") + 1]
        self.writes += bool(data)
        self._cut_power(kept, data)
        if self.disk.room is not None and len(data) > self.disk.room:
            await self.release()
            raise Unavailable("No space left on device")
        self.disk.bytes = kept + data
        self._size = len(self.disk.bytes)

    def _cut_power(self, kept: bytes, data: bytes) -> None:
        if self.disk.power is None:
            return
        self.disk.power -= len(data)
        if self.disk.power < 0:
            self.disk.bytes = kept + data[: self.disk.power]
            self.disk.owner = None
            raise PowerCut

    async def release(self) -> None:
        if self.disk.owner is self:
            self.disk.owner = None

    async def close(self) -> None:
        await self.release()
