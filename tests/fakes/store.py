"""The Store port, in memory."""

from collections.abc import Sequence

from bot.adapters.index import Index, raw
from bot.domain.facts import Fact
from bot.domain.jobs import Job
from bot.domain.transcript import Message
from bot.ports import Clock, Commit, Head, Lease


class MemoryStore:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.index = Index()

    async def commit(self, commit: Commit) -> int:
        self.index.check(commit)
        return self.index.apply(commit, self.clock.now(), raw(commit))

    async def history(self, incident: str, after: int = 0) -> Sequence[Fact]:
        return self.index.history(incident, after)

    async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
        return self.index.feed(after)

    async def claim_jobs(self, lanes: int, lease: Lease) -> Sequence[Job]:
        jobs = self.index.claimable(lanes, lease)
        self.index.lease(jobs, lease.until)
        return jobs

    async def owner(self, kind: str, key: str) -> str | None:
        return self.index.owner(kind, key)

    async def transcript(self, channel: str) -> Sequence[Message]:
        return self.index.transcript(channel)

    async def head(self) -> Head:
        return self.index.head

    async def ready(self) -> None:
        """Memory is always there."""

    async def close(self) -> None:
        """Nothing to let go."""
