"""Copies everything from one store to another, which is empty, and compares the two."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.documents import Document, NotEmpty
from bot.adapters.journal import Corrupt
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.domain.records import TooNew
from bot.ports import Head, Unavailable, Written
from bot.render import Wording
from bot.settings import is_postgres

STEP = 10_000  # facts


class Movable(Protocol):
    """A store that can be copied."""

    def dump(self) -> AsyncIterator[Document]:
        """Yield everything."""

    async def load(self, documents: AsyncIterator[Document]) -> None:
        """Take everything."""

    async def head(self) -> Head:
        """Return the newest position and its hash."""

    def chronicle(self, after: int = 0) -> AsyncIterator[tuple[int, Written]]:
        """Yield every commit with facts."""

    async def close(self) -> None:
        """Let go."""


class Different(Exception):
    """The copy is not the same; the message says from which document on."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied."""

    head: Head
    documents: int
    facts: int


def arguments(parser: argparse.ArgumentParser) -> None:
    """Ask for the two stores."""
    place = "a DATA_DIR, or the URL of a PostgreSQL database"
    parser.add_argument("--from", dest="source", required=True, metavar="PLACE", help=place)
    parser.add_argument("--to", dest="target", required=True, metavar="PLACE", help=place)


def run(given: argparse.Namespace) -> int:
    """Copy, compare and print; return 1 if there is a problem."""
    wording = Wording()

    def tell(facts: int) -> None:
        print(wording.report("migrate_store", step=facts, copied=None, trouble=None))

    try:
        copied = asyncio.run(migrated(given.source, given.target, tell))
    except (Unavailable, Corrupt, TooNew, NotEmpty, Different, OSError) as error:
        print(wording.report("migrate_store", step=None, copied=None, trouble=error))
        return 1
    print(wording.report("migrate_store", step=None, copied=copied, trouble=None))
    return 0


async def migrated(source: str, target: str, tell: Callable[[int], None]) -> Copied:
    """Open both places, and copy the one to the other."""
    if not is_postgres(source) and not (Path(source) / JOURNAL).exists():
        msg = f"there is no {JOURNAL} in {source}"
        raise Unavailable(msg)
    async with AsyncExitStack() as opened:
        stores = []
        for place in (source, target):
            store = await _opened(place)
            opened.push_async_callback(store.close)
            stores.append(store)
        return await copy(stores[0], stores[1], tell)


async def copy(source: Movable, target: Movable, tell: Callable[[int], None]) -> Copied:
    """Copy a store and compare every document; `tell` hears of each step."""
    await target.load(_counted(source.dump(), tell))
    documents, facts = await _compared(source, target)
    if await source.head() != await target.head():
        raise Different("head")
    return Copied(await target.head(), documents, facts)


async def _counted(
    documents: AsyncIterator[Document], tell: Callable[[int], None]
) -> AsyncIterator[Document]:
    facts = 0
    async for document in documents:
        yield document
        before, facts = facts, facts + _facts(document)
        for step in range(before // STEP + 1, facts // STEP + 1):
            tell(step * STEP)


async def _compared(source: Movable, target: Movable) -> tuple[int, int]:
    """Return how many documents and facts are the same in both; Different if any is not."""
    there, here, facts = source.dump(), target.dump(), 0
    for number in count():
        one, other = await anext(there, None), await anext(here, None)
        if one != other:
            raise Different(str(number + 1))
        if one is None:
            return number, facts
        facts += _facts(one)
    raise AssertionError


def _facts(document: Document) -> int:
    return sum(len(records) for _, _, records in document.get("streams", ()))


async def _opened(place: str) -> Movable:
    if is_postgres(place):
        return await PostgresStore(place, SystemClock()).open()
    return TinyStore(LocalDisk(Path(place)), SystemClock())
