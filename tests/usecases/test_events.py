"""The event log's lines are a function of the facts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.ports import Commit, Store, Tail
from bot.usecases.events import START, Events, Misfit
from tests.samples import (
    CLOSED,
    DECLARED,
    EVERY_FACT,
    JOINED,
    PRIVATE,
    PUT_AWAY,
    RESOLVED,
    TAKEN,
    WORSE,
)


async def expected(store: Store) -> bytes:
    """Return what a fresh export writes."""
    return b"".join([line + b"\n" async for line in Events(store).since(START)])


async def several(store: Store) -> None:
    await store.commit(Commit({"I": (0, [DECLARED, TAKEN]), "J": (0, [PRIVATE])}))
    await store.commit(Commit())
    await store.commit(Commit({"J": (1, [JOINED, RESOLVED])}))
    await store.commit(Commit({"I": (2, [RESOLVED, CLOSED, PUT_AWAY])}))


def parsed(file: bytes) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in file.splitlines()]


async def test_every_fact_is_a_line_chained_to_the_one_before(store: Store) -> None:
    await several(store)
    lines = (await expected(store)).splitlines()
    told = [json.loads(line) for line in lines]
    assert [(e["event_id"], e["position"]) for e in told] == [
        *[("I/1", 1), ("I/2", 1), ("J/1", 1)],
        *[("J/2", 3), ("J/3", 3)],
        *[("I/3", 4), ("I/4", 4), ("I/5", 4)],
    ]
    before = [hashlib.sha256(line).hexdigest() for line in lines[:-1]]
    assert [event["previous"] for event in told] == ["", *before]
    assert list(told[0]) == [
        *("event_id", "position", "type", "agent", "timestamp", "payload", "previous")
    ]
    assert list(told[0]["payload"]) == sorted(told[0]["payload"])


async def test_from_any_line_it_goes_on_as_if_it_had_never_stopped(store: Store) -> None:
    await several(store)
    lines = (await expected(store)).splitlines()
    for n in range(1, len(lines) + 1):
        for events in (Events(store), Events(store)):
            tail = Tail(lines[n - 1], b"torn")
            assert [line async for line in events.since(tail)] == lines[n:]


async def test_what_came_later_changes_no_line(store: Store) -> None:
    await store.commit(Commit({"I": (0, [DECLARED])}))
    await store.commit(Commit({"I": (1, [RESOLVED])}))
    await store.commit(Commit({"I": (2, [WORSE])}))
    events = Events(store)
    lines = [line async for line in events.since(START)]
    assert b'"severity":null' in lines[1]
    for n in (1, 2):
        assert [line async for line in events.since(Tail(lines[n - 1], b""))] == lines[n:]


async def test_private_incidents_leak_nothing(store: Store) -> None:
    away = replace(PUT_AWAY, audience=PRIVATE.audience)
    await store.commit(Commit({"I": (0, [PRIVATE, *EVERY_FACT[2:-1], away])}))
    file = (await expected(store)).decode()
    for secret in ("checkout", "UANA", "UBO", "UEVE", "C1", "security", "gone", "P0"):
        assert secret not in file
    assert all(event["payload"]["private"] for event in parsed(file.encode()))


FOREIGN = {
    "words": Tail(b"something else", b""),
    "other JSON": Tail(b'{"position": 1}', b""),
    "not the first line": Tail(b"", b"{}"),
    "a list": Tail(b"[1]", b""),
}


@pytest.mark.parametrize("tail", FOREIGN.values(), ids=FOREIGN)
async def test_what_we_did_not_write_is_not_continued(store: Store, tail: Tail) -> None:
    await several(store)
    with pytest.raises(Misfit):
        await anext(aiter(Events(store).since(tail)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"position":4', b'"position":5'),
        (b'"position":4', b'"position":3'),
        (b'"position":4', b'"position":2'),
        (b'"position":4', b'"position":0'),
        (b'"I/5"', b'"I/6"'),
        (b'"I/5"', b'"I/4"'),
        (b"UANA", b"UEVE"),
        (b'"agent":', b'"agent": '),
    ],
)
async def test_a_last_line_that_the_store_does_not_give_is_not_continued(
    store: Store, old: bytes, new: bytes
) -> None:
    await several(store)
    last = (await expected(store)).splitlines()[-1]
    assert old in last
    with pytest.raises(Misfit):
        await anext(aiter(Events(store).since(Tail(last.replace(old, new), b""))))


async def test_nothing_can_have_been_begun_in_the_name_of_an_empty_store(store: Store) -> None:
    with pytest.raises(Misfit):
        await anext(aiter(Events(store).since(Tail(b"", b"{"))))
