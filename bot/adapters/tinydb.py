"""The Store port, kept in TinyDB: one commit is one document of a journal."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import TypeVar

import structlog
from tinydb import TinyDB

from bot.domain.facts import Fact
from bot.domain.jobs import Job, Kind
from bot.domain.transcript import Message, merged
from bot.ports import Clock, Commit, Head, Lease, Unavailable, Written

from .chronicle import Recent, chronicle
from .compaction import Compaction
from .disk import Disk
from .documents import COMPLETE, Document, NotEmpty
from .frozen import Shelf, messages_told
from .index import Index, written
from .journal import Corrupt, Journal, JournalTable
from .replay import replay, restore
from .shelves import Shelves, batches
from .writer import ASTRAY, Writer

log = structlog.get_logger()

T = TypeVar("T")
JOURNAL, LOCK = "incidents.journal", "incidents.lock"
PAGE = 512  # documents read at once
WORTHWHILE = 4 << 20  # bytes in the journal, before it is rewritten at all
NEVER = 1 << 62
SMALL = 64 << 10  # bytes that may be copied while commits wait


class Commits(TinyDB):
    """TinyDB on our journal."""

    table_class = JournalTable


class TinyStore:
    """What is true is in memory, as far as it is on the disk.

    Opening it may raise Unavailable (Held by another process), Corrupt, TooNew or OSError.
    """

    def __init__(self, disk: Disk, clock: Clock, worthwhile: int = WORTHWHILE) -> None:
        self._disk = disk
        self._worthwhile = worthwhile
        self._index = Index()
        self._shelves = Shelves(disk)
        self._compacting: asyncio.Task[None] | None = None
        self._rewriting = asyncio.Lock()
        with ExitStack() as failing:
            disk.lock(LOCK)
            failing.callback(disk.unlock)
            self._db = Commits(disk, JOURNAL, storage=Journal)
            failing.callback(self._db.close)
            self._journal = _journal(self._db)
            self._read()
            failing.pop_all()
        self._index.lanes.free()
        self._compact_at = 2 * self._journal.size + worthwhile
        self._writer = Writer(self._index, clock, _table(self._db).insert_multiple)
        self._files = ThreadPoolExecutor(2, thread_name_prefix="journal-files")

    async def commit(self, commit: Commit) -> int:
        """Write all of it or nothing; return its position."""
        self._check()
        position = await self._writer.commit(commit)
        self._compact_if_worthwhile()
        return position

    async def history(self, incident: str, after: int = 0) -> Sequence[Fact]:
        """Return the incident's facts beyond the first `after`."""
        shelf = self._index.shelves.get(incident)
        if shelf is None or after >= shelf.facts:
            return self._index.history(incident, after - (shelf.facts if shelf else 0))
        kept = self._index.history(incident, 0)
        earlier = await self._from_files(partial(self._shelves.facts, incident, shelf))
        return [*earlier[after:], *kept]

    async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
        """Return what was committed beyond that position."""
        return self._index.feed(after)

    async def chronicle(self, after: int = 0) -> AsyncIterator[tuple[int, Written]]:
        """Yield every commit with facts beyond that position, as written."""
        async for document in self._told(after):
            yield document["position"], written(document["streams"])

    async def beyond(self, position: int) -> int:
        """Wait until a commit lies beyond that position."""
        while self._index.head.position <= position:
            await self._writer.news.wait()
        return self._index.head.position

    async def claim_jobs(
        self, lanes: int, lease: Lease, parked: Collection[Kind] = ()
    ) -> Sequence[Job]:
        """Take jobs; that they were started is on disk before they are."""
        self._check()
        return await self._writer.claim(lanes, lease, parked)

    async def renew(self, jobs: Sequence[Job], until: datetime) -> Sequence[Job]:
        """Hold jobs longer; a lease ends with its process, so the disk need not know."""
        return self._writer.renew(jobs, until)

    async def next_due(self, parked: Collection[Kind] = ()) -> datetime | None:
        """Return when a job can next be claimed."""
        return self._index.lanes.next_due(parked)

    async def hold(self, name: str, lease: Lease) -> bool:
        """Take what this process has anyway: nobody else can open the store."""
        return True

    async def owner(self, kind: str, key: str) -> str | None:
        """Say who holds the claim."""
        return self._index.owner(kind, key)

    async def owned(self, kind: str) -> Mapping[str, str]:
        """Return every claim of that kind."""
        return self._index.owned(kind)

    async def transcript(self, channel: str) -> Sequence[Message]:
        """Return the channel's messages as they stand now."""
        kept = self._index.transcript(channel)
        incident = self._index.owner("channel", channel)
        shelf = self._index.shelves.get(incident or "")
        if incident is None or shelf is None:
            return kept
        earlier = await self._from_files(partial(self._shelves.messages, incident, shelf))
        said = {message.ts: message for message in earlier if message.channel == channel}
        for message in kept:
            said[message.ts] = merged(said.get(message.ts), message)
        return sorted(said.values(), key=lambda message: message.ts)

    async def said_by(self, author: str) -> Sequence[Message]:
        """Return every message of somebody's, from memory and from files."""
        messages, shelves = self._index.messages(), dict(self._index.shelves)
        said = await self._from_files(partial(self._said, messages, shelves))
        return [message for message in said if message.author == author]

    async def head(self) -> Head:
        """Return the newest position and its hash."""
        return self._index.head

    async def ready(self) -> None:
        """Raise Unavailable once a write has failed; a disk that hangs keeps this waiting."""
        await self._writer.in_turn(lambda: None)
        self._check()

    async def compact(self) -> None:
        """Rewrite the journal without what is over; incidents that are get files of their own."""
        async with self._rewriting:
            await self._rewrite()

    async def _rewrite(self) -> None:
        self._check()
        async with self._writer.quiet():
            frozen = self._index.freeze()
            compaction = Compaction(self._disk, self._journal, frozen, self._index.shelves)
        try:
            await self._from_files(compaction.rewrite)
            while await self._writer.in_turn(compaction.catch_up) > SMALL:
                pass
            await self._writer.in_turn(compaction.switch)
            self._index.put_away(frozen)
        except (OSError, Corrupt, Unavailable):
            await self._from_files(compaction.give_up)
            raise
        finally:
            if self._compact_at != NEVER:
                self._compact_at = 2 * self._journal.size + self._worthwhile

    async def dump(self) -> AsyncIterator[Document]:
        """Yield the documents by which another store is told everything."""
        frozen, told = self._index.freeze(), self._told(0)
        shelves = dict(self._index.shelves)
        yield frozen.format()
        async for document in told:
            yield document
        for document in frozen.state():
            yield document
        for document in messages_told(
            await self._from_files(partial(self._said, frozen.messages, shelves))
        ):
            yield document

    async def load(self, documents: AsyncIterator[Document]) -> None:
        """Take over what another store told; NotEmpty unless this one is empty."""
        if self._journal.size:
            msg = f"there is data in {self._disk} already"
            raise NotEmpty(msg)
        every = [document async for document in documents]
        tried = Index()
        for document in every:
            restore(tried, document)
        await self._writer.in_turn(partial(self._import, every))
        for document in every:
            restore(self._index, document)
        self._writer.recent = Recent(self._index.head.position)
        self._check()

    async def close(self) -> None:
        """Finish what is being written and let the files go."""
        self._compact_at = NEVER
        if self._compacting:
            await asyncio.wait([self._compacting])
        await self._writer.close()
        self._files.shutdown()
        self._db.close()
        self._disk.unlock()

    def _check(self) -> None:
        if self._journal.broken or self._writer.astray:
            raise Unavailable(self._journal.broken or ASTRAY)

    def _compact_if_worthwhile(self) -> None:
        if self._journal.size >= self._compact_at and not self._compacting:
            self._compacting = asyncio.create_task(self._compact())
            self._compacting.add_done_callback(self._compacted)

    async def _compact(self) -> None:
        try:
            await self.compact()
        except (OSError, Corrupt, Unavailable) as error:
            log.warning("journal not compacted", trouble=str(error))

    def _compacted(self, _: asyncio.Task[None]) -> None:
        self._compacting = None

    async def _from_files(self, work: Callable[[], T]) -> T:
        """Do something with files elsewhere than on the loop; files that fail are Unavailable."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._files, work)
        except (OSError, Corrupt) as error:
            raise Unavailable(str(error)) from error

    def _told(self, after: int) -> AsyncIterator[Document]:
        """Return the facts of each commit up to now, from memory or page by page from files."""
        recent = self._writer.recent.after(after)
        if recent is not None:
            return self._paged(iter(recent))
        return self._paged(chronicle(self._disk, JOURNAL, after, self._index.head.position))

    async def _paged(self, documents: Iterator[Document]) -> AsyncIterator[Document]:
        while page := await self._from_files(lambda: list(islice(documents, PAGE))):
            for document in page:
                yield document

    def _said(self, messages: Sequence[Message], shelves: Mapping[str, Shelf]) -> list[Message]:
        """Return every message, those in memory and those in files."""
        said: dict[tuple[str, str], Message] = {}
        earlier = (m for i, shelf in shelves.items() for m in self._shelves.messages(i, shelf))
        for message in (*earlier, *messages):
            key = (message.channel, message.ts)
            said[key] = merged(said.get(key), message)
        return list(said.values())

    def _import(self, documents: Sequence[Document]) -> None:
        """Write all of it beside, and put it in the journal's place at once."""
        name = f"{JOURNAL}.new"
        self._disk.remove(name)
        new = Journal(self._disk, name)
        for some in batches(chain(documents, [COMPLETE])):
            new.extend(some)
        new.sync()
        self._journal.replace(new)

    def _read(self) -> None:
        whole = True
        for document in self._journal.documents():
            replay(self._index, document)
            whole = "complete" in document or (whole and "format" not in document)
        if not whole:
            raise Corrupt(JOURNAL, self._journal.size)


def _journal(db: Commits) -> Journal:
    storage = db.storage
    if not isinstance(storage, Journal):
        raise TypeError
    return storage


def _table(db: Commits) -> JournalTable:
    table = db.table("commits")
    if not isinstance(table, JournalTable):
        raise TypeError
    return table
