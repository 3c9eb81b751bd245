"""What a cache holds: keys with sizes and lifetimes, in some memory."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from zlib import crc32

from sandbox.clock import Clock

DATABASES = 16
BASE = 900_000  # bytes that an empty server takes
OVERHEAD = 56  # bytes a key takes beside its name and value
SAMPLES = 5
LRU, NEVER = "allkeys-lru", "noeviction"


class OutOfMemoryError(Exception):
    """Tell that nothing more is taken in, as nothing may be evicted."""


@dataclass(slots=True)
class Key:
    """One entry and the bytes that it takes; without a value it only takes its place."""

    size: int
    kind: str = "string"
    value: bytes | None = None
    expires_at: float | None = None
    used_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Flushed:
    """A database that somebody emptied: when, and how many keys were lost."""

    database: int
    at: float
    keys: int


@dataclass(slots=True)
class Counters:
    """What the server has counted."""

    hits: int = 0
    misses: int = 0
    evicted: int = 0
    expired: int = 0
    connections: int = 0
    commands: int = 0


@dataclass(slots=True)
class _Database:
    keys: dict[str, Key] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    order: list[tuple[int, str]] = field(default_factory=list)
    added: list[tuple[int, str]] = field(default_factory=list)

    def add(self, name: str, key: Key) -> None:
        self.keys[name] = key
        if name not in self.listed:
            self.listed.add(name)
            self.added.append((place_of(name), name))

    def ordered(self) -> list[tuple[int, str]]:
        """Return the names by their places; some may be gone."""
        if self.added or len(self.order) > 2 * len(self.keys) + DATABASES:
            found = [pair for pair in self.order + self.added if pair[1] in self.keys]
            self.order, self.added = sorted(found), []
            self.listed = set(self.keys)
        return self.order


class Keyspace:
    """The keys of all databases. The shop puts, reads and tallies; commands look and flush."""

    def __init__(
        self, clock: Clock, random: Random, maxmemory: int = 0, policy: str = NEVER
    ) -> None:
        self.clock = clock
        self.maxmemory = maxmemory
        self.policy = policy
        self.counters = Counters()
        self.started = clock.now()
        self.peak = BASE
        self._random = random
        self._databases = [_Database() for _ in range(DATABASES)]
        self._size = 0
        self._flushed = list[Flushed]()

    @property
    def used(self) -> int:
        """Return how many bytes are taken."""
        return BASE + self._size

    def put(self, name: str, key: Key, database: int = 0, lasts: float | None = None) -> None:
        """Keep something for so many seconds, or for ever; evict what was not used for long."""
        now, held = self.clock.now(), self._databases[database]
        self.remove([name], database)
        self._make_room(key.size, held)
        key.expires_at, key.used_at = None if lasts is None else now + lasts, now
        held.add(name, key)
        self._size += key.size
        self.peak = max(self.peak, self.used)

    def find(self, name: str, database: int = 0) -> Key | None:
        """Return an entry that has not expired, without counting or using it."""
        key = self._databases[database].keys.get(name)
        if key and key.expires_at is not None and key.expires_at <= self.clock.now():
            self.counters.expired += self.remove([name], database)
            return None
        return key

    def read(self, name: str, database: int = 0) -> Key | None:
        """Return an entry, and count whether there was one."""
        key = self.find(name, database)
        if key:
            key.used_at = self.clock.now()
        self.tally(hits=int(key is not None), misses=int(key is None))
        return key

    def tally(self, *, hits: int = 0, misses: int = 0) -> None:
        """Count reads that were not made one by one."""
        self.counters.hits += hits
        self.counters.misses += misses

    def remove(self, names: Iterable[str], database: int = 0) -> int:
        """Take keys out; return how many there were."""
        held, count = self._databases[database].keys, 0
        for name in names:
            if key := held.pop(name, None):
                self._size -= key.size
                count += 1
        return count

    def flush(self, database: int) -> None:
        """Empty a database."""
        keys = self._databases[database].keys
        self._flushed.append(Flushed(database, self.clock.now(), len(keys)))
        self._size -= sum(key.size for key in keys.values())
        self._databases[database] = _Database()

    def flushed(self) -> list[Flushed]:
        """Return what was emptied since this was last asked."""
        found, self._flushed = self._flushed, []
        return found

    def advance(self) -> None:
        """Let all that has expired by now be gone."""
        now = self.clock.now()
        for number, held in enumerate(self._databases):
            gone = [n for n, key in held.keys.items() if (key.expires_at or now + 1) <= now]
            self.counters.expired += self.remove(gone, number)

    def names(self, pattern: str = "*", database: int = 0) -> Iterator[str]:
        """Return the names that are like the pattern."""
        self.advance()
        test = like(pattern)
        return (name for name in list(self._databases[database].keys) if test(name))

    def counts(self, database: int) -> tuple[int, int]:
        """Return how many keys there are, and how many of them will expire."""
        self.advance()
        keys = self._databases[database].keys
        return len(keys), sum(key.expires_at is not None for key in keys.values())

    def page(self, cursor: int, count: int, database: int = 0) -> tuple[int, list[str]]:
        """Return some names from a place on, and the place to go on at: 0 at the end.

        What is there from the first page to the last is on one of them, whatever comes and goes.
        """
        order, found = self._databases[database].ordered(), list[str]()
        start = bisect_left(order, (cursor, ""))
        for number, (place, name) in enumerate(order[start:], start):
            if len(found) >= count and place != order[number - 1][0]:
                return place, found
            if self.find(name, database):
                found.append(name)
        return 0, found

    def any_name(self, database: int = 0) -> str | None:
        """Return a name by chance."""
        order = self._databases[database].ordered()
        alive = [name for _place, name in order if self.find(name, database)]
        return self._random.choice(alive) if alive else None

    def _make_room(self, size: int, held: _Database) -> None:
        while self.maxmemory and self.used + size > self.maxmemory:
            if self.policy != LRU or not held.keys:
                raise OutOfMemoryError
            order = held.ordered()
            drawn = (self._random.choice(order)[1] for _ in range(SAMPLES))
            alive = [name for name in drawn if name in held.keys]
            oldest = min(alive or held.keys, key=lambda name: held.keys[name].used_at)
            self._size -= held.keys.pop(oldest).size
            self.counters.evicted += 1


def place_of(name: str) -> int:
    """Return where a key stands among the others; never 0, where a scan begins."""
    return crc32(name.encode(errors="surrogateescape")) + 1


def like(pattern: str) -> Callable[[str], bool]:
    """Return what tests names against a pattern as Redis has it: byte by byte."""
    test = _compiled(_bytes(pattern))
    return lambda name: test.fullmatch(_bytes(name)) is not None


def _bytes(text: str) -> str:
    return text.encode(errors="surrogateescape").decode("latin-1")


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.findall(r"\\.|\[\^?(?:\\.|[^\]\\])*\]?|\*+|\?|[^\\\[*?]+|\\$", pattern, re.DOTALL)
    return re.compile("".join(map(_piece, parts)), re.DOTALL)


def _piece(part: str) -> str:
    match part[0]:
        case "*":
            return ".*"
        case "?":
            return "."
        case "[":
            return _set(part[1:].removesuffix("]"))
        case "\\":
            return re.escape(part[1:] or part)
        case _:
            return re.escape(part)


def _set(inner: str) -> str:
    negated = inner.startswith("^")
    pieces = re.findall(r"\\.|.-.|.", inner.removeprefix("^"), re.DOTALL)
    found = []
    for piece in pieces:
        if len(piece) == len("a-z"):
            first, last = sorted((piece[0], piece[-1]))
            found.append(f"{re.escape(first)}-{re.escape(last)}")
        else:
            found.append(re.escape(piece.removeprefix("\\") or piece))
    if not found:
        return "." if negated else r"(?!)"
    return f"[{'^' if negated else ''}{''.join(found)}]"
