"""All commits so far, added up in memory: nothing on the hot path searches a file."""

import hashlib
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from bot.domain.facts import Fact, Shelved
from bot.domain.records import to_record
from bot.domain.transcript import Message, merged
from bot.ports import Claim, Commit, Conflict, Fenced, Head, Written

from .lanes import Lanes

KEEP_KEYS = timedelta(hours=24)

Raw = list[list[Any]]


class Index:
    """Says whether a commit fits, and what is true after it."""

    def __init__(self) -> None:
        self.head = Head(0, "")
        self._positions: list[int] = []
        self._feed: list[tuple[int, str, Fact]] = []
        self._streams: defaultdict[str, list[Fact]] = defaultdict(list)
        self._owners: dict[Claim, str] = {}
        self._spent: deque[tuple[datetime, Claim]] = deque()
        self.lanes = Lanes()
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
        if any(self.lanes.fence(job) != job.fence for job in (*commit.finishes, *put_back)):
            raise Fenced

    def apply(self, commit: Commit, at: datetime, told: Raw) -> int:
        """Add the commit up; `told` are its facts as they were written. Return its position."""
        self.head = chained(self.head, told)
        position = self.head.position
        for incident, (_, facts) in commit.streams.items():
            self._streams[incident].extend(facts)
            self._feed.extend((position, incident, fact) for fact in facts)
            self._positions.extend(position for _ in facts)
            if any(isinstance(fact, Shelved) for fact in facts):
                self._take_from_feed(incident)
        self._own(commit, at)
        for job in commit.jobs:
            self.lanes.owe(job)
        for job in commit.finishes:
            self.lanes.finish(job)
        for message in commit.messages:
            room = self._messages[message.channel]
            room[message.ts] = merged(room.get(message.ts), message)
        self.lanes.forget_rests(at)
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

    def _take_from_feed(self, incident: str) -> None:
        """Leave out what an incident's newest Shelved stands for."""
        told = [entry for entry in self._feed if entry[1] == incident]
        newest = max(n for n, (_, _, fact) in enumerate(told) if isinstance(fact, Shelved))
        covered = {id(entry) for entry in told[:newest]}
        self._feed = [entry for entry in self._feed if id(entry) not in covered]
        self._positions = [position for position, _, _ in self._feed]

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


def raw(commit: Commit) -> Raw:
    """Return the commit's facts as records: incident, how many facts before, the facts."""
    streams = sorted(commit.streams.items())
    return [[i, seq, [to_record(fact) for fact in facts]] for i, (seq, facts) in streams]


def written(told: Raw) -> Written:
    """Return the same as the port names it."""
    return [(incident, seq, records) for incident, seq, records in told]


def chained(head: Head, told: Raw) -> Head:
    """Return the head after one more commit: SHA-256 over the hash before and what was written.

    What was written is hashed, not what a newer bot reads in it: the chain outlives upcasters.
    """
    position = head.position + 1
    body = orjson.dumps([position, told], option=orjson.OPT_SORT_KEYS)
    return Head(position, hashlib.sha256(head.hash.encode() + body).hexdigest())
