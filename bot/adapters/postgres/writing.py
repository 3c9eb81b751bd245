"""A commit as a transaction: whether it fits, and what is true after it."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson

from bot.adapters.documents import Raw, message_from, message_record
from bot.adapters.index import KEEP_KEYS, chained, raw
from bot.adapters.lanes import RESTING
from bot.domain.facts import Shelved
from bot.domain.jobs import NATURES, PICTURES, Job
from bot.domain.transcript import Message, merged
from bot.ports import Claim, Commit, Conflict, Fenced, Head, Unavailable

from .database import Connection, execute

Shape = tuple[str, int]


@dataclass(slots=True)
class Attempt:
    """One commit on its way; once it is `sent`, only the store knows what came of it."""

    commit: Commit
    at: datetime
    shapes: set[Shape]  # that are noted already
    told: Raw = field(init=False)
    token: uuid.UUID = field(default_factory=uuid.uuid4)
    sent: bool = False

    def __post_init__(self) -> None:
        self.told = raw(self.commit)

    async def __call__(self, connection: Connection) -> int:
        """Write all of it or nothing."""
        found = await look(connection, self.commit)
        check(self.commit, found)
        head = chained(found.head, self.told)
        async with connection.pipeline():
            await self._write(connection, head, found)
            await execute(connection, "never_give_up")
        await self._end(connection)
        return head.position

    async def _end(self, connection: Connection) -> None:
        warned: list[str] = []

        def warn(notice: Any) -> None:
            warned.append(notice.message_primary)

        connection.add_notice_handler(warn)
        try:
            self.sent = True
            cursor = await execute(connection, "end")
        finally:
            connection.remove_notice_handler(warn)
        if warned or cursor.statusmessage != "COMMIT":  # not on the replica that it waits for, say
            raise Unavailable(" ".join([cursor.statusmessage or "", *warned]))

    async def _write(self, connection: Connection, head: Head, found: "Found") -> None:
        commit, position, at = self.commit, head.position, self.at
        await execute(
            connection,
            "advance",
            position=position,
            hash=head.hash,
            token=self.token,
            at=at,
            forget=at - KEEP_KEYS,
            many=RESTING,
            told=str(position),
        )
        for part in parts(position, at, self.told):
            await execute(connection, "tell", **part)
        for name, version in shapes(self.told) - self.shapes:
            await execute(connection, "shape", type=name, v=version)
        for incident, seq in put_away(self.told):
            await execute(connection, "put_away", incident=incident, seq=seq)
        await own(connection, commit, at)
        for job in commit.jobs:
            await execute(connection, "put_back" if job.fence else "owe", **job_row(job))
        for job in commit.finishes:
            await finish(connection, job, found.lanes[job.key])
        for message in said(commit.messages, found.messages):
            await say(connection, message)


@dataclass(frozen=True, slots=True)
class Found:
    """What is true before a commit, as far as the commit touches it."""

    head: Head
    lengths: Mapping[str, int]
    owners: Mapping[Claim, str]
    spent: bool
    fences: Mapping[str, int | None]
    lanes: Mapping[str, str]
    messages: Mapping[Claim, Message]


async def look(connection: Connection, commit: Commit) -> Found:
    """Take the head and look at all that the commit touches, in one go."""
    kinds, keys = [kind for kind, _ in commit.claims], [key for _, key in commit.claims]
    touched = [job.key for job in (*commit.finishes, *commit.jobs)]  # locked in one order
    said_at = {
        "channels": [message.channel for message in commit.messages],
        "stamps": [message.ts for message in commit.messages],
    }
    async with connection.pipeline():
        await execute(connection, "begin")
        head = await execute(connection, "lock_head")
        lengths = await execute(connection, "lengths", incidents=list(commit.streams))
        owners = await execute(connection, "owners", kinds=kinds, keys=keys)
        spent = await execute(connection, "spent", key=commit.request_key)
        fences = await execute(connection, "fences", keys=touched)
        messages = await execute(connection, "told", **said_at)
    jobs = await fences.fetchall()
    return Found(
        head=Head(*(await head.fetchall())[0]),
        lengths={incident: upto for incident, upto in await lengths.fetchall()},
        owners={(kind, key): owner for kind, key, owner in await owners.fetchall()},
        spent=bool(await spent.fetchall()),
        fences={key: fence for key, fence, _ in jobs},
        lanes={key: lane for key, _, lane in jobs},
        messages={(m.channel, m.ts): m for m in read_messages(await messages.fetchall())},
    )


def check(commit: Commit, found: Found) -> None:
    """Raise Conflict or Fenced unless every part of the commit fits."""
    moved = any(found.lengths.get(i, 0) != seq for i, (seq, _) in commit.streams.items())
    if moved or found.spent:
        raise Conflict
    for claim, owner in commit.claims.items():
        if found.owners.get(claim, owner) not in {owner, commit.releases.get(claim)}:
            raise Conflict(claim)
    put_back = [job for job in commit.jobs if job.fence]
    if any(found.fences.get(job.key) != job.fence for job in (*commit.finishes, *put_back)):
        raise Fenced


async def own(connection: Connection, commit: Commit, at: datetime) -> None:
    """Let claims go, take others, and spend the request key."""
    for (kind, key), owner in commit.releases.items():
        await execute(connection, "release", kind=kind, key=key, owner=owner)
    for (kind, key), owner in commit.claims.items():
        await execute(connection, "own", kind=kind, key=key, owner=owner)
    if commit.request_key is not None:
        spent_on = next(iter(commit.streams), "")
        await execute(connection, "spend", key=commit.request_key, owner=spent_on, at=at)


async def finish(connection: Connection, job: Job, lane: str) -> None:
    """End a job, and let the next of its lane be first; what shows too little is owed again."""
    row = {"key": job.key, "fence": job.fence, "due": job.due, "wanted_seq": job.wanted_seq}
    await execute(connection, "finish", **row, rests=job.kind in PICTURES)
    await execute(connection, "owe_again", **row)
    await execute(connection, "line_up", lane=lane)


async def say(connection: Connection, message: Message) -> None:
    """Keep a message as it stands now."""
    body = orjson.dumps(message_record(message)).decode()
    await execute(connection, "say", channel=message.channel, ts=message.ts, body=body)


def said(news: Sequence[Message], held: Mapping[Claim, Message]) -> Sequence[Message]:
    """Return how messages stand after the news of them."""
    now = dict(held)
    for message in news:
        known = now.get((message.channel, message.ts))
        now[message.channel, message.ts] = merged(known, message)
    return list(now.values())


def parts(position: int, at: datetime, told: Raw) -> Iterator[dict[str, Any]]:
    """Yield the rows that keep what a commit told."""
    for incident, before, records in told:
        yield {
            "position": position,
            "incident": incident,
            "before": before,
            "count": len(records),
            "at": at,
            "records": orjson.dumps(records).decode(),
        }


def shapes(told: Raw) -> set[Shape]:
    """Return the shapes of the facts."""
    return {(record["type"], record["v"]) for _, _, records in told for record in records}


def put_away(told: Raw) -> Iterator[tuple[str, int]]:
    """Yield the incidents that are put away, and before which of their facts."""
    for incident, before, records in told:
        away = [n for n, record in enumerate(records) if record["type"] == Shelved.__name__]
        if away:
            yield incident, before + away[-1]


def job_row(job: Job) -> dict[str, Any]:
    """Return a job's row."""
    return {
        "key": job.key,
        "kind": job.kind.value,
        "priority": NATURES[job.kind].priority.value,
        "incident": job.incident,
        "lane": job.lane,
        "due": job.due,
        "wanted_seq": job.wanted_seq,
        "attempts": job.attempts,
        "reply": orjson.dumps(asdict(job.reply)).decode() if job.reply else None,
    }


def read_messages(rows: Sequence[tuple[Any, ...]]) -> Sequence[Message]:
    """Read messages."""
    return [message_from(orjson.loads(body)) for (body,) in rows]
