"""A group of alerts is kept quiet where it comes from, or people are told that it is not."""

from dataclasses import replace

import pytest

from bot.domain.alert_commands import Silence
from bot.domain.alerts import AlertRules
from bot.ports import Unavailable
from tests.alarms import group
from tests.fakes.clock import SteppedClock
from tests.fakes.sources import FakeSilencer
from tests.samples import ANA
from tests.world import World

TOLD = "Please silence them where they come from"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def silencer(clock: SteppedClock) -> FakeSilencer:
    return FakeSilencer(clock)


async def asked(silencer: FakeSilencer, clock: SteppedClock) -> tuple[World, str]:
    """Give a world in which Ana has asked for quiet, and the incident."""
    world = World(clock=clock, silencers={"alertmanager": silencer})
    rules = AlertRules(silenced_at=frozenset({"alertmanager"}))
    world.rules.fixed = replace(world.rules.fixed, alerts=rules)
    incident = (await world.intake.take(group())).incident or ""
    await world.work()
    await world.desk.incidents.handle(incident, Silence(ANA, "alertmanager", "errors"), "s")
    return world, incident


async def minutes(world: World, number: int) -> list[str]:
    """Return what is said in so many minutes."""
    return [line for _ in range(number) for line in await world.work(60)]


async def test_it_is_asked_for_until_it_is_heard_and_once(
    silencer: FakeSilencer, clock: SteppedClock
) -> None:
    silencer.failures = [Unavailable("away") for _ in range(5)]
    world, incident = await asked(silencer, clock)
    await minutes(world, 10)
    [(labels, by, made)] = silencer.made.values()
    assert labels == {"alertname": "ErrorsHigh", "severity": "critical", "service": "checkout"}
    assert by == "ana"
    assert incident in made.comment


async def test_what_could_not_be_asked_for_in_time_is_told(
    silencer: FakeSilencer, clock: SteppedClock
) -> None:
    silencer.failures = [Unavailable("away") for _ in range(1000)]
    world, _ = await asked(silencer, clock)
    assert not [line for line in await minutes(world, 59) if TOLD in line]
    assert len([line for line in await minutes(world, 3) if TOLD in line]) == 1
    silencer.failures = []
    await minutes(world, 10)
    assert not silencer.made
