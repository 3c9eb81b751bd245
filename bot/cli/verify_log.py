"""Compares the event log with the store, and a hash that was posted with the store's history."""

import argparse
import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.events import whole_and_torn
from bot.adapters.index import chained
from bot.adapters.journal import Corrupt
from bot.domain.records import TooNew
from bot.ports import Head, Held, Store, Unavailable
from bot.render import Wording
from bot.settings import Environment, Mistakes, read_environment
from bot.usecases.audit import Verdict, What, audit, chain
from bot.usecases.events import START, Events

from .stores import opened

ANYWHERE = 0
UNFINISHED = (What.BEHIND, What.TORN)  # so a log looks while somebody writes it


@dataclass(frozen=True, slots=True)
class Seal:
    """What became of a hash that was posted, of that position; `newest` is the store's now."""

    posted: Head
    stood_at: int | None
    newest: int
    sound: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. Without a verdict, `trouble` is why; `alone` is without the store."""

    file: Path
    verdict: Verdict | None = None
    alone: bool = False
    in_use: bool = False
    seal: Seal | None = None
    head_waits: bool = False
    trouble: str = ""

    @property
    def status(self) -> int:
        """Return 0 if all is as the store has it, 1 if something is not, 2 if nobody knows."""
        if self.verdict is None:
            return 2
        if self.in_use and self.verdict.difference and self.verdict.difference.what in UNFINISHED:
            return 2
        broken = self.seal and (self.seal.stood_at is None or not self.seal.sound)
        if self.verdict.difference or broken:
            return 1
        return 2 if self.alone else 0


def posted(text: str) -> Head:
    """Read HASH or POSITION:HASH as it was posted."""
    found = re.fullmatch(r"(?:([1-9][0-9]{0,17}):)?([0-9a-f]{64})", text.strip("` "))
    if not found:
        raise argparse.ArgumentTypeError("it has to be HASH or POSITION:HASH, as it was posted")
    return Head(int(found[1] or ANYWHERE), found[2])


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options."""
    parser.add_argument("--head", type=posted, help="HASH or POSITION:HASH posted in a channel")


def run(args: argparse.Namespace) -> int:
    """Print what was found; return its status."""
    try:
        environment = read_environment()
    except Mistakes as mistakes:
        print(mistakes)
        return 2
    report = asyncio.run(examined(environment, args.head))
    print(Wording().report("verify_log", report=report))
    return report.status


async def examined(environment: Environment, head: Head | None) -> Report:
    """Compare, as far as that is possible now."""
    file = environment.event_log
    try:
        try:
            store = await opened(environment)
        except Held:
            alone = chain(_lines(file))
            return Report(file, alone, alone=True, head_waits=head is not None)
        try:
            verdict = await audit(_lines(file), Events(store).since(START))
            seal, in_use = (
                await sealed(store, head) if head else None,
                bool(environment.database_url),
            )
            return Report(file, verdict, in_use=in_use, seal=seal)
        finally:
            await store.close()
    except (Unavailable, Corrupt, TooNew, OSError) as error:
        return Report(file, trouble=str(error))


def _lines(file: Path) -> Iterator[bytes]:
    return whole_and_torn(file) if file.exists() else iter(())


async def sealed(store: Store, head: Head) -> Seal:
    """Say where the store's history stood at what was posted, and whether it adds up at all."""
    stood_at, newest = None, await store.head()
    sound = newest == Head(0, "")
    async for known in heads(store, newest.position):
        if known.hash == head.hash and head.position in {ANYWHERE, known.position}:
            stood_at = known.position
        sound = sound or known == newest
    return Seal(head, stood_at, newest.position, sound)


async def heads(store: Store, newest: int) -> AsyncIterator[Head]:
    """Yield every head up to this position, reckoned again from the facts as they are now."""
    head = Head(0, "")
    async for position, streams in store.chronicle():
        while head.position < position - 1:
            head = chained(head, [])
            yield head
        head = chained(head, [[incident, n, list(records)] for incident, n, records in streams])
        yield head
    while head.position < newest:
        head = chained(head, [])
        yield head
