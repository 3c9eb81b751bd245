"""What open incidents cost is kept up to date, and is a fact when it looks different."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.authority import BOT
from bot.domain.catalogue import Measures, Service
from bot.domain.commands import ChangeStatus, Declare
from bot.domain.facts import ImpactMeasured, Milestone
from bot.domain.incident import Incident
from bot.domain.status import Status
from bot.ports import Unavailable
from bot.sources import Metrics, Sample
from bot.usecases.costs import Costs
from bot.usecases.impact import Measuring
from tests.samples import ANA
from tests.world import World


class Constant(Metrics):
    """Fails ten requests a second since there are incidents."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self.rate = 10.0
        self.away = False

    async def now(self, query: str) -> Sequence[tuple[dict[str, str], float]]:
        return []

    async def during(
        self, query: str, begin: datetime, end: datetime, step: timedelta
    ) -> Sequence[Sample]:
        if self.away:
            raise Unavailable("away")
        times = [begin + n * step for n in range(int((end - begin) / step) + 1)]
        return [Sample(at, self.rate if at >= self.since else 0.0) for at in times]


class Bench:
    def __init__(self) -> None:
        self.world = World()
        measures = Measures(failed="rate(failed)")
        services = {"checkout": Service("checkout", measures=measures), "mail": Service("mail")}
        self.world.rules.fixed = replace(self.world.rules.fixed, services=services)
        self.metrics = Constant(self.world.clock.now())
        board, clock = self.world.desk.board, self.world.clock
        measuring = Measuring(self.metrics, clock)
        self.costs = Costs(
            *(self.world.store, self.world.desk.incidents, board, self.world.rules),
            *(lambda _: measuring, clock),
        )

    async def declare(self, service: str) -> str:
        declared = Declare(ANA, f"{service} is down", services=(service,))
        return (await self.world.desk.incidents.handle(None, declared, service)).id

    async def after(self, minutes: float, incident: str) -> Incident:
        self.world.clock.advance(60 * minutes)
        await self.costs.measure()
        found = await self.world.desk.board.incident(incident, BOT)
        assert found
        return found


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_what_it_costs_grows_while_it_is_open(bench: Bench) -> None:
    incident = await bench.declare("checkout")
    first = await bench.after(10, incident)
    assert first.cost
    assert first.cost.failed == pytest.approx(6000, rel=0.05)
    assert first.cost.queries == {"failed": "rate(failed)"}
    assert set(first.cost.unknown) == {"users", "lost"}
    second = await bench.after(10, incident)
    assert second.cost
    assert second.cost.failed == pytest.approx(12000, rel=0.05)


async def test_what_looks_the_same_is_no_fact(bench: Bench) -> None:
    incident = await bench.declare("checkout")
    bench.metrics.rate = 0
    await bench.after(10, incident)
    await bench.after(10, incident)
    facts = await bench.world.store.history(incident)
    assert len([fact for fact in facts if isinstance(fact, ImpactMeasured)]) == 1


async def test_it_is_measured_once_more_when_it_is_resolved(bench: Bench) -> None:
    incident = await bench.declare("checkout")
    await bench.after(10, incident)
    bench.world.clock.advance(300)
    resolve = ChangeStatus(ANA, Status.RESOLVED)
    await bench.world.desk.incidents.handle(incident, resolve, "r")
    last = await bench.after(1, incident)
    assert last.cost
    assert last.cost.failed == pytest.approx(9000, rel=0.05)
    assert (await bench.after(60, incident)).seq == last.seq


async def test_what_is_known_at_the_end_is_not_lost_while_the_metrics_are_away(
    bench: Bench,
) -> None:
    incident = await bench.declare("checkout")
    await bench.after(10, incident)
    bench.world.clock.advance(30)
    resolve = ChangeStatus(ANA, Status.RESOLVED)
    await bench.world.desk.incidents.handle(incident, resolve, "r")
    bench.metrics.away = True
    known = await bench.after(1, incident)
    assert known.cost
    assert known.cost.failed == pytest.approx(6000, rel=0.05)
    bench.metrics.away = False
    last = await bench.after(1, incident)
    assert last.cost
    assert last.cost.end == last.milestones[Milestone.RESOLVED].at
    assert (await bench.after(60, incident)).seq == last.seq


async def test_what_stays_away_long_after_the_end_is_unknown(bench: Bench) -> None:
    incident = await bench.declare("checkout")
    bench.metrics.away = True
    bench.world.clock.advance(30)
    resolve = ChangeStatus(ANA, Status.RESOLVED)
    await bench.world.desk.incidents.handle(incident, resolve, "r")
    assert (await bench.after(59, incident)).cost is None
    last = await bench.after(2, incident)
    assert last.cost
    assert last.cost.unknown["failed"] == "away"
    assert (await bench.after(60, incident)).seq == last.seq


async def test_what_has_no_query_is_not_asked_and_what_is_away_is_unknown(bench: Bench) -> None:
    mail = await bench.declare("mail")
    assert (await bench.after(10, mail)).cost is None
    bench.metrics.away = True
    known = await bench.after(1, await bench.declare("checkout"))
    assert known.cost
    assert known.cost.failed is None
    assert known.cost.unknown["failed"] == "away"
