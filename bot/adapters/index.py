"""All commits so far, added up in memory: nothing on the hot path searches a file."""

import hashlib
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from bot.domain.facts import Fact
from bot.domain.jobs import NATURES, PICTURES, Job
from bot.domain.records import to_record
from bot.domain.transcript import Message, merged
from bot.ports import Claim, Commit, Conflict, Fenced, Head, Lease

KEEP_KEYS = timedelta(hours=24)
MANY = 256  # resting pictures, before those that have rested are forgotten

Raw = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Held:
    """A lease: which claim it is, and when it ends."""

    fence: int
    until: datetime


class Index:
    """Says whether a commit fits, and what is true after it."""

    def __init__(self) -> None:
        self.head = Head(0, "")
        self._positions: list[int] = []
        self._feed: list[tuple[int, str, Fact]] = []
        self._streams: defaultdict[str, list[Fact]] = defaultdict(list)
        self._owners: dict[Claim, str] = {}
        self._spent: deque[tuple[datetime, Claim]] = deque()
        self._lanes: defaultdict[str, dict[str, Job]] = defaultdict(dict)
        self._lane_of: dict[str, str] = {}
        self._leases: dict[str, Held] = {}
        self._fences = 0
        self._rest: dict[str, datetime] = {}
        self._messages: defaultdict[str, dict[str, Message]] = defaultdict(dict)

    def check(self, commit: Commit) -> None:
        """Raise Conflict or Fenced unless every part of the commit fits."""
        moved = any(len(self._streams[i]) != seq for i, (seq, _) in commit.streams.items())
        if moved or ("request", commit.request_key) in self._owners:
            raise Conflict
        for claim, owner in commit.claims.items():
            if self._owners.get(claim, owner) != owner:
                raise Conflict(claim)
        put_back = [job for job in commit.jobs if job.fence]
        if any(self._fence(job) != job.fence for job in (*commit.finishes, *put_back)):
            raise Fenced

    def apply(self, commit: Commit, at: datetime, told: Raw) -> int:
        """Add the commit up; `told` are its facts as they were written. Return its position."""
        self.head = chained(self.head, told)
        position = self.head.position
        for incident, (_, facts) in commit.streams.items():
            self._streams[incident].extend(facts)
            self._feed.extend((position, incident, fact) for fact in facts)
            self._positions.extend(position for _ in facts)
        self._own(commit, at)
        for job in commit.jobs:
            self._owe(job)
        for job in commit.finishes:
            self._finish(job)
        for message in commit.messages:
            room = self._messages[message.channel]
            room[message.ts] = merged(room.get(message.ts), message)
        if len(self._rest) > MANY:
            self._rest = {key: until for key, until in self._rest.items() if until > at}
        return position

    def history(self, incident: str, after: int) -> Sequence[Fact]:
        """Return the incident's facts beyond the first `after`."""
        return self._streams[incident][after:] if incident in self._streams else []

    def feed(self, after: int) -> Sequence[tuple[int, str, Fact]]:
        """Return what was committed beyond that position."""
        return self._feed[bisect_right(self._positions, after) :]

    def owner(self, kind: str, key: str) -> str | None:
        """Say who holds the claim."""
        return self._owners.get((kind, key))

    def transcript(self, channel: str) -> Sequence[Message]:
        """Return the channel's messages, oldest first."""
        return sorted(self._messages[channel].values(), key=lambda message: message.ts)

    def claimable(self, lanes: int, lease: Lease) -> list[Job]:
        """Return the heads of the most urgent lanes as they are once leased."""
        heads = [next(iter(lane.values())) for lane in self._lanes.values()]
        due = [job for job in heads if job.due <= lease.at and not self._leased(job, lease.at)]
        due.sort(key=lambda job: (NATURES[job.kind].priority, job.due))
        return [
            replace(job, attempts=job.attempts + 1, fence=self._fences + n)
            for n, job in enumerate(due[:lanes], 1)
        ]

    def lease(self, jobs: Sequence[Job], until: datetime) -> None:
        """Note that these jobs were started."""
        for job in jobs:
            self._lanes[job.lane][job.key] = job
            self._leases[job.key] = Held(job.fence, until)
            self._fences = max(self._fences, job.fence)

    def free(self) -> None:
        """End every lease: whoever held them is gone. What they started counts as an attempt."""
        self._leases.clear()

    def _own(self, commit: Commit, at: datetime) -> None:
        for claim in commit.releases:
            self._owners.pop(claim, None)
        self._owners.update(commit.claims)
        if commit.request_key is not None:
            key = ("request", commit.request_key)
            self._owners[key] = next(iter(commit.streams), "")
            self._spent.append((at, key))
        while self._spent and self._spent[0][0] < at - KEEP_KEYS:
            self._owners.pop(self._spent.popleft()[1], None)

    def _leased(self, job: Job, at: datetime) -> bool:
        held = self._leases.get(job.key)
        return held is not None and at < held.until

    def _fence(self, job: Job) -> int:
        held = self._leases.get(job.key)
        return held.fence if held else -1

    def _owe(self, job: Job) -> None:
        lane = self._lane_of.setdefault(job.key, job.lane)
        held = self._lanes[lane].get(job.key)
        wanted = max(job.wanted_seq, held.wanted_seq) if held else job.wanted_seq
        if job.fence:
            self._leases.pop(job.key)
            self._lanes[lane][job.key] = replace(job, wanted_seq=wanted, fence=0)
        elif held:
            self._lanes[lane][job.key] = replace(held, wanted_seq=wanted)
        else:
            due = max(job.due, self._rest.pop(job.key, job.due))
            self._lanes[lane][job.key] = replace(job, due=due)

    def _finish(self, job: Job) -> None:
        lane = self._lane_of.pop(job.key)
        held = self._lanes[lane].pop(job.key)
        if not self._lanes[lane]:
            del self._lanes[lane]
        del self._leases[job.key]
        if held.wanted_seq > job.wanted_seq:
            self._owe(replace(held, due=job.due, attempts=0, fence=0))
        elif job.kind in PICTURES:
            self._rest[job.key] = job.due


def raw(commit: Commit) -> Raw:
    """Return the commit's facts as records: incident, how many facts before, the facts."""
    streams = sorted(commit.streams.items())
    return [[i, seq, [to_record(fact) for fact in facts]] for i, (seq, facts) in streams]


def chained(head: Head, told: Raw) -> Head:
    """Return the head after one more commit: SHA-256 over the hash before and what was written.

    What was written is hashed, not what a newer bot reads in it: the chain outlives upcasters.
    """
    position = head.position + 1
    body = orjson.dumps([position, told], option=orjson.OPT_SORT_KEYS)
    return Head(position, hashlib.sha256(head.hash.encode() + body).hexdigest())
