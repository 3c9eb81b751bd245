"""Command, facts, jobs, one commit."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.authority import BOT, Authority, Source
from bot.domain.commands import Acknowledge, ChangeStatus, CheckAnswered, Declare, Join
from bot.domain.errors import Refused
from bot.domain.facts import ChannelOpened
from bot.domain.incident import Incident
from bot.domain.jobs import Reply
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import Commit, Lease, Store, Unavailable
from bot.usecases.board import Board
from bot.usecases.incidents import Incidents
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.fakes.store import MemoryStore
from tests.samples import ANA, BO, EVE, SECURITY, stamp

ANYBODY = EVE


def incidents_on(store: Store, clock: SteppedClock, **options: timedelta) -> Incidents:
    return Incidents(store, FixedRules(Policy()), clock, **options)


async def test_a_repeated_request_is_the_same_incident(store: Store, clock: SteppedClock) -> None:
    incidents = incidents_on(store, clock)
    first = await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    again = await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    other = await incidents.handle(None, Declare(ANA, "checkout is down"), "r2")
    assert first == again
    assert [first.id, other.id] == ["INC-20260115-001", "INC-20260115-002"]


async def test_a_request_repeated_at_the_same_time_is_the_same_incident(
    store: Store, clock: SteppedClock
) -> None:
    one, two = (incidents_on(store, clock) for _ in range(2))
    both = await asyncio.gather(
        *(i.handle(None, Declare(ANA, "checkout is down"), "r1") for i in (one, two, one, two))
    )
    assert {i.id for i in both} == {"INC-20260115-001"}
    assert (await store.head()).position == 1


async def test_two_at_once_get_two_numbers(store: Store, clock: SteppedClock) -> None:
    one, two = (incidents_on(store, clock) for _ in range(2))
    both = await asyncio.gather(
        one.handle(None, Declare(ANA, "checkout is down"), "r1"),
        two.handle(None, Declare(BO, "payments are down"), "r2"),
    )
    assert {i.id for i in both} == {"INC-20260115-001", "INC-20260115-002"}


async def test_many_who_declare_at_once_all_get_what_they_declared(
    store: Store, clock: SteppedClock
) -> None:
    bots = [incidents_on(store, clock) for _ in range(2)]
    made = await asyncio.gather(
        *(bots[n % 2].handle(None, Declare(ANA, f"trouble {n}"), f"r{n}") for n in range(60))
    )
    assert [incident.title for incident in made] == [f"trouble {n}" for n in range(60)]
    assert len({incident.id for incident in made}) == 60


class CountingStore(MemoryStore):
    """Lets others come between a question and the commit, as a disk does."""

    tries = 0

    async def commit(self, commit: Commit) -> int:
        self.tries += 1
        await asyncio.sleep(0)
        return await super().commit(commit)


async def test_declarations_take_their_numbers_in_turn(clock: SteppedClock) -> None:
    store = CountingStore(clock)
    incidents = incidents_on(store, clock)
    await asyncio.gather(
        *(incidents.handle(None, Declare(ANA, f"trouble {n}"), f"r{n}") for n in range(60))
    )
    assert store.tries == 60  # nobody was sent back for another


async def test_fifty_commands_on_one_incident_take_turns(clock: SteppedClock) -> None:
    store = CountingStore(clock)
    incidents = incidents_on(store, clock)
    made = await incidents.handle(None, Declare(ANA, "checkout is down"), "r0")
    people = [Authority(f"U{n}", Source.SLACK) for n in range(50)]
    await asyncio.gather(
        *(incidents.handle(made.id, Join(who), f"r{who.person}") for who in people)
    )
    assert store.tries == 51
    assert len((await incidents.current(made.id)).people) == 51
    assert not incidents._turns  # nobody waits, nothing is kept


class SlowStore(MemoryStore):
    """Takes a moment for each commit, and for many at once no longer."""

    async def commit(self, commit: Commit) -> int:
        await self.clock.sleep_until(self.clock.now() + timedelta(milliseconds=10))
        if any("refused" in str(fact) for _, facts in commit.streams.values() for fact in facts):
            raise Unavailable("the disk is full")
        return await super().commit(commit)


async def stepped(
    clock: SteppedClock, *work: Coroutine[Any, Any, object]
) -> tuple[int, list[Any]]:
    """Let time pass, 10 ms a step, until all is done; return how many steps and what came."""
    together = asyncio.gather(*work, return_exceptions=True)
    steps = 0
    while not together.done():
        for _ in range(20):
            await asyncio.sleep(0)
        clock.advance(0.01)
        steps += 1
    return steps, await together


async def test_fifty_declarations_at_once_share_the_wait(clock: SteppedClock) -> None:
    incidents = incidents_on(SlowStore(clock), clock)
    declared = (incidents.handle(None, Declare(ANA, f"t{n}"), f"r{n}") for n in range(50))
    steps, made = await stepped(clock, *declared)
    assert steps <= 3
    assert sorted(i.id for i in made) == [f"INC-20260115-{n:03}" for n in range(1, 51)]


async def test_a_number_that_was_not_used_is_used_next(clock: SteppedClock) -> None:
    incidents = incidents_on(SlowStore(clock), clock)
    titles = ["a", "refused", "", "b", "refused", "c"]
    declared = [incidents.handle(None, Declare(ANA, t), f"r{n}") for n, t in enumerate(titles)]
    _, came = await stepped(clock, *declared)
    assert [type(c) for c in came] == [
        *(Incident, Unavailable, Refused, Incident, Unavailable, Incident)
    ]
    more = [incidents.handle(None, Declare(ANA, f"t{n}"), f"s{n}") for n in range(3)]
    _, made = await stepped(clock, *more)
    ids = [i.id for i in (*came, *made) if isinstance(i, Incident)]
    assert sorted(ids) == [f"INC-20260115-{n:03}" for n in range(1, 7)]


async def test_numbers_begin_again_each_day(store: Store, clock: SteppedClock) -> None:
    incidents = incidents_on(store, clock)
    await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    clock.advance(24 * 3600)
    tomorrow = await incidents.handle(None, Declare(ANA, "checkout is down"), "r2")
    assert tomorrow.id == "INC-20260116-001"


async def test_only_newer_facts_are_folded(store: Store, clock: SteppedClock) -> None:
    one, two = (incidents_on(store, clock) for _ in range(2))
    declared = await one.handle(None, Declare(ANA, "checkout is down"), "r1")
    await two.handle(declared.id, Acknowledge(BO), "r2")
    assert (await one.current(declared.id)).acknowledged_by == "UBO"


async def test_a_refusal_saves_nothing_and_may_be_asked_again(
    store: Store, clock: SteppedClock
) -> None:
    incidents = incidents_on(store, clock)
    with pytest.raises(Refused):
        await incidents.handle("INC-1", Acknowledge(BO), "r1")
    assert (await store.head()).position == 0
    await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")


class StuckStore(MemoryStore):
    async def commit(self, commit: Commit) -> int:
        return await asyncio.Future[int]()


async def test_a_commit_has_a_deadline(clock: SteppedClock) -> None:
    incidents = incidents_on(StuckStore(clock), clock, patience=timedelta())
    with pytest.raises(TimeoutError):
        await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    with pytest.raises(TimeoutError):
        await incidents.owe_answer(Reply("UANA", "C1", {"text": "no"}), "r1")


async def test_an_answer_promised_twice_is_owed_once_even_after_it_was_given(
    store: Store, clock: SteppedClock
) -> None:
    incidents = incidents_on(store, clock)
    reply = Reply("UANA", "C1", {"text": "no"})
    for _ in range(2):
        await incidents.owe_answer(reply, "r1")
        lease = Lease(clock.now(), clock.now() + timedelta(seconds=9))
        if jobs := await store.claim_jobs(9, lease):
            await incidents.settle(jobs[0], [])
    assert (await store.head()).position == 2


async def test_what_was_learned_and_the_end_of_the_job_are_one_commit(
    store: Store, clock: SteppedClock
) -> None:
    incidents = incidents_on(store, clock)
    made = await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    (job,) = await store.claim_jobs(1, Lease(clock.now(), clock.now() + timedelta(seconds=9)))
    before = (await store.head()).position
    await incidents.settle(job, [ChannelOpened(stamp("bot"), "C1", "inc-1")])
    assert (await store.head()).position == before + 1
    assert await incidents.in_channel("C1") == made.id


async def test_a_channel_of_another_incident_is_not_taken_over(
    store: Store, clock: SteppedClock
) -> None:
    incidents = incidents_on(store, clock)
    await store.commit(Commit(claims={("channel", "C1"): "INC-OTHER"}))
    await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    (job,) = await store.claim_jobs(1, Lease(clock.now(), clock.now() + timedelta(seconds=9)))
    with pytest.raises(Refused, match="channel C1 belongs to another incident"):
        await incidents.settle(job, [ChannelOpened(stamp("bot"), "C1", "inc-1")])


async def test_what_came_due_too_late_is_no_longer_needed(
    store: Store, clock: SteppedClock
) -> None:
    incidents = incidents_on(store, clock)
    made = await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    await incidents.handle(made.id, ChangeStatus(ANA, Status.CLOSED), "r2")
    clock.advance(7200)
    jobs = await store.claim_jobs(9, Lease(clock.now(), clock.now() + timedelta(seconds=9)))
    due = next(job for job in jobs if job.kind == "acknowledgement_due")
    assert (await incidents.settle(due, CheckAnswered(BOT))).escalated == 0


async def test_a_private_incident_is_on_nobody_elses_board(
    store: Store, clock: SteppedClock
) -> None:
    incidents, board = incidents_on(store, clock), Board(store, clock)
    leak = await incidents.handle(None, Declare(ANA, "a leak", private=True), "r1")
    for viewer in (ANA, SECURITY):
        assert await board.open_incidents(viewer) == [leak]
        assert await board.incident(leak.id, viewer) == leak
    for viewer in (BO, EVE):
        assert await board.open_incidents(viewer) == []
        assert await board.incident(leak.id, viewer) is None


async def test_the_worst_is_listed_first_and_then_the_newest(
    store: Store, clock: SteppedClock
) -> None:
    incidents, board = incidents_on(store, clock), Board(store, clock)
    for n, severity in enumerate((Severity.P3, None, Severity.P0, Severity.P1, Severity.P3)):
        await incidents.handle(None, Declare(ANA, f"trouble {n}", severity), f"r{n}")
    listed = await board.open_incidents(ANA)
    assert [i.title[-1] for i in listed] == ["2", "3", "1", "4", "0"]


async def test_many_who_look_at_once_see_each_fact_once(store: Store, clock: SteppedClock) -> None:
    incidents, board = incidents_on(store, clock), Board(store, clock)
    await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    looked = await asyncio.gather(*(board.open_incidents(ANA) for _ in range(9)))
    assert [seen[0].seq for seen in looked] == [1] * 9


async def test_closed_incidents_are_not_kept_in_memory(store: Store, clock: SteppedClock) -> None:
    incidents = incidents_on(store, clock)
    made = await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    await incidents.handle(made.id, ChangeStatus(ANA, Status.CLOSED), "r2")
    assert (await incidents.current(made.id)).status is Status.CLOSED
    assert incidents._known == {}
