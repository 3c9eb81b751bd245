"""What is over moves to one file each; nobody notices but the memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.chronicle import KEPT
from bot.adapters.disk import LocalDisk
from bot.adapters.documents import NotEmpty
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.domain.facts import Fact
from bot.domain.transcript import Message
from bot.ports import Commit, Conflict, Unavailable
from tests.adapters.test_store_contract import LATER, LEASE, job
from tests.fakes.clock import SteppedClock
from tests.samples import CLOSED, DECLARED, EVERY_FACT, GONE, JOINED, PUT_AWAY, ROOM, TAKEN

OVER: list[Fact] = [DECLARED, ROOM, TAKEN, CLOSED]
AWAY = replace(PUT_AWAY, facts=len(OVER))
SAID = [Message("C1", f"{n}.0", "UANA", f"line {n}") for n in range(3)]


@pytest.fixture
async def store(tmp_path: Path, clock: SteppedClock) -> AsyncIterator[TinyStore]:
    store = TinyStore(LocalDisk(tmp_path), clock)
    await store.commit(Commit({"I": (0, OVER)}, {("channel", "C1"): "I"}, messages=SAID))
    await store.commit(Commit({"J": (0, [DECLARED]), "I": (4, [JOINED])}, request_key="r"))
    await store.commit(Commit({"I": (5, [replace(AWAY, facts=5)])}))
    yield store
    await store.close()


async def everything(store: TinyStore) -> list[object]:
    told = [(p, list(w)) async for p, w in store.chronicle()]
    seen = [*await store.history("I"), *await store.history("I", 3), *await store.feed()]
    return [*told, *seen, *await store.transcript("C1"), await store.head()]


async def documents(store: TinyStore) -> list[Mapping[str, Any]]:
    return [document async for document in store.dump()]


def files(folder: Path) -> Sequence[str]:
    return sorted(path.name for path in (folder / "closed").glob("*"))


async def test_nothing_differs_afterwards(
    store: TinyStore, tmp_path: Path, clock: SteppedClock
) -> None:
    before, told = await everything(store), await documents(store)
    for _ in range(2):
        await store.compact()
        assert files(tmp_path) == ["I.journal"]
        assert await everything(store) == before
        assert await documents(store) == told
    await store.close()
    again = TinyStore(LocalDisk(tmp_path), clock)
    assert await everything(again) == before
    assert await documents(again) == told
    await again.close()


async def test_what_is_over_is_not_in_memory_and_not_in_the_journal(
    store: TinyStore, tmp_path: Path
) -> None:
    await store.compact()
    assert store._index.history("I", 0) == []
    assert store._index.transcript("C1") == []
    journal = (tmp_path / JOURNAL).read_text()
    assert "line 1" not in journal
    assert journal.count('"Shelved"') == 1
    assert "Acknowledged" not in journal


async def test_what_comes_later_joins_what_is_away(
    store: TinyStore, tmp_path: Path, clock: SteppedClock
) -> None:
    await store.compact()
    edited = replace(SAID[1], text="edited", edited="9.0")
    late = Message("C1", "7.0", "UBO", "late")
    await store.commit(Commit({"I": (6, [GONE])}, messages=[edited, late]))
    await store.compact()
    await store.commit(Commit(messages=[SAID[1]]))  # old news, told again
    with pytest.raises(Conflict):
        await store.commit(Commit({"I": (1, [GONE])}))
    expected = await everything(store)
    assert [m.text for m in await store.transcript("C1")] == ["line 0", "edited", "line 2", "late"]
    assert list(await store.history("I", 5)) == [replace(AWAY, facts=5), GONE]
    await store.compact()
    assert await everything(store) == expected
    assert store._index.transcript("C1") == []
    await store.close()
    again = TinyStore(LocalDisk(tmp_path), clock)
    assert await everything(again) == expected
    await again.close()


async def test_what_is_said_while_it_moves_is_kept(store: TinyStore) -> None:
    frozen = store._index.freeze()
    late = Message("C1", "7.0", "UBO", "late")
    edited = replace(SAID[1], text="edited", edited="9.0")
    await store.commit(Commit({"I": (6, [GONE])}, messages=[late, edited]))
    store._index.put_away(frozen)
    assert store._index.history("I", 0) == [GONE]
    assert store._index.transcript("C1") == [edited, late]


async def test_a_file_left_over_from_a_move_that_failed_is_not_believed(
    store: TinyStore, tmp_path: Path
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "I.journal").write_text("something else\n")
    before = await everything(store)
    await store.compact()
    assert await everything(store) == before


async def test_a_file_that_was_damaged_is_told_and_harms_no_other(
    store: TinyStore, tmp_path: Path
) -> None:
    await store.compact()
    (tmp_path / "closed" / "I.journal").write_text("something else\n")
    with pytest.raises(Unavailable, match=r"closed/I\.journal is not as written at byte 0"):
        await store.history("I")
    assert list(await store.history("J")) == [DECLARED]
    await store.commit(Commit({"J": (1, [TAKEN])}))


async def test_a_file_that_is_older_or_cut_short_is_not_believed(
    store: TinyStore, tmp_path: Path
) -> None:
    await store.compact()
    file = tmp_path / "closed" / "I.journal"
    older = file.read_bytes()
    await store.commit(Commit({"I": (6, [GONE])}))
    await store.compact()
    newer = file.read_bytes()
    for wrong in (older, newer[:-40], b""):
        file.write_bytes(wrong)
        for asked in (store.history("I"), store.transcript("C1"), documents(store)):
            with pytest.raises(Unavailable, match=r"closed/I\.journal is not as written"):
                await asked
    file.write_bytes(newer)
    assert len(await store.history("I")) == 7


async def test_names_are_no_paths(tmp_path: Path, clock: SteppedClock) -> None:
    store = TinyStore(LocalDisk(tmp_path), clock)
    await store.commit(Commit({"../I/J": (0, [CLOSED, replace(AWAY, facts=1)])}))
    await store.compact()
    assert files(tmp_path) == ["..%2FI%2FJ.journal"]
    assert len(await store.history("../I/J")) == 2
    await store.close()


async def test_jobs_in_hand_outlast_a_rewritten_journal(
    tmp_path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(LocalDisk(tmp_path), clock)
    await store.commit(Commit(jobs=[job("a", "a"), job("b", "b"), job("c", "c"), job("c2", "c")]))
    a, b, c = await store.claim_jobs(3, LEASE)
    await store.compact()
    await store.commit(Commit(finishes=[replace(a, due=LATER.at)]))
    await store.commit(Commit(jobs=[replace(b, due=LATER.at)]))
    await store.close()
    again = TinyStore(LocalDisk(tmp_path), clock)
    await again.commit(Commit(jobs=[job("a", "a", wanted=2)]))
    assert [(j.key, j.attempts) for j in await again.claim_jobs(9, LEASE)] == [("c", 2)]
    late = await again.claim_jobs(9, LATER)
    assert {j.key: j.attempts for j in late} == {"a": 1, "b": 2, "c": 3}
    assert min(j.fence for j in late) > max(a.fence, b.fence, c.fence)
    await again.close()


async def test_a_store_is_told_to_another(
    store: TinyStore, tmp_path: Path, clock: SteppedClock
) -> None:
    await store.commit(Commit({"K": (0, EVERY_FACT)}, jobs=[job("a", "z"), job("b", "y")]))
    (taken, _) = await store.claim_jobs(2, LEASE)
    await store.commit(Commit(finishes=[replace(taken, due=LATER.at)]))
    await store.compact()
    told = await documents(store)
    other = TinyStore(LocalDisk(tmp_path / "other"), clock)
    await other.load(store.dump())
    assert await documents(other) == told
    with pytest.raises(NotEmpty):
        await other.load(store.dump())
    await other.close()
    again = TinyStore(LocalDisk(tmp_path / "other"), clock)
    assert await documents(again) == told
    assert await again.head() == await store.head()
    assert await again.owner("request", "r") == "J"
    await again.close()


async def test_the_journal_is_rewritten_once_it_is_worthwhile(
    tmp_path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(LocalDisk(tmp_path), clock, worthwhile=20_000)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        size, smaller = 0, list[int]()
        for n in range(3000):  # it is rewritten beside what goes on, sooner or later
            await store.commit(Commit(jobs=[job(f"{n}")]))
            (taken,) = await store.claim_jobs(1, LEASE)
            await store.commit(Commit(finishes=[taken]))
            before, size = size, (tmp_path / JOURNAL).stat().st_size
            if size < before:
                smaller.append(before)
            if len(smaller) == 3:
                break
    assert len(smaller) == 3
    assert min(smaller) > 20_000


async def test_what_is_committed_while_a_store_is_told_is_not_told(
    store: TinyStore, tmp_path: Path, clock: SteppedClock
) -> None:
    await store.compact()
    await store.close()
    again = TinyStore(LocalDisk(tmp_path), clock)  # so that nothing of it is in memory
    expected = await documents(again)
    dump = again.dump()
    first = await anext(dump)
    await again.commit(Commit({"K": (0, [DECLARED, CLOSED, replace(AWAY, facts=2)])}))
    await again.compact()
    assert [first, *[document async for document in dump]] == expected
    await again.close()


async def test_the_newest_of_the_chronicle_comes_from_memory(
    store: TinyStore, tmp_path: Path, clock: SteppedClock
) -> None:
    expected = [(p, list(w)) async for p, w in store.chronicle()]
    (tmp_path / JOURNAL).unlink()  # nobody reads it
    assert [(p, list(w)) async for p, w in store.chronicle(1)] == expected[1:]
    async for _, ((_, _, records), *_) in store.chronicle(1):
        records[0]["by"] = "somebody else"  # type: ignore[index]
    assert [(p, list(w)) async for p, w in store.chronicle(1)] == expected[1:]


async def test_the_chronicle_is_the_same_from_memory_and_from_the_disk(
    tmp_path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(LocalDisk(tmp_path), clock)
    many = [Commit({f"I{n}": (0, [JOINED])} if n % 3 else {}) for n in range(2 * KEPT)]
    await asyncio.gather(*(store.commit(commit) for commit in many))
    whole = [p async for p, _ in store.chronicle()]
    assert whole == [n + 1 for n in range(2 * KEPT) if n % 3]
    for after in (0, 1, 2 * KEPT // 3, KEPT - 1, KEPT, 2 * KEPT - 1, 2 * KEPT):
        assert [p async for p, _ in store.chronicle(after)] == [p for p in whole if p > after]
    await store.close()
