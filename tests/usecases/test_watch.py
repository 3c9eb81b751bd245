"""What fails is told once by the door of all alerts, and nothing that hangs holds others up."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.alerts import Group, Outcome, Result
from bot.domain.catalogue import Service
from bot.domain.policy import Policy
from bot.domain.spikes import Spike
from bot.domain.watching import Condition, WatchRules
from bot.ports import Lease, Unavailable
from bot.sources import Reached
from bot.usecases.watch import TELLING, Sources, Watch
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.fakes.sources import FakeAddresses, FakeLogs, FakeMetrics
from tests.fakes.store import MemoryStore
from tests.world import World

RULES = WatchRules(spikes=(Spike("timeout", ("timed out",), times=3),))
SERVICES = {
    "checkout": Service("checkout", health="http://checkout/", logs=("/checkout.log",)),
    "search": Service("search", health="http://search/"),
}
DOWN = {"__name__": "up", "job": "checkout", "instance": "10.0.0.1:80"}
BROKEN = Reached(503, 0.1)


class LeasedStore(MemoryStore):
    """One that may be held by another."""

    held = True
    trouble: Exception | None = None

    async def hold(self, name: str, lease: Lease) -> bool:
        if self.trouble:
            raise self.trouble
        return self.held


class Room:
    def __init__(self, clock: SteppedClock) -> None:
        self.clock = clock
        self.store = LeasedStore(clock)
        self.addresses, self.logs, self.metrics = FakeAddresses(), FakeLogs(), FakeMetrics(clock)
        self.rules = FixedRules(Policy(services=SERVICES, watch=RULES))
        self.taken: list[Group] = []
        self.failures: list[Exception] = []
        self.result = Result.COUNTED
        self.slow = False
        self.up: dict[str, float] = {}
        self.targets()
        self.watch = self.another()

    def another(self) -> Watch:
        sources = Sources(self.addresses, self.logs, self.metrics)
        return Watch(self.store, self.rules, sources, self.take, self.clock)

    async def take(self, group: Group) -> Outcome:
        if self.slow:
            await asyncio.Event().wait()
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(group)
        return Outcome(self.result)

    def targets(self, *down: dict[str, str]) -> None:
        up = {"__name__": "up", "job": "search", "instance": "10.0.0.2:80"}
        self.metrics.gives("up", (up, lambda _: 1.0), *((d, lambda _: 0.0) for d in down))
        self.metrics.gives("(up) == 0", *((d, lambda _: 0.0) for d in down))

    async def look(self, times: int = 1, watch: Watch | None = None) -> list[str]:
        """Look so often; return what was told."""
        before = len(self.taken)
        for _ in range(times):
            self.clock.advance(RULES.every.total_seconds())
            await (watch or self.watch).look()
        return told(self.taken[before:])


def told(groups: list[Group]) -> list[str]:
    found = [(g.key, a) for g in groups for a in g.alerts]
    return sorted(f"{k}: {a.fingerprint} {'fires' if a.firing else 'is over'}" for k, a in found)


@pytest.fixture
def room(clock: SteppedClock) -> Room:
    return Room(clock)


@pytest.fixture
async def calm(room: Room) -> Room:
    """A room where everything was seen to work, and that was told."""
    assert len(await room.look(2)) == 4
    return room


async def test_that_all_works_is_told_once_as_nobody_knows_what_was_told_before(
    room: Room,
) -> None:
    assert await room.look() == []
    first = await room.look()
    assert [line for line in first if "target" not in line] == [
        "checkout: errors/checkout/timeout is over",
        "checkout: health/checkout is over",
        "search: health/search is over",
    ]
    assert await room.look(3) == []


@pytest.mark.parametrize("passed_over", [Result.EXPECTED, Result.WAITING])
async def test_what_is_passed_over_for_now_is_told_again(calm: Room, passed_over: Result) -> None:
    calm.addresses.answers["http://checkout/"] = BROKEN
    calm.result = passed_over  # as in a maintenance window, or below a threshold
    fires = "checkout: health/checkout fires"
    assert await calm.look(4) == [fires, fires, fires]
    calm.result = Result.OPENED
    assert await calm.look(4) == [fires]
    calm.addresses.answers["http://checkout/"] = Reached(200, 0.1)
    calm.result = passed_over
    assert await calm.look(4) == ["checkout: health/checkout is over"]


async def test_a_service_that_fails_is_told_once_and_again_when_it_works(calm: Room) -> None:
    calm.addresses.answers["http://checkout/"] = BROKEN
    assert await calm.look() == []
    assert await calm.look() == ["checkout: health/checkout fires"]
    (alert,) = calm.taken[-1].alerts
    assert alert.summary == "answered 503"
    assert await calm.look(5) == []
    calm.addresses.answers["http://checkout/"] = Reached(204, 0.1)
    assert await calm.look() == []
    assert await calm.look() == ["checkout: health/checkout is over"]


@pytest.mark.parametrize("status", [200, 204, 302, 404, 500])
async def test_what_is_no_success_is_a_failure(calm: Room, status: int) -> None:
    calm.addresses.answers["http://search/"] = Reached(status, 0.1)
    fails = await calm.look(2) == ["search: health/search fires"]
    assert fails == (status >= 300)


async def test_a_target_that_is_down_or_gone_is_told(calm: Room) -> None:
    calm.targets(DOWN)
    (line,) = await calm.look(2)
    assert line.startswith("checkout: target/")
    assert line.endswith(" fires")
    calm.targets()
    (line,) = await calm.look(2)
    assert line.endswith(" is over")
    assert calm.metrics.asked[0] == "up"
    assert set(calm.metrics.asked[1:]) == {"(up) == 0"}


async def test_errors_in_the_logs_are_told_at_once_without_secrets(calm: Room) -> None:
    calm.logs.write("/checkout.log", "timed out", "all is well", "timed out")
    assert await calm.look() == []
    calm.logs.write("/checkout.log", "timed out: postgres://u:hunter2@db/shop")
    assert await calm.look() == ["checkout: errors/checkout/timeout fires"]
    (alert,) = calm.taken[-1].alerts
    assert alert.summary.startswith("3 in 5 min, such as: timed out: ")
    assert "hunter2" not in repr(calm.taken)
    assert await calm.look(8) == []
    assert await calm.look(3) == ["checkout: errors/checkout/timeout is over"]


async def test_what_the_door_does_not_take_is_told_later(calm: Room) -> None:
    calm.addresses.answers["http://checkout/"] = BROKEN
    calm.failures = [Unavailable("the store is away")] * 2
    assert await calm.look(2) == []
    with pytest.raises(Unavailable, match="telling of checkout: the store is away"):
        await calm.watch.check()
    assert await calm.look() == ["checkout: health/checkout fires"]
    await calm.watch.check()


async def test_after_a_restart_what_still_fails_is_told_again_and_what_is_over_too(
    calm: Room,
) -> None:
    calm.addresses.answers["http://checkout/"] = BROKEN
    await calm.look(2)
    calm.targets(DOWN)
    found = await calm.look(2, calm.another())
    assert "checkout: health/checkout fires" in found
    assert "search: health/search is over" in found
    assert len([line for line in found if "target" in line]) == 2


async def step(room: Room, seconds: float, looking: "asyncio.Future[None]") -> None:
    """Let what runs go on, then let time pass."""
    await asyncio.wait([looking], timeout=0.02)
    room.clock.advance(seconds)
    await asyncio.wait([looking], timeout=1)


async def test_what_hangs_holds_up_nothing_else(calm: Room) -> None:
    calm.addresses.hanging = {"http://checkout/"}
    calm.metrics.hangs = True
    calm.addresses.answers["http://search/"] = BROKEN
    for found in ([], ["search: health/search fires"]):
        before = len(calm.taken)
        looking = asyncio.ensure_future(calm.watch.look())
        await asyncio.wait([looking], timeout=0.02)
        assert told(calm.taken[before:]) == found
        assert not looking.done()
        await step(calm, RULES.patience.total_seconds(), looking)
        assert looking.done()
    (alert,) = calm.taken[-1].alerts
    assert (alert.fingerprint, alert.summary) == ("health/checkout", "no answer within 10 s")
    with pytest.raises(Unavailable, match="metrics: no answer"):
        await calm.watch.check()


async def test_a_door_that_hangs_is_given_up(calm: Room) -> None:
    calm.addresses.answers["http://search/"] = BROKEN
    await calm.look()
    calm.slow = True
    looking = asyncio.ensure_future(calm.watch.look())
    await step(calm, TELLING.total_seconds(), looking)
    assert looking.done()
    calm.slow = False
    assert await calm.look() == ["search: health/search fires"]


async def test_who_does_not_hold_the_lease_does_not_look(calm: Room) -> None:
    calm.addresses.answers["http://search/"] = BROKEN
    await calm.look(2)
    calm.store.held = False
    asked = len(calm.addresses.asked)
    assert await calm.look(2) == []
    assert len(calm.addresses.asked) == asked
    assert calm.watch.finding("search") is None
    calm.store.held = True
    assert "search: health/search fires" in await calm.look(2)


async def test_who_held_it_all_the_while_forgets_nothing(calm: Room) -> None:
    calm.addresses.answers["http://search/"] = BROKEN
    await calm.look(2)
    calm.store.trouble = Unavailable("away")
    assert await calm.look() == []
    with pytest.raises(Unavailable, match="store: away"):
        await calm.watch.check()
    calm.store.trouble = None
    assert await calm.look(2) == []
    calm.store.trouble = Unavailable("away")
    await calm.look(5)
    calm.store.trouble = None
    assert "search: health/search fires" in await calm.look(2)


async def test_what_is_no_longer_watched_fails_no_more(calm: Room) -> None:
    calm.addresses.answers = {"http://search/": BROKEN, "http://checkout/": BROKEN}
    calm.targets(DOWN)
    await calm.look(2)
    calm.rules.fixed = replace(calm.rules.fixed, services={"checkout": SERVICES["checkout"]})
    assert await calm.look() == ["search: health/search is over"]
    calm.rules.fixed = replace(calm.rules.fixed, watch=None)
    found = await calm.look()
    assert [line.split()[1].split("/")[0] for line in found] == ["health", "target"]
    assert all(line.endswith("is over") for line in found)
    asked = len(calm.addresses.asked)
    assert await calm.look(3) == []
    assert len(calm.addresses.asked) == asked


async def test_logs_and_metrics_that_cannot_be_read_are_the_operators_trouble(calm: Room) -> None:
    calm.logs.trouble = Unavailable("/checkout.log: Permission denied")
    calm.metrics.troubles["(up) == 0"] = Unavailable("the metrics did not answer")
    assert await calm.look(3) == []
    with pytest.raises(Unavailable, match=r"logs of checkout: .*Permission denied") as raised:
        await calm.watch.check()
    assert "metrics: the metrics did not answer" in str(raised.value)
    calm.logs.trouble = None
    calm.metrics.troubles = {}
    await calm.look()
    await calm.watch.check()


async def test_what_is_known_of_a_service_can_be_read(calm: Room, clock: SteppedClock) -> None:
    began = clock.now() - RULES.every
    calm.logs.write("/checkout.log", "timed out", "timed out: token=hunter2hunter2")
    calm.targets(DOWN)
    await calm.look()
    found = calm.watch.finding("checkout")
    assert found
    assert found.down == ()  # it was seen once only
    await calm.look()
    found = calm.watch.finding("checkout")
    assert found
    assert found.health == Condition(works=True, since=began, said="answered 200", seconds=0.01)
    assert [(e.kind, e.count) for e in found.errors] == [("timeout", 2)]
    assert "hunter2" not in found.errors[0].example
    assert found.down == ("10.0.0.1:80",)
    other = calm.watch.finding("search")
    assert other
    assert other.down == ()
    calm.addresses.answers["http://checkout/"] = Unavailable("connection refused")
    await calm.look()
    found = calm.watch.finding("checkout")
    assert found
    assert found.health == Condition(works=False, since=clock.now(), said="connection refused")
    clock.advance(600)
    found = calm.watch.finding("checkout")
    assert found
    assert found.errors == ()
    assert calm.watch.finding("unheard-of") is None


async def test_many_targets_are_told_in_parts(calm: Room) -> None:
    calm.targets(*({**DOWN, "instance": f"10.0.0.{i}:80"} for i in range(250)))
    before = len(calm.taken)
    assert len(await calm.look(2)) == 250
    assert [len(group.alerts) for group in calm.taken[before:]] == [100, 100, 50]


@pytest.fixture
async def running(room: Room) -> AsyncIterator[Room]:
    task = asyncio.ensure_future(room.watch.run())
    yield room
    task.cancel()
    await asyncio.wait([task])


async def test_it_looks_every_so_often(running: Room, clock: SteppedClock) -> None:
    for count in (2, 4, 6):
        await asyncio.sleep(0.02)
        assert len(running.addresses.asked) == count
        assert clock.next() == clock.now() + RULES.every
        clock.advance(29)
        await asyncio.sleep(0.01)
        assert len(running.addresses.asked) == count
        clock.advance(1)


async def test_without_the_watch_nothing_is_asked(room: Room) -> None:
    room.rules.fixed = replace(room.rules.fixed, watch=None)
    assert await room.look(3) == []
    assert room.addresses.asked == []
    await room.watch.check()


async def test_the_door_takes_what_is_told_again_for_nothing(room: Room) -> None:
    world = World(clock=room.clock)
    world.rules.fixed = replace(world.rules.fixed, services=SERVICES)

    async def take(group: Group) -> Outcome:
        room.taken.append(group)
        return await world.intake.take(group)

    sources = Sources(room.addresses, room.logs, room.metrics)
    first, second = (Watch(room.store, room.rules, sources, take, room.clock) for _ in range(2))
    assert len(await room.look(2, first)) == 4
    assert (await world.store.head()).position == 0
    room.addresses.answers["http://checkout/"] = BROKEN
    await room.look(2, first)
    opened = (await world.store.head()).position
    assert opened > 0
    assert "checkout: health/checkout fires" in await room.look(2, second)
    assert (await world.store.head()).position == opened
    room.addresses.answers = {}
    await room.look(2, second)
    assert (await world.store.head()).position > opened
