"""A group of alerts is kept quiet where it comes from, or people are told that it is not."""

from dataclasses import replace

import pytest

from bot.domain.alert_commands import Silence
from bot.domain.alerts import AlertRules
from bot.domain.commands import ChangeStatus, Command, MakePrivate
from bot.domain.errors import Refused
from bot.domain.status import Status
from bot.ports import Unavailable
from tests.alarms import alert, group
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


async def told(silencer: FakeSilencer, clock: SteppedClock, **labels: str) -> tuple[World, str]:
    """Give a world with an incident whose alerts may be silenced, and the incident."""
    world = World(clock=clock, silencers={"alertmanager": silencer})
    rules = AlertRules(silenced_at=frozenset({"alertmanager"}))
    world.rules.fixed = replace(world.rules.fixed, alerts=rules)
    one = replace(alert(), labels={**alert().labels, **labels})
    incident = (await world.intake.take(group(one))).incident or ""
    await world.work()
    return world, incident


async def asked(silencer: FakeSilencer, clock: SteppedClock) -> tuple[World, str]:
    """Give a world in which Ana has asked for quiet, and the incident."""
    world, incident = await told(silencer, clock)
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


@pytest.mark.parametrize(
    "labels",
    [
        {"path": "/login?password=hunter2x9"},
        {"query": "x" * 201},
        {f"label{number}": "x" for number in range(40)},
    ],
)
async def test_what_cannot_be_named_exactly_is_not_said_to_be_silenced(
    silencer: FakeSilencer, clock: SteppedClock, labels: dict[str, str]
) -> None:
    world, incident = await told(silencer, clock, **labels)
    with pytest.raises(Refused, match="where they come from"):
        await world.desk.incidents.handle(incident, Silence(ANA, "alertmanager", "errors"), "s")


async def test_whoever_looks_at_the_silences_learns_nothing_of_what_is_private(
    silencer: FakeSilencer, clock: SteppedClock
) -> None:
    world, incident = await told(silencer, clock)
    silence = Silence(ANA, "alertmanager", "errors")
    wishes: tuple[Command, ...] = (
        ChangeStatus(ANA, Status.MITIGATING),
        MakePrivate(ANA, ()),
        silence,
    )
    for number, wish in enumerate(wishes):
        await world.desk.incidents.handle(incident, wish, f"k{number}")
    silencer.unheard = True
    await minutes(world, 10)
    [(_, by, made)] = silencer.made.values()
    assert by == "the incident bot"
    assert incident not in made.comment
    [quiet] = (await world.desk.incidents.current(incident)).quiet
    assert quiet.silence == made.id
