"""RESP, the words that Redis and its clients speak."""

from asyncio import LimitOverrunError, StreamReader
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LONGEST = 1 << 20  # bytes of one argument
MOST = 10_000  # arguments of one command
END = b"\r\n"
RESP2, RESP3 = 2, 3


@dataclass(frozen=True, slots=True)
class Simple:
    """A short answer without quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A refusal: its code, and the words."""

    text: str


Reply: TypeAlias = (
    int | float | str | bytes | Simple | Wrong | Sequence["Reply"] | Mapping[str, "Reply"] | None
)


class ProtocolError(Exception):
    """Tell that what was sent is no command."""


async def command(reader: StreamReader) -> list[bytes]:
    """Return the next command's words; none of them for an empty line."""
    line = await _line(reader)
    if not line.startswith(b"*"):
        return line.split()
    count = _number(line[1:], MOST, "invalid multibulk length")
    words = []
    for _ in range(max(count, 0)):
        head = await _line(reader)
        if not head.startswith(b"$"):
            got = head[:1].decode("latin-1")
            why = f"expected '$', got '{got}'"
            raise ProtocolError(why)
        size = _number(head[1:], LONGEST, "invalid bulk length")
        if size < 0:
            raise ProtocolError("invalid bulk length")
        words.append((await reader.readexactly(size + len(END)))[:-2])
    return words


def written(reply: Reply, protocol: int) -> bytes:
    """Return an answer's bytes in a version of the protocol."""
    match reply:
        case None:
            return b"_\r\n" if protocol == RESP3 else b"$-1\r\n"
        case Simple(text):
            return b"+" + text.encode() + END
        case Wrong(text):
            shown = text.replace("\r", " ").replace("\n", " ")
            return b"-" + shown.encode(errors="surrogateescape") + END
        case int():
            return b":%d\r\n" % reply
        case float():
            return _bulk(f"{reply:.17g}".encode()) if protocol == RESP2 else b",%.17g\r\n" % reply
        case str():
            return _bulk(reply.encode(errors="surrogateescape"))
        case bytes():
            return _bulk(reply)
        case Mapping():
            return _map(reply, protocol)
        case _:
            items = b"".join(written(item, protocol) for item in reply)
            return b"*%d\r\n" % len(reply) + items


def _map(reply: Mapping[str, Reply], protocol: int) -> bytes:
    pairs = ((written(name, protocol), written(item, protocol)) for name, item in reply.items())
    body = b"".join(part for pair in pairs for part in pair)
    head = b"*%d\r\n" % (2 * len(reply)) if protocol == RESP2 else b"%%%d\r\n" % len(reply)
    return head + body


def _bulk(data: bytes) -> bytes:
    return b"$%d\r\n" % len(data) + data + END


async def _line(reader: StreamReader) -> bytes:
    try:
        line = await reader.readuntil(b"\n")
    except LimitOverrunError as error:
        raise ProtocolError("too big inline request") from error
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _number(digits: bytes, most: int, refusal: str) -> int:
    text = digits.removeprefix(b"-")
    if not (text.isdigit() and len(text) < len(str(most)) + 1 and int(text) <= most):
        raise ProtocolError(refusal)
    return int(digits)
