"""What waits together is written together, and judged as if one came after the other."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.adapters.index import Index
from bot.adapters.tinydb import TinyStore
from bot.adapters.writer import Writer
from bot.domain.jobs import Job
from bot.domain.transcript import Message
from bot.ports import Commit, Conflict, Fenced, Head, Unavailable
from tests.adapters.test_store_contract import LATER, LEASE, job
from tests.fakes.clock import SteppedClock
from tests.fakes.disk import PowerDisk
from tests.samples import DECLARED, JOINED, TAKEN

FIRST = Commit({"I": (1, [TAKEN])}, request_key="first")


class Busy:
    """A store whose disk can be kept busy."""

    def __init__(self, clock: SteppedClock) -> None:
        self.disk = PowerDisk()
        self.store = TinyStore(self.disk, clock)
        self.syncs = 0
        self._begun, self._go_on = threading.Event(), threading.Event()

    async def begin(self, wish: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
        """Ask something, and return once the disk hangs with it."""
        self._begun.clear()
        self._go_on.clear()
        self.disk.before_sync = self._sync
        asked = asyncio.ensure_future(wish)
        await asyncio.to_thread(self._begun.wait)
        return asked

    def go_on(self) -> None:
        """Let the disk do its work."""
        self.syncs = 0
        self._go_on.set()

    async def together(self, *wishes: Coroutine[Any, Any, Any]) -> list[Any]:
        """Ask several things while the disk is busy; return what came of each."""
        first = await self.begin(self.store.commit(FIRST))
        asked = asyncio.gather(*wishes, return_exceptions=True)
        await asyncio.sleep(0)
        self.go_on()
        await first
        return list(await asked)

    def _sync(self) -> None:
        self.syncs += 1
        self._begun.set()
        self._go_on.wait()


@pytest.fixture
async def busy(clock: SteppedClock) -> AsyncIterator[Busy]:
    busy = Busy(clock)
    await busy.store.commit(Commit({"I": (0, [DECLARED])}, jobs=[job("a")]))
    yield busy
    busy.go_on()
    await busy.store.close()


@pytest.fixture
async def held(busy: Busy) -> Job:
    (held,) = await busy.store.claim_jobs(1, LEASE)
    return held


async def test_a_disk_that_hangs_is_not_ready_and_what_is_known_can_be_read(busy: Busy) -> None:
    committing = await busy.begin(busy.store.commit(FIRST))
    asked = asyncio.ensure_future(busy.store.ready())
    done, _ = await asyncio.wait([asked, committing], timeout=0.05)
    assert not done
    assert list(await busy.store.history("I")) == [DECLARED]  # only what is on the disk is true
    assert (await busy.store.head()).position == 1
    busy.go_on()
    await asked
    assert await committing == 2
    assert list(await busy.store.history("I")) == [DECLARED, TAKEN]


async def test_those_who_wait_share_a_sync(busy: Busy) -> None:
    commits = [busy.store.commit(Commit({f"J{n}": (0, [DECLARED])})) for n in range(50)]
    assert await busy.together(*commits) == list(range(3, 53))
    assert busy.syncs == 1


async def test_two_that_ask_about_the_same_are_judged_one_after_the_other(busy: Busy) -> None:
    same = [
        *(Commit({"J": (0, [DECLARED])}) for _ in range(2)),
        *(Commit({f"K{n}": (0, [DECLARED])}, {("number", "1"): f"K{n}"}) for n in range(2)),
        *(Commit(request_key="r") for _ in range(2)),
    ]
    outcomes = await busy.together(*(busy.store.commit(c) for c in same))
    assert [type(outcome) for outcome in outcomes] == [int, Conflict] * 3


async def test_a_job_finished_too_late_is_not_given_away_in_the_same_breath(
    busy: Busy, held: Job
) -> None:
    ending, claiming = busy.store.commit(Commit(finishes=[held])), busy.store.claim_jobs(1, LATER)
    assert await busy.together(ending, claiming) == [3, []]
    assert await busy.store.next_due() is None


async def test_a_job_given_on_is_not_finished_by_who_had_it_in_the_same_breath(
    busy: Busy, held: Job
) -> None:
    claiming, ending = busy.store.claim_jobs(1, LATER), busy.store.commit(Commit(finishes=[held]))
    (again,), fenced = await busy.together(claiming, ending)
    assert isinstance(fenced, Fenced)
    await busy.store.commit(Commit(finishes=[again]))


async def test_a_job_is_finished_once_however_many_say_so_at_once(busy: Busy, held: Job) -> None:
    ends = [Commit(finishes=[held]), Commit(finishes=[held]), Commit(jobs=[held])]
    outcomes = await busy.together(*(busy.store.commit(c) for c in ends))
    assert [type(outcome) for outcome in outcomes] == [int, Fenced, Fenced]


async def test_who_waits_to_finish_is_not_overtaken_by_who_claims(busy: Busy, held: Job) -> None:
    outcomes = await busy.together(
        busy.store.commit(Commit({"J": (0, [DECLARED])})),
        busy.store.commit(Commit({"J": (1, [JOINED])}, finishes=[held])),  # waits for the first
        busy.store.claim_jobs(1, LATER),
    )
    assert outcomes == [3, 4, []]


async def test_two_who_claim_at_once_are_both_answered(busy: Busy, held: Job) -> None:
    claims = [busy.store.claim_jobs(1, LEASE) for _ in range(2)]
    assert not any(await asyncio.gather(*claims))
    assert held


async def test_a_picture_wanted_while_it_is_claimed_is_drawn_again(busy: Busy) -> None:
    wanting = busy.store.commit(Commit(jobs=[job("a", wanted=7)]))
    _, (held,) = await busy.together(wanting, busy.store.claim_jobs(1, LEASE))
    await busy.store.commit(Commit(finishes=[held]))
    assert [j.wanted_seq for j in await busy.store.claim_jobs(1, LEASE)] == [7]


async def test_what_is_being_given_away_is_not_renewed(busy: Busy, held: Job) -> None:
    claiming = await busy.begin(busy.store.claim_jobs(1, LATER))
    assert await busy.store.renew([held], LATER.until) == [held]
    busy.go_on()
    (again,) = await claiming
    assert await busy.store.renew([held, again], LATER.until) == [held]


async def test_who_gave_up_waiting_is_not_written(busy: Busy, clock: SteppedClock) -> None:
    first = await busy.begin(busy.store.commit(FIRST))
    second = asyncio.ensure_future(busy.store.commit(Commit({"J": (0, [DECLARED])})))
    await asyncio.sleep(0)
    first.cancel()  # too late: it is being written
    second.cancel()
    await asyncio.sleep(0)
    busy.go_on()
    await busy.store.close()
    again = TinyStore(busy.disk, clock)
    assert [(p, i) for p, i, _ in await again.feed()] == [(1, "I"), (2, "I")]
    await again.close()


async def test_what_cannot_be_written_harms_nobody_else(busy: Busy) -> None:
    half = Message("C1", "1.0", "UANA", "half a character: \ud83d")
    refused, position = await busy.together(
        busy.store.commit(Commit(messages=[half])),
        busy.store.commit(Commit(messages=[replace(half, text="a whole one")])),
    )
    assert isinstance(refused, TypeError)
    assert position == 3
    assert [m.text for m in await busy.store.transcript("C1")] == ["a whole one"]


class Forgetful(Index):
    """Does not understand what was written."""

    def apply(self, commit: Commit, at: datetime, head: Head) -> None:
        if commit.request_key == "beyond it":
            raise RuntimeError
        super().apply(commit, at, head)


async def test_what_was_written_and_not_understood_stops_everything(clock: SteppedClock) -> None:
    writer = Writer(Forgetful(), clock, lambda _: None)
    asked = (writer.commit(Commit(request_key=key)) for key in ("fine", "beyond it", "after"))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [int, TimeoutError, TimeoutError]
    with pytest.raises(Unavailable, match="start me again"):
        await writer.commit(Commit())
    await writer.close()
    with pytest.raises(Unavailable, match="closed"):
        await writer.commit(Commit())
