"""Whatever is done to the event log is found, at its line, by its name."""

import json
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import Commit, Store
from bot.usecases.audit import Difference, Verdict, What, audit, chain
from bot.usecases.events import START, Events, digest
from tests.samples import CLOSED, DECLARED, JOINED, PRIVATE, PUT_AWAY, RESOLVED, TAKEN

Lines = list[bytes]


@pytest.fixture
async def lines(store: Store) -> Lines:
    await store.commit(Commit({"I": (0, [DECLARED, TAKEN]), "J": (0, [PRIVATE])}))
    await store.commit(Commit({"J": (1, [JOINED, RESOLVED])}))
    await store.commit(Commit({"I": (2, [RESOLVED, CLOSED, PUT_AWAY])}))
    return [line + b"\n" async for line in Events(store).since(START)]


async def given_by(lines: Lines) -> AsyncIterator[bytes]:
    for line in lines:
        yield line[:-1]


async def judged(lines: Lines, file: Lines) -> Verdict:
    return await audit(iter(file), given_by(lines))


def chained(lines: Lines) -> Lines:
    """Make each line name the one before, as a careful forger does."""
    made: Lines = []
    for line in lines:
        previous = digest(made[-1][:-1]) if made else ""
        made.append(json.dumps(json.loads(line) | {"previous": previous}).encode() + b"\n")
    return made


async def test_a_log_as_the_store_gives_it_is_right(lines: Lines) -> None:
    assert await judged(lines, lines) == Verdict(8)
    assert await judged([], []) == Verdict(0)
    assert chain(iter(lines)) == Verdict(8)
    assert chain(iter([])) == Verdict(0)


W = What
TAMPERED: dict[str, tuple[Callable[[Lines], Lines], Difference, Difference | None]] = {
    "empty": (lambda x: [], Difference(1, W.BEHIND, "I/1", 8), None),
    "end cut off": (lambda x: x[:6], Difference(7, W.BEHIND, "I/4", 2), None),
    "last line torn": (
        lambda x: [*x[:7], x[7][:40]],
        Difference(8, W.TORN, "I/5"),
        Difference(8, W.TORN),
    ),
    "last newline gone": (
        lambda x: [*x[:7], x[7][:-1]],
        Difference(8, W.TORN, "I/5"),
        Difference(8, W.TORN),
    ),
    "first line gone": (
        lambda x: x[1:],
        Difference(1, W.MISSING, "I/1"),
        Difference(1, W.UNCHAINED, "I/2", fields=("previous",)),
    ),
    "two lines gone": (
        lambda x: x[:2] + x[4:],
        Difference(3, W.MISSING, "J/1", 2),
        Difference(3, W.UNCHAINED, "J/3", fields=("previous",)),
    ),
    "lines swapped": (
        lambda x: [x[0], x[2], x[1], *x[3:]],
        Difference(2, W.MISSING, "I/2"),
        Difference(2, W.UNCHAINED, "J/1", fields=("previous",)),
    ),
    "line repeated": (
        lambda x: [*x[:3], x[2], *x[3:]],
        Difference(4, W.EXTRA, "J/1"),
        Difference(4, W.UNCHAINED, "J/1", fields=("previous",)),
    ),
    "lines put in": (
        lambda x: [*x[:3], b"{}\n", b"\n", *x[3:]],
        Difference(4, W.EXTRA, "", 2),
        Difference(4, W.ALTERED),
    ),
    "line appended": (
        lambda x: [*x, b"x\n"],
        Difference(9, W.EXTRA),
        Difference(9, W.ALTERED),
    ),
    "field altered": (
        lambda x: [*x[:1], x[1].replace(b"UBO", b"UEVE"), *x[2:]],
        Difference(2, W.ALTERED, "I/2", fields=("payload.by",)),
        Difference(3, W.UNCHAINED, "J/1", fields=("previous",)),
    ),
    "type altered": (
        lambda x: [*x[:1], x[1].replace(b"INCIDENT_ACK", b"INCIDENT_NOT_ACK"), *x[2:]],
        Difference(2, W.ALTERED, "I/2", fields=("type",)),
        Difference(3, W.UNCHAINED, "J/1", fields=("previous",)),
    ),
    "field added": (
        lambda x: [x[0].replace(b'"payload":{', b'"payload":{"x":1,'), *x[1:]],
        Difference(1, W.ALTERED, "I/1", fields=("payload.x",)),
        Difference(2, W.UNCHAINED, "I/2", fields=("previous",)),
    ),
    "payload replaced": (
        lambda x: [*x[:1], json.dumps({**json.loads(x[1]), "payload": 1}).encode() + b"\n"],
        Difference(
            *(2, W.ALTERED, "I/2", 1),
            ("payload.by", "payload.incident_id", "payload.recorded_at", "payload"),
        ),
        None,
    ),
    "event renamed": (
        lambda x: [*x[:1], x[1].replace(b"I/2", b"I/9"), *x[2:]],
        Difference(2, W.ALTERED, "I/2", fields=("event_id",)),
        Difference(3, W.UNCHAINED, "J/1", fields=("previous",)),
    ),
    "only spaces": (
        lambda x: [*x[:1], x[1].replace(b'":', b'": '), *x[2:]],
        Difference(2, W.ALTERED, "I/2"),
        Difference(3, W.UNCHAINED, "J/1", fields=("previous",)),
    ),
    "lines of another system": (
        lambda x: [line[:-1] + b"\r\n" for line in x],
        Difference(1, W.ALTERED, "I/1"),
        Difference(2, W.UNCHAINED, "I/2", fields=("previous",)),
    ),
    "no JSON": (
        lambda x: [b"?\n", *x[1:]],
        Difference(1, W.ALTERED, "I/1"),
        Difference(1, W.ALTERED),
    ),
    "chain broken": (
        lambda x: [*x[:4], x[4].replace(json.loads(x[4])["previous"].encode(), b"0"), *x[5:]],
        Difference(5, W.UNCHAINED, "J/3", fields=("previous",)),
        Difference(5, W.UNCHAINED, "J/3", fields=("previous",)),
    ),
    "forged and chained anew": (
        lambda x: chained([x[0].replace(b"checkout", b"nothing"), *x[1:]]),
        Difference(1, W.ALTERED, "I/1", fields=("payload.title",)),
        None,
    ),
}


@pytest.mark.parametrize(("tamper", "found", "alone"), TAMPERED.values(), ids=TAMPERED)
async def test_what_was_done_to_it_is_named(
    lines: Lines,
    tamper: Callable[[Lines], Lines],
    found: Difference,
    alone: Difference | None,
) -> None:
    verdict = await judged(lines, tamper(lines))
    assert verdict == Verdict(found.line - 1, found)
    assert chain(iter(tamper(lines))).difference == alone


async def test_any_byte_that_is_changed_or_gone_is_found(lines: Lines) -> None:
    file = b"".join(lines)
    for n in range(len(file)):
        number = file[:n].count(b"\n") + 1
        for there in (bytes([file[n] ^ 1]), b""):
            tampered = (file[:n] + there + file[n + 1 :]).splitlines(keepends=True)
            verdict = await judged(lines, tampered)
            assert verdict.difference
            assert verdict.difference.line == number


@given(st.lists(st.sampled_from([b"a", b"b", b"{}", b"1", b'{"payload":{}}', b""]), max_size=6))
async def test_whatever_the_file_is_there_is_a_verdict(file: Lines) -> None:
    ours = [b"a\n", b'{"event_id":"I/1","position":1,"previous":""}\n', b"b\n"]
    for ended in (file, [line + b"\n" for line in file]):
        verdict = await judged(ours, ended)
        assert (verdict.difference is None) == (ended == ours)
        chain(iter(ended))
