"""The Store port, in memory."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime

from bot.adapters.documents import Raw
from bot.adapters.form import check_form
from bot.adapters.index import Index, chained, raw, written
from bot.adapters.news import News
from bot.domain.facts import Fact
from bot.domain.jobs import Job, Kind
from bot.domain.transcript import Message
from bot.ports import Clock, Commit, Head, Lease, Written


class MemoryStore:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.index = Index()
        self.news = News()
        self.written: list[tuple[int, Raw]] = []

    async def commit(self, commit: Commit) -> int:
        check_form(commit)
        self.index.check(commit)
        told = raw(commit)
        head = chained(self.index.head, told)
        self.index.apply(commit, self.clock.now(), head)
        self.written.append((head.position, told))
        self.news.tell()
        return head.position

    async def history(self, incident: str, after: int = 0) -> Sequence[Fact]:
        return self.index.history(incident, after)

    async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
        return self.index.feed(after)

    async def chronicle(self, after: int = 0) -> AsyncIterator[tuple[int, Written]]:
        for position, told in list(self.written):
            if position > after and told:
                yield position, written(told)

    async def beyond(self, position: int) -> int:
        while self.index.head.position <= position:
            await self.news.wait()
        return self.index.head.position

    async def claim_jobs(
        self, lanes: int, lease: Lease, parked: Collection[Kind] = ()
    ) -> Sequence[Job]:
        jobs = self.index.lanes.claimable(lanes, lease.at, parked)
        self.index.lanes.lease(jobs, lease.until)
        return jobs

    async def renew(self, jobs: Sequence[Job], until: datetime) -> Sequence[Job]:
        return self.index.lanes.renew(jobs, until)

    async def next_due(self, parked: Collection[Kind] = ()) -> datetime | None:
        return self.index.lanes.next_due(parked)

    async def hold(self, name: str, lease: Lease) -> bool:
        return True

    async def owner(self, kind: str, key: str) -> str | None:
        return self.index.owner(kind, key)

    async def owned(self, kind: str) -> Mapping[str, str]:
        return self.index.owned(kind)

    async def transcript(self, channel: str) -> Sequence[Message]:
        return self.index.transcript(channel)

    async def said_by(self, author: str) -> Sequence[Message]:
        return [message for message in self.index.messages() if message.author == author]

    async def head(self) -> Head:
        return self.index.head

    async def ready(self) -> None:
        """Memory is always there."""

    async def close(self) -> None:
        """Nothing to let go."""
