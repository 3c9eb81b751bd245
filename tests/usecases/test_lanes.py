"""The worker's lanes: nothing is asked in vain, nobody waits for another, nothing is kept long."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.adapters.throttle import TIER_3, Rate, Throttle
from bot.domain.facts import Fact
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.domain.policy import Policy
from bot.ports import Commit, Lease, Unavailable
from bot.usecases.effects import Effect, Safe
from bot.usecases.incidents import Incidents
from bot.usecases.leases import LEASE
from bot.usecases.worker import LANES, SLOW_LANES, Worker
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FakeTelemetry, FixedRules
from tests.fakes.store import MemoryStore
from tests.samples import T

Pay = Callable[[Job], Awaitable[None]]
SLOW, OTHER = Kind.PIN, Kind.ANSWER


class Twin(MemoryStore):
    """Counts what it is asked; may be away, or hang."""

    def __init__(self, clock: SteppedClock) -> None:
        super().__init__(clock)
        self.asked: Counter[str] = Counter()
        self.away = False
        self.answers = asyncio.Event()
        self.answers.set()

    def hang(self, *, hanging: bool) -> None:
        self.answers.clear() if hanging else self.answers.set()

    async def _asked(self, what: str) -> None:
        self.asked[what] += 1
        await self.answers.wait()
        if self.away:
            raise Unavailable("the store is away")

    async def commit(self, commit: Commit) -> int:
        await self._asked("commit")
        return await super().commit(commit)

    async def beyond(self, position: int) -> int:
        await self._asked("beyond")
        return await super().beyond(position)

    async def claim_jobs(
        self, lanes: int, lease: Lease, parked: Collection[Kind] = ()
    ) -> Sequence[Job]:
        await self._asked("claim")
        return await super().claim_jobs(lanes, lease, parked)

    async def renew(self, jobs: Sequence[Job], until: datetime) -> Sequence[Job]:
        await self._asked("renew")
        return await super().renew(jobs, until)

    async def next_due(self, parked: Collection[Kind] = ()) -> datetime | None:
        await self._asked("next_due")
        return await super().next_due(parked)


class Bench:
    """A worker on a store, and what it paid."""

    def __init__(self, clock: SteppedClock, store: Twin | None = None) -> None:
        self.clock = clock
        self.store = store or Twin(clock)
        self.telemetry = FakeTelemetry()
        self.paid: list[str] = []
        self.pays: dict[Kind, Pay] = {}

    def worker(self) -> Worker:
        incidents = Incidents(self.store, FixedRules(Policy()), self.clock)
        effects: Mapping[Kind, Effect] = {kind: Safe(self._pay) for kind in Kind}
        return Worker(self.store, incidents, effects, self.clock, self.telemetry)

    async def _pay(self, job: Job, _: Incident, __: object) -> Sequence[Fact]:
        if pay := self.pays.get(job.kind):
            await pay(job)
        self.paid.append(job.key)
        return ()

    async def owe(self, kind: Kind, count: int = 1, lanes: int = 1000, due: datetime = T) -> None:
        jobs = [Job(f"{kind}/{n:04}", kind, "", f"{kind}/{n % lanes}", due) for n in range(count)]
        await MemoryStore.commit(self.store, Commit(jobs=jobs))

    @asynccontextmanager
    async def working(self, worker: Worker | None = None) -> AsyncIterator["asyncio.Task[None]"]:
        running = asyncio.create_task((worker or self.worker()).run())
        await turn()
        yield running
        running.cancel()
        self.store.hang(hanging=False)
        await self.until(running.done)

    async def until(self, what: Callable[[], object]) -> None:
        """Let time pass until it is so, ten seconds at most."""
        for _ in range(100):
            if what():
                return
            await self.passes(0.1)
        raise AssertionError

    async def passes(self, seconds: float) -> None:
        """Let time pass from one who waits to the next."""
        until = self.clock.now() + timedelta(seconds=seconds)
        await turn()
        while self.clock.now() < until:
            first = min(self.clock.next() or until, until)
            self.clock.advance((first - self.clock.now()).total_seconds())
            await turn()

    def outcomes(self) -> Counter[str]:
        return Counter(outcome for _, outcome in self.telemetry.seen)

    def owed(self) -> list[Job]:
        return list(self.store.index.lanes.jobs())


async def turn() -> None:
    """Let everybody do what they can without time passing."""
    for _ in range(60):
        await asyncio.sleep(0)


async def never(_: Job) -> None:
    await asyncio.Event().wait()


@pytest.fixture
def bench(clock: SteppedClock) -> Bench:
    return Bench(clock)


async def test_an_idle_worker_asks_nothing(bench: Bench) -> None:
    async with bench.working():
        await bench.passes(3600)
        assert bench.store.asked.total() <= 4
        await bench.owe(OTHER)
        await turn()
        assert len(bench.paid) == 1


async def test_a_job_is_started_at_its_hour_and_not_looked_for_before(bench: Bench) -> None:
    async with bench.working():
        await bench.owe(OTHER, due=T + timedelta(minutes=30))
        await bench.passes(1799)
        assert bench.paid == []
        assert bench.store.asked.total() <= 8
        await bench.passes(1)
        assert len(bench.paid) == 1


async def test_what_another_process_commits_is_paid_at_once(bench: Bench) -> None:
    async with bench.working():
        await bench.passes(10)
        for n in range(1, 4):
            reply = Job(f"answer/{n}", OTHER, "", f"{n}", bench.clock.now())
            await bench.store.commit(Commit(jobs=(reply,)))
            await turn()
            assert len(bench.paid) == n


async def test_with_every_lane_busy_nothing_is_claimed(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW, 2 * LANES)
    async with bench.working():
        before = bench.store.asked["claim"], bench.store.asked["next_due"]
        await bench.passes(20)
        assert (bench.store.asked["claim"], bench.store.asked["next_due"]) == before
        assert 10 <= bench.store.asked["renew"] <= 20


async def test_an_answer_finds_a_lane_however_many_decorations_hang(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW, 2 * LANES)
    async with bench.working():
        await bench.owe(OTHER, 3)
        await bench.passes(0.1)
        assert len(bench.paid) == 3
        before = bench.store.asked["claim"]
        await bench.passes(3)
        assert bench.store.asked["claim"] == before


async def test_a_lane_that_hangs_is_looked_at_no_oftener_than_its_lease_ends(
    bench: Bench,
) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW, 1)
    async with bench.working():
        await bench.passes(25)
        assert bench.store.asked["claim"] <= 12
        assert bench.outcomes() == {}


async def test_a_store_that_is_away_is_asked_ever_less_and_found_again(bench: Bench) -> None:
    async with bench.working():
        bench.store.away = True
        bench.store.news.tell()
        await bench.owe(OTHER)
        before = bench.store.asked.total()
        await bench.passes(600)
        assert bench.store.asked.total() - before <= 2 * (600 / 4 + 6)
        assert bench.paid == []
        bench.store.away = False
        await bench.passes(5)
        assert len(bench.paid) == 1


async def test_a_store_that_is_away_while_it_waits_for_news_is_listened_to_again(
    clock: SteppedClock,
) -> None:
    class Deaf(Twin):
        async def beyond(self, position: int) -> int:
            if self.away:
                raise Unavailable("the connection is lost")
            return await super().beyond(position)

        async def _asked(self, what: str) -> None:
            self.asked[what] += 1

    bench = Bench(clock, Deaf(clock))
    bench.store.away = True
    async with bench.working():
        await bench.passes(60)
        await bench.owe(OTHER)
        bench.store.away = False
        await bench.passes(5)
        assert len(bench.paid) == 1


async def test_what_runs_long_is_kept(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW)
    async with bench.working():
        other = bench.worker()
        for _ in range(25):
            await bench.passes(1)
            assert not await other.step()


async def test_a_job_of_a_killed_process_is_taken_within_five_seconds(bench: Bench) -> None:
    await bench.owe(OTHER)
    now = bench.clock.now()
    await bench.store.claim_jobs(1, Lease(now, now + LEASE))
    async with bench.working():
        await bench.passes(5)
        assert len(bench.paid) == 1


async def test_work_whose_lease_is_lost_is_stopped_at_once(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW)
    async with bench.working():
        (job,) = bench.owed()
        bench.store.index.lanes.free()
        bench.clock.advance(0.01)
        now = bench.clock.now()
        (again,) = await bench.store.claim_jobs(1, Lease(now, now + timedelta(minutes=1)))
        assert again.key == job.key
        await bench.passes(1.4)
        assert bench.telemetry.seen == [(SLOW, "fenced")]
        assert bench.store.index.lanes.fence(again) == again.fence


@pytest.mark.parametrize("trouble", ["hanging", "away"])
async def test_work_whose_lease_cannot_be_renewed_is_stopped_before_it_ends(
    bench: Bench, trouble: str
) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW)
    async with bench.working():
        began = bench.clock.now()
        bench.store.hang(hanging=trouble == "hanging")
        bench.store.away = trouble == "away"
        await bench.until(lambda: bench.telemetry.seen)
        assert bench.telemetry.seen == [(SLOW, "fenced")]
        assert timedelta(seconds=3) < bench.clock.now() - began < LEASE
        bench.store.hang(hanging=False)
        bench.store.away = False
        bench.pays.clear()
        await bench.passes(6)
        assert len(bench.paid) == 1


async def test_a_renewal_that_fails_once_stops_nothing(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW)
    async with bench.working():
        for _ in range(5):
            bench.store.away = True
            await bench.passes(1.5)
            bench.store.away = False
            await bench.passes(1.5)
        assert bench.telemetry.seen == []


async def test_a_kind_that_has_to_wait_delays_no_other(bench: Bench) -> None:
    async def told(_: Job) -> None:
        raise Unavailable("Slack asks to wait", retry_after=timedelta(seconds=30))

    bench.pays[SLOW] = told
    await bench.owe(SLOW, 1000)
    await bench.owe(OTHER, 20)
    async with bench.working():
        await bench.passes(29)
        assert len(bench.paid) == 20
        assert bench.outcomes()["put back"] <= LANES
        assert bench.store.asked["commit"] <= LANES + 20
        before = bench.store.asked.total()
        await bench.passes(300)
        assert bench.store.asked.total() - before <= 10 * 10
    assert {job.attempts for job in bench.owed()} == {0}


async def test_a_thousand_jobs_go_at_the_pace_of_their_turns_in_order_and_once(
    bench: Bench,
) -> None:
    throttle = Throttle(bench.clock, {"pins.add": TIER_3}, {})

    async def pin(_: Job) -> None:
        throttle.take("pins.add")

    bench.pays[SLOW] = pin
    await bench.owe(SLOW, 1000, lanes=100)
    async with bench.working():
        await bench.passes(600)
        assert len(bench.paid) == 25 + 500
        assert bench.outcomes()["put back"] <= len(bench.paid) + LANES
        assert bench.store.asked["claim"] <= 6 * len(bench.paid)
        await bench.passes(600)
    assert len(bench.paid) == len(set(bench.paid)) == 1000
    for lane in range(100):
        paid = [key for key in bench.paid if int(key[-4:]) % 100 == lane]
        assert paid == sorted(paid)


async def test_after_a_wait_all_lanes_are_used_again(bench: Bench) -> None:
    throttle = Throttle(bench.clock, {"pins.add": Rate(timedelta(milliseconds=1), 1000)}, {})
    throttle.park("pins.add", timedelta(seconds=30))
    most = running = 0

    async def pin(_: Job) -> None:
        nonlocal most, running
        throttle.take("pins.add")
        most, running = max(most, running + 1), running + 1
        await bench.clock.sleep_until(bench.clock.now() + timedelta(seconds=1))
        running -= 1

    bench.pays[SLOW] = pin
    await bench.owe(SLOW, 100)
    async with bench.working():
        await bench.passes(60)
        assert len(bench.paid) == 100
        assert most == SLOW_LANES


async def test_what_still_runs_after_the_grace_is_given_to_another_at_once(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW, LANES + 3)
    async with bench.working() as running:
        claimed = bench.store.asked["claim"]
        began = bench.clock.now()
        running.cancel()
        await bench.until(running.done)
        assert bench.clock.now() - began < timedelta(seconds=3.2)
        assert bench.store.asked["claim"] == claimed
    bench.pays.clear()
    other = bench.worker()
    taken = [await other.step() for _ in range(LANES + 3)]
    assert all(taken)
    assert len(bench.paid) == LANES + 3
    assert bench.owed() == []


async def test_what_is_given_back_keeps_its_attempts(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW)
    async with bench.working() as running:
        running.cancel()
        await bench.passes(4)
    (job,) = bench.owed()
    assert (job.attempts, job.fence, job.due <= bench.clock.now()) == (1, 0, True)


async def test_a_store_that_hangs_does_not_hold_up_the_end(bench: Bench) -> None:
    bench.pays[SLOW] = never
    await bench.owe(SLOW, 3)
    async with bench.working() as running:
        bench.store.hang(hanging=True)
        began = bench.clock.now()
        running.cancel()
        await bench.until(running.done)
        assert bench.clock.now() - began < timedelta(seconds=3.2)


async def test_once_the_chat_is_back_what_waited_starts_at_once_and_keeps_to_its_turns(
    bench: Bench,
) -> None:
    throttle = Throttle(bench.clock, {"pins.add": TIER_3}, {})

    async def away(_: Job) -> None:
        raise Unavailable("the chat is away")

    async def pin(_: Job) -> None:
        throttle.take("pins.add")

    bench.pays = {SLOW: away, OTHER: away}
    worker = bench.worker()
    await bench.owe(SLOW, 100)
    await bench.owe(OTHER, 6, lanes=2)
    async with bench.working(worker):
        await bench.passes(1)
        worker.lost()
        await bench.passes(600)
        assert bench.outcomes()["put back"] < 150  # and not once a minute for each
        bench.pays = {SLOW: pin}
        worker.back()
        await turn()
        assert len([key for key in bench.paid if key.startswith(OTHER)]) == 6
        assert (
            len([key for key in bench.paid if key.startswith(SLOW)]) == 25
        )  # the turns there are
        before = bench.outcomes()["put back"]
        await bench.passes(90)
        assert len(bench.paid) == len(set(bench.paid)) == 106
        assert bench.outcomes()["put back"] - before <= 75 + LANES


async def test_while_the_chat_is_away_a_job_of_each_kind_is_tried_now_and_then(
    bench: Bench,
) -> None:
    async def away(_: Job) -> None:
        raise Unavailable("the chat is away")

    bench.pays = {SLOW: away}
    worker = bench.worker()
    worker.lost()
    await bench.owe(SLOW, 20)
    async with bench.working(worker):
        await bench.passes(300)
        assert bench.outcomes()["put back"] <= LANES + 11
        bench.pays = {}  # and nobody says that it is back
        await bench.passes(30)
        assert len(bench.paid) == 20
