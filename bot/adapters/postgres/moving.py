"""A whole store as documents, out of PostgreSQL and into it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson

from bot.adapters.documents import (
    FORMAT,
    Document,
    NotEmpty,
    Raw,
    job_from,
    message_from,
    message_record,
)
from bot.domain.records import TooNew

from .database import Connection, execute
from .queries import queries
from .writing import job_row, parts, put_away, say, shapes

PAGE = 500

Row = tuple[Any, ...]


async def dump(connection: Connection) -> AsyncIterator[Document]:
    """Yield the whole store; the connection sees one state of it until then."""
    await execute(connection, "read_everything")
    ((position, chain),) = await (await execute(connection, "head")).fetchall()
    ((fences,),) = await (await execute(connection, "fence")).fetchall()
    yield {"format": FORMAT, "position": position, "hash": chain, "fences": fences}
    after = 0
    while rows := await _page(connection, after):
        for at_position, at, told in commits(rows):
            yield {"position": at_position, "at": at.isoformat(), "streams": told}
        after = rows[-1][0]
    for name, document in WORKING.items():
        async with aclosing(_rows(connection, name)) as found:
            async for row in found:
                yield document(*row)
    await execute(connection, "end")


async def _page(connection: Connection, after: int) -> list[Row]:
    cursor = await execute(connection, "chronicle", after=after, page=PAGE)
    return await cursor.fetchall()


async def _rows(connection: Connection, query: str) -> AsyncGenerator[Row, None]:
    async with connection.cursor(name=query) as cursor:
        cursor.itersize = PAGE
        await cursor.execute(queries()[query])
        async for row in cursor:
            yield row


def commits(rows: Sequence[Row]) -> Iterator[tuple[int, datetime, Raw]]:
    """Yield whole commits: position, time, and what they told."""
    for position, group in groupby(rows, key=lambda row: row[0]):
        told = list(group)
        parts = [[i, before, orjson.loads(records)] for _, i, before, _, records in told]
        yield position, told[0][3], parts


def _claim(kind: str, key: str, owner: str) -> Document:
    return {"claim": [kind, key, owner]}


def _spent(key: str, owner: str, at: datetime) -> Document:
    return {"spent": [key, owner, at.isoformat()]}


def _job(*row: Any) -> Document:
    names = ("key", "kind", "incident", "lane", "due", "wanted_seq", "attempts", "fence", "reply")
    job = dict(zip(names, row, strict=True))
    reply = orjson.loads(job["reply"]) if job["reply"] else None
    return {"job": job | {"due": job["due"].isoformat(), "reply": reply}}


def _rest(key: str, until: datetime) -> Document:
    return {"rest": [key, until.isoformat()]}


def _message(body: str) -> Document:
    return {"message": message_record(message_from(orjson.loads(body)))}


WORKING: Mapping[str, Callable[..., Document]] = {
    "every_claim": _claim,
    "every_spent": _spent,
    "every_job": _job,
    "every_rest": _rest,
    "every_message": _message,
}


async def load(connection: Connection, documents: AsyncIterator[Document]) -> None:
    """Write all of it or nothing; NotEmpty if anything was ever committed here."""
    async with connection.transaction():
        head = await (await execute(connection, "lock_head")).fetchall()
        if head != [(0, "")]:
            msg = f"The store to be filled is not empty: {head[0][0]} commits were made to it."
            raise NotEmpty(msg)
        batch: list[Document] = []
        async for document in documents:
            batch.append(document)
            if len(batch) == PAGE:
                await _batch(connection, batch)
                batch = []
        await _batch(connection, batch)


async def _batch(connection: Connection, documents: Sequence[Document]) -> None:
    noted: set[tuple[str, int]] = set()
    async with connection.pipeline():
        for document in documents:
            if "streams" in document:
                await _tell(connection, document, noted)
            else:
                await _working(connection, document)


async def _tell(connection: Connection, document: Document, noted: set[tuple[str, int]]) -> None:
    told, at = document["streams"], datetime.fromisoformat(document["at"])
    for part in parts(document["position"], at, told):
        await execute(connection, "tell", **part)
    for name, version in shapes(told) - noted:
        await execute(connection, "shape", type=name, v=version)
    noted |= shapes(told)
    for incident, seq in put_away(told):
        await execute(connection, "put_away", incident=incident, seq=seq)


async def _working(connection: Connection, document: Document) -> None:
    match document:
        case {"format": number, "position": position, "hash": chain, "fences": fences}:
            if number != FORMAT:
                msg = f"This dump needs a bot that reads format {number}; this one reads {FORMAT}."
                raise TooNew(msg)
            await execute(connection, "set_head", position=position, hash=chain)
            await execute(connection, "set_fence", fences=fences)
        case {"claim": [kind, key, owner]}:
            await execute(connection, "own", kind=kind, key=key, owner=owner)
        case {"spent": [key, owner, at]}:
            spent_at = datetime.fromisoformat(at)
            await execute(connection, "spend", key=key, owner=owner, at=spent_at)
        case {"job": record}:
            await execute(connection, "owe", **job_row(job_from(record)))
        case {"rest": [key, until]}:
            await execute(connection, "rest", key=key, until=datetime.fromisoformat(until))
        case {"message": record}:
            await say(connection, message_from(record))
        case _:
            msg = f"This dump needs a newer bot: {sorted(document)}."
            raise TooNew(msg)
