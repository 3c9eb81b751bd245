"""Adds documents up again: those of a journal, and those by which another store is told."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.records import TooNew, from_record
from bot.ports import Head

from .documents import (
    Document,
    check_format,
    commit_from,
    job_from,
    message_from,
    released_by,
)
from .frozen import Shelf
from .index import Index, chained

Change = Callable[[Index], None]


def replay(index: Index, document: Document) -> None:
    """Add up what a journal holds; TooNew if a newer bot wrote it."""
    _understood(_replayed, document)(index)


def restore(index: Index, document: Document) -> None:
    """Add up what another store tells; TooNew if a newer bot told it."""
    _understood(_restored, document)(index)


def _understood(read: Callable[[Document], Change], document: Document) -> Change:
    try:
        return read(document)
    except (KeyError, TypeError, ValueError) as error:  # it is as it was written
        msg = f"This data needs a newer bot: {error!r}."
        raise TooNew(msg) from error


def _replayed(document: Document) -> Change:
    if "leased" in document:
        jobs = [job_from(record) for record in document["leased"]]
        until = datetime.fromisoformat(document["until"])
        return lambda index: index.lanes.lease(jobs, until)
    if "request_key" in document:
        return _committed(document)
    return _restored(document)


def _committed(document: Document) -> Change:
    at, commit = datetime.fromisoformat(document["at"]), commit_from(document)
    told, released = document["streams"], released_by(document)

    def change(index: Index) -> None:
        for claim in released:
            index.disown(*claim)
        index.apply(commit, at, chained(index.head, told))

    return change


def _restored(document: Document) -> Change:
    match document:
        case {"format": _, "position": position, "hash": chain, "fences": fences}:
            check_format(document)
            return lambda index: index.begin(Head(position, chain), fences)
        case {"shelved": [incident, facts, position]}:
            return lambda index: index.shelves.update({incident: Shelf(facts, position)})
        case {"streams": streams, "position": position}:
            told = [
                (i, seq, [from_record(record) for record in facts]) for i, seq, facts in streams
            ]
            return lambda index: index.tell_again(position, told)
        case {"claim": [kind, key, owner]}:
            return lambda index: index.own(kind, key, owner)
        case {"spent": [key, owner, at]}:
            spent_at = datetime.fromisoformat(at)
            return lambda index: index.spend(key, owner, spent_at)
        case {"job": record}:
            job = job_from(record)
            return lambda index: index.lanes.owe(job)
        case {"rest": [key, until]}:
            rested = datetime.fromisoformat(until)
            return lambda index: index.lanes.rest(key, rested)
        case {"message": record}:
            message = message_from(record)
            return lambda index: index.hear(message)
        case {"complete": _}:
            return lambda _: None
        case _:
            msg = f"a document of {', '.join(document)}"
            raise ValueError(msg)
