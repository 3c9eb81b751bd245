"""The process is killed at the worst moments: what is lost, what is doubled, who is asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import pytest

from bot.domain.authority import BOT
from bot.domain.commands import ChangeSeverity, CheckAnswered, Declare
from bot.domain.facts import Escalated, Fact, OutcomeUnknown, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.domain.severity import Severity
from bot.ports import Commit, Unavailable
from bot.usecases.effects import Ask, Draw, Due, Effect, LookFirst, Safe
from bot.usecases.leases import LEASE
from bot.usecases.worker import Worker
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.samples import ANA
from tests.world import World

BEFORE, BETWEEN, AFTER = "before the effect", "between effect and record", "after the record"


class Killed(BaseException):
    """The end of the process."""


class Mortal(MemoryStore):
    """Kills who ends a job, before or after that is written."""

    kill = ""

    async def commit(self, commit: Commit) -> int:
        if commit.finishes and self.kill == BETWEEN:
            raise Killed
        position = await super().commit(commit)
        if commit.finishes and self.kill == AFTER:
            raise Killed
        return position


class Outside:
    """What the effect is had on: how often, and whether that can be seen."""

    def __init__(self, store: Mortal) -> None:
        self.store = store
        self.ran = 0

    async def pay(self, *_: object) -> Sequence[Fact]:
        if self.store.kill == BEFORE:
            raise Killed
        self.ran += 1
        return ()

    async def look(self, *_: object) -> Sequence[Fact] | None:
        return () if self.ran else None

    async def draw(self, job: Job, incident: Incident, _: Stamp) -> tuple[int, Sequence[Fact]]:
        """Post the picture unless an earlier attempt did; editing it shows the same again."""
        if self.store.kill == BEFORE:
            raise Killed
        if not (job.attempts > 1 and self.ran):
            self.ran += 1
        return max(incident.seq, job.wanted_seq), ()


KINDS: Mapping[str, Callable[[Outside], Effect]] = {
    "Safe": lambda outside: Safe(outside.pay),
    "LookFirst": lambda outside: LookFirst(outside.pay, outside.look),
    "Ask": lambda outside: Ask(outside.pay),
    "Draw": lambda outside: Draw(outside.draw),
    "Due": lambda _: Due(CheckAnswered(BOT)),
}


class Came(NamedTuple):
    """How often it ran, and how often a person was asked whether it did."""

    ran: int
    asked: int


TABLE = [
    ("Safe", BEFORE, Came(1, 0)),
    ("Safe", BETWEEN, Came(2, 0)),  # harmless: that is what Safe says
    ("Safe", AFTER, Came(1, 0)),
    ("LookFirst", BEFORE, Came(1, 0)),
    ("LookFirst", BETWEEN, Came(1, 0)),
    ("LookFirst", AFTER, Came(1, 0)),
    ("Ask", BEFORE, Came(0, 1)),  # nobody but a person can tell these two apart
    ("Ask", BETWEEN, Came(1, 1)),
    ("Ask", AFTER, Came(1, 0)),
    ("Draw", BEFORE, Came(1, 0)),
    ("Draw", BETWEEN, Came(1, 0)),
    ("Draw", AFTER, Came(1, 0)),
    ("Due", BETWEEN, Came(1, 0)),  # its effect is the record
    ("Due", AFTER, Came(1, 0)),
]


def worker(world: World, effect: Effect) -> Worker:
    """Return the worker of a process that has just started."""
    fresh = World(world.store, clock=world.clock)
    table = dict.fromkeys(Kind, effect)
    return Worker(world.store, fresh.desk.incidents, table, world.clock, world.telemetry)


@pytest.mark.parametrize(("kind", "moment", "came"), TABLE, ids=str)
async def test_what_is_lost_doubled_and_asked(
    clock: SteppedClock, kind: str, moment: str, came: Came
) -> None:
    store = Mortal(clock)
    world = World(store, clock=clock)
    made = await world.desk.incidents.handle(None, Declare(ANA, "x", Severity.P1), "r1")
    await only(world, Kind.ACKNOWLEDGEMENT_DUE if kind == "Due" else Kind.OPEN_CHANNEL)
    clock.advance(3600)
    outside = Outside(store)
    effect = KINDS[kind](outside)
    store.kill = moment
    with pytest.raises(Killed):
        await worker(world, effect).step()
    store.kill = ""
    again = worker(world, effect)
    clock.advance(LEASE.total_seconds())
    while await again.step():
        await only(world, None)  # what follows from it is not looked at
    facts = await store.history(made.id)
    escalated = sum(isinstance(fact, Escalated) for fact in facts)
    asked = sum(isinstance(fact, OutcomeUnknown) for fact in facts)
    assert Came(escalated if kind == "Due" else outside.ran, asked) == came
    assert list(store.index.lanes.jobs()) == []


async def test_a_store_that_asks_to_wait_when_it_is_recorded_leaves_it_unclear(
    clock: SteppedClock,
) -> None:
    """The effect was had, so it must not come back as one that surely did nothing."""

    class Busy(Mortal):
        busy = 1

        async def commit(self, commit: Commit) -> int:
            if commit.finishes and self.busy:
                self.busy -= 1
                raise Unavailable("busy", retry_after=timedelta(seconds=1))
            return await super().commit(commit)

    store = Busy(clock)
    world = World(store, clock=clock)
    await world.desk.incidents.handle(None, Declare(ANA, "x", Severity.P1), "r1")
    await only(world, Kind.OPEN_CHANNEL)
    outside = Outside(store)
    careful = worker(world, LookFirst(outside.pay, outside.look))
    with pytest.raises(Unavailable):
        await careful.step()
    clock.advance(LEASE.total_seconds())
    assert await careful.step()
    assert outside.ran == 1


async def only(world: World, kind: Kind | None) -> None:
    """Take away every job that is not of that kind."""
    assert isinstance(world.store, Mortal)
    lanes = world.store.index.lanes
    others = [job for job in lanes.jobs() if job.kind is not kind and not job.fence]
    for job in others:
        lanes.lease([job], world.clock.now())
        lanes.finish(job)


async def test_after_two_hours_down_one_message_and_not_forty(world: World) -> None:
    made = await world.desk.incidents.handle(None, Declare(ANA, "x", Severity.P0), "r0")
    await world.work()
    for n in range(40):
        severity = (Severity.P1, Severity.P0)[n % 2]
        await world.desk.incidents.handle(made.id, ChangeSeverity(ANA, severity), f"r{n + 1}")
    assert isinstance(world.store, MemoryStore)
    due = [j for j in world.store.index.lanes.jobs() if j.kind is Kind.ACKNOWLEDGEMENT_DUE]
    assert len(due) == 41
    world.clock.advance(7200)
    said = await world.work()
    assert sum("Nobody has acknowledged" in line for line in said) == 1
    assert (await world.desk.incidents.current(made.id)).escalated == 1
