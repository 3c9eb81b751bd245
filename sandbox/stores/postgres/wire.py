"""Messages between a client and the server: protocol version 3."""

import struct
from asyncio import StreamReader
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import PROTOCOL, Fatal, SqlError
from .kinds import Kind
from .planning import Field

VERSION_3 = 196608
CANCEL, SSL, GSS = 80877102, 80877103, 80877104
SHORTEST_STARTUP, LONGEST_STARTUP = 8, 10_000
LONGEST = 1 << 20  # bytes of one message
AUTHENTICATED = b"\0\0\0\0"
CLEARTEXT = b"\0\0\0\3"


@dataclass(frozen=True, slots=True)
class Message:
    """What a client sends: its kind, and the rest."""

    kind: bytes
    body: bytes


class Body:
    """Reads a message's parts one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def text(self) -> str:
        """Return the text up to the next zero."""
        end = self._data.find(b"\0", self._place)
        if end < 0:
            raise malformed()
        found, self._place = self._data[self._place : end], end + 1
        return decoded(found)

    def short(self) -> int:
        """Return a number of two bytes."""
        return int.from_bytes(self.take(2), signed=True)

    def long(self) -> int:
        """Return a number of four bytes."""
        return int.from_bytes(self.take(4), signed=True)

    def take(self, size: int) -> bytes:
        """Return so many bytes."""
        if size < 0 or self._place + size > len(self._data):
            raise malformed()
        self._place += size
        return self._data[self._place - size : self._place]

    def sized(self) -> bytes | None:
        """Return the bytes whose number stands before them, or None."""
        size = self.long()
        return None if size == -1 else self.take(size)


def decoded(data: bytes) -> str:
    """Return the text that the bytes are."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        words = 'invalid byte sequence for encoding "UTF8"'
        raise SqlError("22021", words) from error


def malformed() -> Fatal:
    """Return the refusal of what is no message."""
    return Fatal(PROTOCOL, "invalid message format")


async def startup(reader: StreamReader) -> tuple[int, Body]:
    """Return the first message: what is asked for, and the rest."""
    size = int.from_bytes(await reader.readexactly(4))
    if not SHORTEST_STARTUP <= size <= LONGEST_STARTUP:
        raise Fatal(PROTOCOL, "invalid length of startup packet")
    body = await reader.readexactly(size - 4)
    return int.from_bytes(body[:4]), Body(body[4:])


async def message(reader: StreamReader) -> Message:
    """Return the next message."""
    head = await reader.readexactly(5)
    size = int.from_bytes(head[1:]) - 4
    if not 0 <= size <= LONGEST:
        raise Fatal(PROTOCOL, "invalid message length")
    return Message(head[:1], await reader.readexactly(size))


def packet(kind: bytes, body: bytes = b"") -> bytes:
    """Return a message."""
    return kind + struct.pack("!i", len(body) + 4) + body


def text(value: str) -> bytes:
    """Return a text with the zero that ends it."""
    return value.replace("\0", "").encode() + b"\0"


def statuses(settings: Mapping[str, str]) -> bytes:
    """Return what tells a client of settings."""
    pairs = settings.items()
    return b"".join(packet(b"S", text(name) + text(value)) for name, value in pairs)


def ready(status: bytes) -> bytes:
    """Return what says that the next statement may come."""
    return packet(b"Z", status)


def complaint(error: SqlError) -> bytes:
    """Return what tells of an error."""
    severity = "FATAL" if isinstance(error, Fatal) else "ERROR"
    return packet(b"E", _fields(severity, error.code, error.message, error.hint))


def warning(words: str, code: str = "01000") -> bytes:
    """Return what tells of a warning."""
    return packet(b"N", _fields("WARNING", code, words, ""))


def described(fields: Sequence[Field] | None, formats: Sequence[int]) -> bytes:
    """Return the columns of an answer, or that there is none."""
    if fields is None:
        return packet(b"n")
    parts = [struct.pack("!h", len(fields))]
    for field, format_ in zip(fields, formats, strict=True):
        kind = field.kind
        parts.append(text(field.name))
        parts.append(struct.pack("!IhIhih", 0, 0, kind.oid, kind.size, -1, format_))
    return packet(b"T", b"".join(parts))


def parameters(kinds: Sequence[Kind]) -> bytes:
    """Return the types of a statement's parameters."""
    body = b"".join(struct.pack("!I", kind.oid) for kind in kinds)
    return packet(b"t", struct.pack("!h", len(kinds)) + body)


def row(values: Iterable[bytes | None]) -> bytes:
    """Return one row."""
    cells = [_sized(value) for value in values]
    return packet(b"D", struct.pack("!h", len(cells)) + b"".join(cells))


def _sized(cell: bytes | None) -> bytes:
    return struct.pack("!i", -1) if cell is None else struct.pack("!i", len(cell)) + cell


def _fields(severity: str, code: str, message: str, hint: str) -> bytes:
    told = {"S": severity, "V": severity, "C": code, "M": message, "H": hint}
    return b"".join(name.encode() + text(v) for name, v in told.items() if v) + b"\0"
