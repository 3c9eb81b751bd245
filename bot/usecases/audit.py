"""Holds the event log against the store, line by line: the first difference, and what it is."""

import enum
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import orjson

from .events import digest, read


class What(enum.StrEnum):
    """What can be wrong with a line."""

    BEHIND = enum.auto()  # from here on the file has nothing
    MISSING = enum.auto()
    EXTRA = enum.auto()
    ALTERED = enum.auto()
    UNCHAINED = enum.auto()
    TORN = enum.auto()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where and how the file differs; `count` lines are missing or extra, `fields` differ."""

    line: int
    what: What
    event_id: str = ""
    count: int = 1
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many lines are right, and what is wrong after them."""

    lines: int
    difference: Difference | None = None


async def audit(file: Iterator[bytes], expected: AsyncIterator[bytes]) -> Verdict:
    """Compare the file's lines, newlines and all, with those that the store gives."""
    lines = 0
    async for text in expected:
        seen = next(file, None)
        if seen is None:
            count = 1 + len([line async for line in expected])
            return Verdict(lines, Difference(lines + 1, What.BEHIND, _name(text), count))
        if seen != text + b"\n":
            return Verdict(lines, await _difference(lines + 1, (text, seen), file, expected))
        lines += 1
    rest = list(file)
    extra = Difference(lines + 1, What.EXTRA, _name(rest[0]), len(rest)) if rest else None
    return Verdict(lines, extra)


async def _difference(
    number: int, lines: tuple[bytes, bytes], file: Iterator[bytes], expected: AsyncIterator[bytes]
) -> Difference:
    text, seen = lines
    name = _name(text)
    if not seen.endswith(b"\n") and text.startswith(seen):
        return Difference(number, What.TORN, name)
    if _name(seen) == name:
        fields = _differing(text, seen)
        what = What.UNCHAINED if fields == ("previous",) else What.ALTERED
        return Difference(number, what, name, fields=fields)
    async for missing, later in _counted(expected):
        if later + b"\n" == seen:
            return Difference(number, What.MISSING, name, missing)
    for extra, later in enumerate(file, 1):
        if later == text + b"\n":
            return Difference(number, What.EXTRA, _name(seen), extra)
    return Difference(number, What.ALTERED, name, fields=_differing(text, seen))


async def _counted(lines: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    count = 0
    async for line in lines:
        count += 1
        yield count, line


def chain(file: Iterator[bytes]) -> Verdict:
    """See whether each line names the hash of the one before; all the lines may be forged."""
    lines, previous = 0, ""
    for seen in file:
        known = read(seen)
        if not seen.endswith(b"\n"):
            return Verdict(lines, Difference(lines + 1, What.TORN))
        if known is None:
            return Verdict(lines, Difference(lines + 1, What.ALTERED))
        if known.previous != previous:
            broken = Difference(lines + 1, What.UNCHAINED, known.event_id, fields=("previous",))
            return Verdict(lines, broken)
        lines, previous = lines + 1, digest(seen[:-1])
    return Verdict(lines)


def _name(text: bytes) -> str:
    known = read(text)
    return known.event_id if known else ""


def _differing(text: bytes, seen: bytes) -> tuple[str, ...]:
    """Name the fields that differ, none if only the bytes do or the line is no line of ours."""
    ours, theirs = _fields(text), _fields(seen)
    if not theirs:
        return ()
    differ = [name for name in {**ours, **theirs} if ours.get(name, ...) != theirs.get(name, ...)]
    return tuple(differ)


def _fields(text: bytes) -> dict[str, object]:
    try:
        found: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    match found:
        case {"payload": {**inner}, **outer}:
            said = {f"payload.{name}": value for name, value in inner.items()}
            return {str(name): value for name, value in outer.items()} | said
        case {**outer}:
            return {str(name): value for name, value in outer.items()}
        case _:
            return {}
