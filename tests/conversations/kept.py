"""What a bot has kept and still owes, read from outside while it runs."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.journal import Corrupt
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import TinyStore
from bot.domain.facts import Fact
from bot.domain.jobs import TIMED, Kind
from bot.ports import Store
from tests.conversations.stage import PATIENCE, Stage, TooLate

Told = dict[str, list[Fact]]


@asynccontextmanager
async def opened(stage: Stage) -> AsyncIterator[Store]:
    """Give the bot's store: the database itself, or a copy of the folder as it is now."""
    store: Store
    with tempfile.TemporaryDirectory() as folder:
        if stage.database:
            store = await PostgresStore(stage.database, SystemClock()).open()
        else:
            store = await _copied(stage, Path(folder) / "data")
        try:
            yield store
        finally:
            await store.close()


async def _copied(stage: Stage, copy: Path) -> TinyStore:
    """Copy until the copy is whole: the bot may be rewriting what is copied."""
    for _ in range(20):
        try:
            await asyncio.to_thread(shutil.copytree, stage.folder / "data", copy, ignore=_no_files)
            return TinyStore(LocalDisk(copy), SystemClock())
        except (OSError, Corrupt):
            shutil.rmtree(copy, ignore_errors=True)
    raise TooLate("no whole copy of the journal")


def _no_files(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_socket()]


async def facts(stage: Stage) -> Told:
    """Return the facts of every incident, oldest first."""
    told: Told = {}
    async with opened(stage) as store:
        for _, incident, fact in await store.feed():
            told.setdefault(incident, []).append(fact)
    return told


async def owed(stage: Stage) -> datetime | None:
    """Return when something that is owed now can be paid; None if nothing is owed."""
    now = SystemClock().now()
    async with opened(stage) as store:
        hour = await store.next_due(frozenset(Kind) - TIMED)
        return await store.next_due(TIMED) or (hour if hour and hour <= now else None)


async def kinds_owed(stage: Stage) -> dict[str, datetime]:
    """Return the kinds of jobs that there are, and when the first of each can be paid."""
    async with opened(stage) as store:
        due = {str(kind): await store.next_due(frozenset(Kind) - {kind}) for kind in Kind}
    return {kind: at for kind, at in due.items() if at}


async def until_nothing_is_owed(stage: Stage, patience: float = PATIENCE) -> None:
    """Return when the bot has paid all that is not for later."""
    deadline = time.monotonic() + patience
    while await owed(stage):
        if time.monotonic() > deadline:
            msg = f"owed still: {await kinds_owed(stage)}\n{stage.log.read_text()[-6000:]}"
            raise TooLate(msg)
        await asyncio.sleep(0.3)  # a process outside has no clock of ours
