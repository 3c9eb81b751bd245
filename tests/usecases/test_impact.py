"""What an incident costs is asked of the metrics, and unknown where they do not tell."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.prometheus import Prometheus
from bot.domain.catalogue import Measures, Service
from bot.domain.errors import Refused
from bot.domain.facts import Milestone
from bot.domain.impact import NO_DATA, NO_QUERY, NO_SERVICE, NO_SOURCE, NO_TIME, Figure, Unknown
from bot.domain.incident import Incident
from bot.domain.milestones import Passed
from bot.domain.policy import Policy
from bot.ports import Unavailable
from bot.usecases.impact import PATIENCE, Measuring
from tests.fakes.clock import SteppedClock
from tests.fakes.sources import FakeMetrics, Rate, Series
from tests.prometheus import prometheus

M = timedelta(minutes=1)
CHECKOUT = Service("checkout", measures=Measures("r", "f", "u", "l", "EUR"))
PAYMENTS = Service("payments", measures=Measures(failed="pf"))
SILENT = Service("search")
POLICY = Policy(services={s.name: s for s in (CHECKOUT, PAYMENTS, SILENT)})


def incident(began: datetime, *services: str) -> Incident:
    milestones = {Milestone.IMPACT_STARTED: Passed(began, "UANA", said=True)}
    return Incident("I", services=services, milestones=milestones)


@pytest.fixture
def metrics(clock: SteppedClock) -> FakeMetrics:
    began = clock.now()
    metrics = FakeMetrics(clock)

    def risen(before: float, after: float) -> tuple[Series, Rate]:
        return {}, lambda at: after if at >= began else before

    metrics.gives("f", risen(1, 11))
    metrics.gives("u", risen(20, 400))
    metrics.gives("l", risen(0, 0.0123))
    metrics.gives("pf", risen(0, 100))
    return metrics


async def test_what_it_costs_is_measured_above_what_is_usual(
    metrics: FakeMetrics, clock: SteppedClock
) -> None:
    began = clock.now()
    clock.advance(600)
    found = await Measuring(metrics, clock).measure(
        incident(began, "checkout"), POLICY, clock.now()
    )
    assert found.failed == Figure(6000, "checkout", "f", began, clock.now(), 1.0)
    assert found.users == Figure(380, "checkout", "u", began, clock.now(), 20.0)
    assert found.lost == Figure(7.38, "checkout", "l", began, clock.now(), 0.0, "EUR")


async def test_of_several_services_the_worst_counts(
    metrics: FakeMetrics, clock: SteppedClock
) -> None:
    began = clock.now()
    clock.advance(600)
    named = incident(began, "search", "checkout", "payments", "unheard-of")
    found = await Measuring(metrics, clock).measure(named, POLICY, clock.now())
    assert isinstance(found.failed, Figure)
    assert (found.failed.service, found.failed.value) == ("payments", 60_000)
    assert isinstance(found.users, Figure)
    assert found.users.service == "checkout"


@pytest.mark.parametrize(
    ("services", "then"),
    [((), NO_SERVICE), (("unheard-of",), NO_SERVICE), (("search",), NO_QUERY)],
)
async def test_without_a_query_it_is_unknown(
    metrics: FakeMetrics, clock: SteppedClock, services: tuple[str, ...], then: Unknown
) -> None:
    began = clock.now() - M
    found = await Measuring(metrics, clock).measure(
        incident(began, *services), POLICY, clock.now()
    )
    assert (found.failed, found.users, found.lost) == (then, then, then)
    assert metrics.asked == []


async def test_without_an_answer_it_is_unknown_and_why(
    metrics: FakeMetrics, clock: SteppedClock
) -> None:
    metrics.gives("f")
    metrics.troubles["u"] = Unavailable("the metrics did not answer")
    metrics.troubles["l"] = Refused("The metrics refuse the query: {quote}", quote="{parse}")
    began = clock.now() - M
    found = await Measuring(metrics, clock).measure(
        incident(began, "checkout"), POLICY, clock.now()
    )
    assert found.failed == NO_DATA
    assert found.users == Unknown("the metrics did not answer")
    assert found.lost == Unknown("The metrics refuse the query: {parse}")


async def test_without_metrics_or_time_it_is_unknown(
    metrics: FakeMetrics, clock: SteppedClock
) -> None:
    now = clock.now()
    named = incident(now - M, "checkout")
    assert (await Measuring(None, clock).measure(named, POLICY, now)).failed == NO_SOURCE
    named = incident(now, "checkout")
    assert (await Measuring(metrics, clock).measure(named, POLICY, now)).failed == NO_TIME


async def test_metrics_that_hang_are_given_up(metrics: FakeMetrics, clock: SteppedClock) -> None:
    metrics.hangs = True
    named = incident(clock.now() - M, "checkout", "payments")
    measuring = asyncio.ensure_future(
        Measuring(metrics, clock).measure(named, POLICY, clock.now())
    )
    await metrics.asking.wait()
    clock.advance(PATIENCE.total_seconds())
    found = await measuring
    assert found.failed == Unknown("the metrics took too long to answer")


BEGAN = datetime.now(UTC).replace(microsecond=0) - 30 * M


def counter(name: str, before: float, after: float) -> list[str]:
    """Tell two hours of a counter that grows faster since it began, scraped every 15 s."""
    at, value, lines = BEGAN - 90 * M, 0.0, [f"# TYPE {name} counter"]
    while at <= BEGAN + 30 * M:
        lines.append(f"{name}_total {value} {at.timestamp():.0f}")
        value += 15 * (after if at >= BEGAN else before)
        at += timedelta(seconds=15)
    return lines


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    past = [*counter("failed", 0.2, 5.2), *counter("lost_euros", 0, 0.5), "# TYPE users gauge"]
    past += [
        f"users {300 if i > 60 else 10} {(BEGAN + (i - 60) * M).timestamp():.0f}"
        for i in range(91)
    ]
    with prometheus(past=past) as url:
        yield url


@pytest.mark.server
async def test_real_metrics_give_what_really_failed(address: str) -> None:
    measures = Measures(
        failed="sum(rate(failed_total[1m]))",
        users="max(users)",
        lost="sum(rate(lost_euros_total[1m]))",
        currency="EUR",
    )
    policy = Policy(services={"checkout": Service("checkout", measures=measures)})
    found = await Measuring(Prometheus(address), SystemClock()).measure(
        incident(BEGAN, "checkout"), policy, BEGAN + 20 * M
    )
    assert isinstance(found.failed, Figure)
    assert isinstance(found.lost, Figure)
    assert isinstance(found.users, Figure)
    assert found.failed.value == pytest.approx(20 * 60 * 5, rel=0.05)
    assert found.failed.usual == pytest.approx(0.2, rel=0.01)
    assert found.lost.value == pytest.approx(20 * 60 * 0.5, rel=0.05)
    assert found.users.value == 290
