"""All commits so far, added up in memory: nothing on the hot path searches a file."""

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import orjson

from bot.domain.facts import Fact, Shelved
from bot.domain.records import to_record
from bot.domain.transcript import Message, merged
from bot.ports import Claim, Commit, Conflict, Fenced, Head, Written

from .documents import Raw
from .frozen import Frozen, Shelf
from .lanes import Lanes

KEEP_KEYS = timedelta(hours=24)


class Index:
    """Says whether a commit fits, and what is true after it."""

    def __init__(self) -> None:
        self.head = Head(0, "")
        self.lanes = Lanes()
        self.shelves: dict[str, Shelf] = {}
        self._positions: list[int] = []
        self._feed: list[tuple[int, str, Fact]] = []
        self._streams: defaultdict[str, list[Fact]] = defaultdict(list)
        self._fed: Counter[str] = Counter()
        self._last: dict[str, int] = {}
        self._shelved: set[str] = set()
        self._owners: dict[Claim, str] = {}
        self._owned: defaultdict[str, dict[str, str]] = defaultdict(dict)  # without request keys
        self._spent: deque[tuple[datetime, Claim]] = deque()
        self._messages: defaultdict[str, dict[str, Message]] = defaultdict(dict)

    def check(self, commit: Commit) -> None:
        """Raise Conflict or Fenced unless every part of the commit fits."""
        moved = any(self.facts(i) != seq for i, (seq, _) in commit.streams.items())
        if moved or ("request", commit.request_key) in self._owners:
            raise Conflict
        for claim, owner in commit.claims.items():
            if self._owners.get(claim, owner) not in {owner, commit.releases.get(claim)}:
                raise Conflict(claim)
        put_back = [job for job in commit.jobs if job.fence]
        if any(self.lanes.fence(job) != job.fence for job in (*commit.finishes, *put_back)):
            raise Fenced

    def apply(self, commit: Commit, at: datetime, head: Head) -> None:
        """Add the commit up; with it the head is this one."""
        self.head = head
        for incident, (_, facts) in sorted(commit.streams.items()):
            self.tell(head.position, incident, facts)
        self._own(commit, at)
        for job in commit.jobs:
            self.lanes.owe(job)
        for job in commit.finishes:
            self.lanes.finish(job)
        for message in commit.messages:
            self.hear(message)
        self.lanes.forget_rests(at)

    def tell(self, position: int, incident: str, facts: Sequence[Fact]) -> None:
        """Add facts to an incident and to the feed."""
        self._streams[incident].extend(facts)
        self._last[incident] = position
        self._feed.extend((position, incident, fact) for fact in facts)
        self._positions.extend(position for _ in facts)
        fed = self._fed[incident]
        self._fed[incident] += len(facts)
        if _shelved(facts):
            self._shelved.add(incident)
            first, *others = facts
            if fed or not isinstance(first, Shelved) or _shelved(others):
                self._take_from_feed(incident)

    def hear(self, message: Message) -> None:
        """Add what was said, or what became of it."""
        room = self._messages[message.channel]
        room[message.ts] = merged(room.get(message.ts), message)

    def facts(self, incident: str) -> int:
        """Return how many facts the incident has."""
        shelf = self.shelves.get(incident)
        return len(self._streams.get(incident, ())) + (shelf.facts if shelf else 0)

    def history(self, incident: str, after: int) -> Sequence[Fact]:
        """Return the incident's facts in memory, beyond the first `after` of those."""
        return self._streams.get(incident, [])[after:]

    def feed(self, after: int) -> Sequence[tuple[int, str, Fact]]:
        """Return what was committed beyond that position."""
        return self._feed[bisect_right(self._positions, after) :]

    def owner(self, kind: str, key: str) -> str | None:
        """Say who holds the claim."""
        return self._owners.get((kind, key))

    def owned(self, kind: str) -> Mapping[str, str]:
        """Return every claim of that kind."""
        return dict(sorted(self._owned[kind].items()))

    def transcript(self, channel: str) -> Sequence[Message]:
        """Return the channel's messages in memory, oldest first."""
        room = self._messages.get(channel, {})
        return sorted(room.values(), key=lambda message: message.ts)

    def messages(self) -> list[Message]:
        """Return every message in memory."""
        return [message for room in self._messages.values() for message in room.values()]

    def freeze(self) -> Frozen:
        """Return what is true now beside the facts; it stays as it is."""
        spent = [(at, key, self._owners[kind, key]) for at, (kind, key) in self._spent]
        rooms = {key: owner for (kind, key), owner in self._owners.items() if kind == "channel"}
        heard = {rooms[room] for room in self._messages if room in rooms}
        full = {i for i in self._shelved if self._streams.get(i) or i in heard}
        return Frozen(
            self.head,
            self.lanes.fences,
            [(*c, owner) for c, owner in self._owners.items() if c[0] != "request"],
            spent,
            list(self.lanes.jobs()),
            self.lanes.rests(),
            self.messages(),
            {**self.shelves, **{i: Shelf(self.facts(i), self._last[i]) for i in full}},
            {i: [room for room, owner in rooms.items() if owner == i] for i in full},
        )

    def put_away(self, frozen: Frozen) -> None:
        """Forget what is in files now."""
        for incident in frozen.moving:
            before, now = self.shelves.get(incident), frozen.shelves[incident]
            del self._streams[incident][: now.facts - (before.facts if before else 0)]
        for message in frozen.moved_messages():
            room = self._messages[message.channel]
            if room[message.ts] is message:
                del room[message.ts]
        for channel in [channel for channel, room in self._messages.items() if not room]:
            del self._messages[channel]
        self.shelves = dict(frozen.shelves)

    def begin(self, head: Head, fences: int) -> None:
        """Go on from where another store, or an earlier journal, was."""
        self.head, self.lanes.fences = head, fences

    def tell_again(self, position: int, told: Sequence[tuple[str, int, Sequence[Fact]]]) -> None:
        """Add facts to the feed, and those that are in no other file to their incidents."""
        for incident, seq, facts in told:
            self.tell(position, incident, facts)
            shelf, kept = self.shelves.get(incident), self._streams[incident]
            if shelf and seq < shelf.facts:
                del kept[len(kept) - len(facts) : len(kept) - len(facts) + shelf.facts - seq]

    def own(self, kind: str, key: str, owner: str) -> None:
        """Note who holds a claim."""
        self._owners[kind, key] = owner
        self._owned[kind][key] = owner

    def disown(self, kind: str, key: str) -> None:
        """Let go of a claim, whoever holds it."""
        self._owners.pop((kind, key), None)
        self._owned[kind].pop(key, None)

    def spend(self, key: str, owner: str, at: datetime) -> None:
        """Note what a request key was spent on."""
        self._owners["request", key] = owner
        self._spent.append((at, ("request", key)))

    def _take_from_feed(self, incident: str) -> None:
        """Leave out what an incident's newest Shelved stands for."""
        told = [entry for entry in self._feed if entry[1] == incident]
        newest = max(n for n, (_, _, fact) in enumerate(told) if isinstance(fact, Shelved))
        covered = {id(entry) for entry in told[:newest]}
        self._fed[incident] -= newest
        self._feed = [entry for entry in self._feed if id(entry) not in covered]
        self._positions = [position for position, _, _ in self._feed]

    def _own(self, commit: Commit, at: datetime) -> None:
        for claim, owner in commit.releases.items():
            if self._owners.get(claim) == owner:
                self.disown(*claim)
        for claim, owner in commit.claims.items():
            self.own(*claim, owner)
        if commit.request_key is not None:
            self.spend(commit.request_key, next(iter(commit.streams), ""), at)
        while self._spent and self._spent[0][0] < at - KEEP_KEYS:
            self._owners.pop(self._spent.popleft()[1], None)


def _shelved(facts: Sequence[Fact]) -> bool:
    return any(isinstance(fact, Shelved) for fact in facts)


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
