"""A store comes out of PostgreSQL and into it whole: the same documents, the same hash."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.documents import Document, NotEmpty, job_record
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import TinyStore
from bot.cli.migrate_store import Copied, Different, copy, migrated
from bot.domain.jobs import Kind, Reply
from bot.domain.records import TooNew
from bot.domain.transcript import Message
from bot.ports import Commit, Unavailable
from tests.adapters.test_store_contract import LATER, LEASE, job
from tests.cli.test_cli import responder
from tests.fakes.clock import SteppedClock
from tests.samples import CLOSED, DECLARED, EVERY_FACT, JOINED, PUT_AWAY, TAKEN, T

pytestmark = pytest.mark.server

REPLY = Reply("UANA", "C1", {"text": "<&> \0", "blocks": [{"type": "divider"}]})

FACTS = len(EVERY_FACT) + 5  # what `filled` writes


async def filled(store: PostgresStore | TinyStore, clock: SteppedClock) -> None:
    """Make one of everything that is kept."""
    jobs = [job("b2", "b"), job("a1", "a"), job("b1", "b"), replace(job("a2", "a"), reply=REPLY)]
    first = Commit(
        {"J": (0, [DECLARED]), "I": (0, EVERY_FACT)},
        {("number", "J"): "J", ("channel", "C1"): "I"},
        jobs=[*jobs, job("card", "card"), job("topic", "topic", Kind.TOPIC)],
        messages=[Message("C2", "1.0", "UBO", "🔥 \0"), Message("C1", "2.0", "UANA", "two")],
        request_key="r2",
    )
    await store.commit(first)
    clock.advance(1)
    await store.commit(Commit(request_key="r1"))
    await store.commit(Commit({"J": (1, [])}))
    await store.commit(Commit({"J": (1, [CLOSED]), "K": (0, [DECLARED])}))
    await store.commit(Commit({"J": (2, [PUT_AWAY])}))
    await store.commit(Commit({"J": (3, [JOINED])}))
    held = {j.key: j for j in await store.claim_jobs(9, LEASE)}
    drawn = [replace(held["card"], due=LATER.at), replace(held["topic"], due=LATER.until)]
    await store.commit(Commit(finishes=drawn))
    await store.commit(Commit(jobs=[replace(held["b2"], due=LATER.at)]))


async def told(documents: AsyncIterator[Document]) -> list[Document]:
    return [document async for document in documents]


@pytest.fixture
async def one(database_url: str, clock: SteppedClock) -> AsyncIterator[PostgresStore]:
    store = await PostgresStore(database_url, clock).open()
    await filled(store, clock)
    yield store
    await store.close()


@pytest.fixture
async def other(
    new_database: Callable[[], str], clock: SteppedClock
) -> AsyncIterator[PostgresStore]:
    store = await PostgresStore(new_database(), clock).open()
    yield store
    await store.close()


async def test_documents_come_in_the_order_agreed(one: PostgresStore) -> None:
    head, *documents = await told(one.dump())
    assert head == {
        "format": 1,
        "position": 8,
        "hash": (await one.head()).hash,
        "fences": 4,
    }
    assert [d["position"] for d in documents if "streams" in d] == [1, 3, 4, 5, 6]
    assert documents[1]["streams"] == [["J", 1, []]]
    assert documents[0]["at"] == T.isoformat()
    working = [next(iter(d.items())) for d in documents if "streams" not in d]
    later = (T + timedelta(seconds=1)).isoformat()
    assert working[:6] == [
        ("claim", ["channel", "C1", "I"]),
        ("claim", ["number", "J", "J"]),
        ("spent", ["r2", "J", T.isoformat()]),
        ("spent", ["r1", "", later]),
        ("job", {**job_record(job("a1", "a")), "attempts": 1}),
        ("job", job_record(replace(job("a2", "a"), reply=REPLY))),
    ]
    keys = [told["key"] for kind, told in working if kind == "job"]
    assert keys == ["a1", "a2", "b2", "b1"]
    assert working[8:] == [
        ("rest", ["card", LATER.at.isoformat()]),
        ("rest", ["topic", LATER.until.isoformat()]),
        *(("message", told) for kind, told in working if kind == "message"),
    ]
    said = [(m["channel"], m["text"]) for kind, m in working if kind == "message"]
    assert said == [("C1", "two"), ("C2", "🔥 \0")]


async def test_a_copy_gives_the_same_documents_and_goes_on_the_same(
    one: PostgresStore, other: PostgresStore
) -> None:
    steps: list[int] = []
    copied = await copy(one, other, steps.append)
    assert copied == Copied(await one.head(), len(await told(one.dump())), FACTS)
    assert not steps
    for store in (one, other):
        assert await store.commit(Commit({"J": (4, [TAKEN])})) == 9
        assert [j.key for j in await store.claim_jobs(9, LATER)] == ["a1", "b2"]
    assert await one.head() == await other.head()
    assert list(await one.feed()) == list(await other.feed())
    assert [j.fence for j in await other.claim_jobs(9, replace(LATER, at=LATER.until))] == [7, 8]


async def test_a_store_that_holds_anything_is_not_filled(
    one: PostgresStore, other: PostgresStore
) -> None:
    before = await told(one.dump())
    with pytest.raises(NotEmpty, match="8 commits"):
        await one.load(other.dump())
    assert await told(one.dump()) == before


async def test_a_load_that_fails_leaves_nothing(one: PostgresStore, other: PostgresStore) -> None:
    async def newer() -> AsyncIterator[Document]:
        async for document in one.dump():
            yield document
        yield {"telepathy": 1}

    with pytest.raises(TooNew, match="telepathy"):
        await other.load(newer())
    assert (await other.head()).position == 0
    await other.load(one.dump())
    assert await other.head() == await one.head()


async def test_a_copy_that_differs_is_told(one: PostgresStore, other: PostgresStore) -> None:
    class Meanwhile:
        """Somebody writes to the one while the other is filled."""

        head, chronicle, close, dump = other.head, other.chronicle, other.close, other.dump

        async def load(self, documents: AsyncIterator[Document]) -> None:
            await other.load(documents)
            await one.commit(Commit())

    with pytest.raises(Different, match="1"):
        await copy(one, Meanwhile(), lambda _: None)


async def test_there_and_back_again(
    tmp_path: Path, other: PostgresStore, new_database: Callable[[], str]
) -> None:
    clock, url = SteppedClock(), new_database()
    tiny = TinyStore(LocalDisk(tmp_path / "one"), clock)
    await filled(tiny, clock)
    head = await tiny.head()
    await tiny.close()
    there = await migrated(str(tmp_path / "one"), url, lambda _: None)
    back = await migrated(url, str(tmp_path / "two"), lambda _: None)
    assert there == back
    assert there.head == head
    with pytest.raises(Unavailable, match=r"there is no incidents\.journal in"):
        await migrated(str(tmp_path / "three"), url, lambda _: None)
    assert not (tmp_path / "three").exists()


@pytest.mark.slow
async def test_the_subcommand_says_what_it_did(
    one: PostgresStore, database_url: str, new_database: Callable[[], str]
) -> None:
    target, clock = new_database(), SystemClock()
    said = responder("migrate-store", "--from", database_url, "--to", target)
    assert (said.returncode, said.stderr) == (0, "")
    head = await one.head()
    assert said.stdout.splitlines()[0].startswith(
        f"Copied and compared: {FACTS} facts in 8 commits"
    )
    assert said.stdout.splitlines()[1] == f"Hash {head.hash}"
    store = await PostgresStore(target, clock).open()
    assert await store.head() == head
    await store.close()
    again = responder("migrate-store", "--from", database_url, "--to", target)
    assert again.returncode == 1
    assert "Nothing was copied: The store to be filled is not empty" in again.stdout
