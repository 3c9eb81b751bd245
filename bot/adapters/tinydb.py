"""The Store port, kept in TinyDB: one commit is one document."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from tinydb import TinyDB

from bot.domain.facts import Fact
from bot.domain.jobs import Job, Kind, Reply
from bot.domain.records import TooNew, from_record
from bot.domain.transcript import Message
from bot.ports import Clock, Commit, Head, Lease, Unavailable, Written

from .index import Index, raw, written
from .journal import Journal, JournalTable
from .news import News

T = TypeVar("T")


class Commits(TinyDB):
    """TinyDB on our journal."""

    table_class = JournalTable


class TinyStore:
    """All work happens in one thread, so that no two commits are ever half done.

    Opening it may raise Unavailable (held by another process), Corrupt or TooNew.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = Commits(path, storage=Journal)
        self._commits = self._db.table("commits")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tinydb")
        self._clock = clock
        self._index = Index()
        self._news = News()
        with ExitStack() as failing:
            failing.callback(self._db.close)
            self._read()
            failing.pop_all()
        self._index.lanes.free()

    async def commit(self, commit: Commit) -> int:
        """Write all of it or nothing; return its position."""
        position = await self._run(self._write, commit)
        self._news.tell()
        return position

    async def history(self, incident: str, after: int = 0) -> Sequence[Fact]:
        """Return the incident's facts beyond the first `after`."""
        return await self._run(self._index.history, incident, after)

    async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
        """Return what was committed beyond that position."""
        return await self._run(self._index.feed, after)

    async def chronicle(self, after: int = 0) -> AsyncIterator[tuple[int, Written]]:
        """Yield every commit with facts beyond that position, as written."""
        documents: list[Mapping[str, Any]] = await self._run(list, self._commits)
        for document in documents:
            if document.get("position", 0) > after and document["streams"]:
                yield document["position"], written(document["streams"])

    async def beyond(self, position: int) -> int:
        """Wait until there is a commit beyond that position."""
        while self._index.head.position <= position:
            await self._news.wait()
        return self._index.head.position

    async def claim_jobs(
        self, lanes: int, lease: Lease, parked: Collection[Kind] = ()
    ) -> Sequence[Job]:
        """Take jobs; that they were started is on disk before they are."""
        return await self._run(self._claim, lanes, lease, parked)

    async def renew(self, jobs: Sequence[Job], until: datetime) -> Sequence[Job]:
        """Hold jobs longer; a lease ends with its process, so the disk need not know."""
        return await self._run(self._index.lanes.renew, jobs, until)

    async def next_due(self, parked: Collection[Kind] = ()) -> datetime | None:
        """Return when a job can next be claimed."""
        return await self._run(self._index.lanes.next_due, parked)

    async def hold(self, name: str, lease: Lease) -> bool:
        """Take what this process has anyway: nobody else can open the store."""
        return True

    async def owner(self, kind: str, key: str) -> str | None:
        """Say who holds the claim."""
        return await self._run(self._index.owner, kind, key)

    async def transcript(self, channel: str) -> Sequence[Message]:
        """Return the channel's messages as they stand now."""
        return await self._run(self._index.transcript, channel)

    async def head(self) -> Head:
        """Return the newest position and its hash."""
        return await self._run(lambda: self._index.head)

    async def ready(self) -> None:
        """Raise Unavailable once a write has failed; a disk that hangs keeps this waiting."""
        await self._run(lambda: None)
        if self._journal().broken:
            raise Unavailable(self._journal().broken or "")

    async def close(self) -> None:
        """Finish what is being written and let the file go."""
        self._thread.shutdown()
        self._db.close()

    def _journal(self) -> Journal:
        storage = self._db.storage
        if not isinstance(storage, Journal):
            raise TypeError
        return storage

    async def _run(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def _write(self, commit: Commit) -> int:
        self._index.check(commit)
        at, told = self._clock.now(), raw(commit)
        self._commits.insert(
            {"position": self._index.head.position + 1, "at": at.isoformat(), "streams": told}
            | _rest(commit)
        )
        return self._index.apply(commit, at, told)

    def _claim(self, lanes: int, lease: Lease, parked: Collection[Kind]) -> Sequence[Job]:
        jobs = self._index.lanes.claimable(lanes, lease.at, parked)
        if jobs:
            until = lease.until.isoformat()
            self._commits.insert({"leased": [_job_record(job) for job in jobs], "until": until})
            self._index.lanes.lease(jobs, lease.until)
        return jobs

    def _read(self) -> None:
        try:
            for document in self._commits:
                self._replay(document)
        except (KeyError, TypeError, ValueError) as error:  # as it was written, so by a newer bot
            msg = f"This data needs a newer bot: {error!r}."
            raise TooNew(msg) from error

    def _replay(self, document: Mapping[str, Any]) -> None:
        if "leased" in document:
            jobs = [_job(record) for record in document["leased"]]
            self._index.lanes.lease(jobs, datetime.fromisoformat(document["until"]))
        else:
            at = datetime.fromisoformat(document["at"])
            self._index.apply(_commit(document), at, document["streams"])


def _rest(commit: Commit) -> dict[str, object]:
    return {
        "claims": [[*claim, owner] for claim, owner in commit.claims.items()],
        "releases": [list(claim) for claim in commit.releases],
        "jobs": [_job_record(job) for job in commit.jobs],
        "finishes": [_job_record(job) for job in commit.finishes],
        "messages": [asdict(message) for message in commit.messages],
        "request_key": commit.request_key,
    }


def _commit(record: Mapping[str, Any]) -> Commit:
    return Commit(
        streams={
            incident: (after, [from_record(fact) for fact in facts])
            for incident, after, facts in record["streams"]
        },
        claims={(kind, key): owner for kind, key, owner in record["claims"]},
        releases=[(kind, key) for kind, key in record["releases"]],
        jobs=[_job(job) for job in record["jobs"]],
        finishes=[_job(job) for job in record["finishes"]],
        messages=[Message(**message) for message in record["messages"]],
        request_key=record["request_key"],
    )


def _job_record(job: Job) -> dict[str, object]:
    return asdict(job) | {"due": job.due.isoformat()}


def _job(record: Mapping[str, Any]) -> Job:
    reply = Reply(**record["reply"]) if record["reply"] else None
    due = datetime.fromisoformat(record["due"])
    return Job(**{**record, "kind": Kind(record["kind"]), "due": due, "reply": reply})
