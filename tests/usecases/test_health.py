"""A part that fails is told, and never stops the others."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.ports import Commit, Unavailable
from bot.usecases.health import Probe
from bot.usecases.waiting import Bell
from tests.fakes.chat import Room
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.world import World


class Part:
    """Works until it is told otherwise."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None

    async def check(self) -> None:
        if self.trouble:
            raise self.trouble


@pytest.fixture
def watched(world: World) -> World:
    world.rules.fixed = replace(world.rules.fixed, operators="COPS")
    world.chat.rooms["COPS"] = Room("operators")
    return world


async def watching(world: World, *probes: Probe) -> asyncio.Task[None]:
    task = asyncio.create_task(world.health.watch(probes, world.telemetry))
    await passing(world, 0)
    return task


async def passing(world: World, seconds: float) -> None:
    """Let that much time pass, and everybody look who would."""
    for _ in range(max(1, round(seconds))):
        world.clock.advance(min(1, seconds))
        for _ in range(5):
            await asyncio.sleep(0)


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def test_nothing_is_ready_before_it_was_seen_working(watched: World) -> None:
    part = Part()
    part.trouble = Unavailable("starting")
    assert not watched.health.ready()
    assert watched.health.troubles() == {"start": "not finished"}
    task = await watching(watched, Probe("socket", part.check, needed=True))
    assert not watched.health.ready()
    assert watched.health.troubles() == {"socket": "starting"}
    part.trouble = None
    await passing(watched, 1)
    assert watched.health.ready()
    assert watched.telemetry.is_ready
    assert watched.health.troubles() == {}
    await ended(task)


async def test_a_needed_part_may_fail_for_as_long_as_it_has_patience(watched: World) -> None:
    part = Part()
    minute = timedelta(seconds=60)
    task = await watching(watched, Probe("socket", part.check, needed=True, patience=minute))
    part.trouble = Unavailable("there is no connection")
    await passing(watched, 50)
    assert watched.health.ready()
    assert watched.health.troubles() == {"socket": "there is no connection"}
    await passing(watched, 30)
    assert not watched.health.ready()
    assert watched.telemetry.is_ready is False
    await ended(task)


async def test_operators_are_told_once_in_their_channel_and_off_slack(watched: World) -> None:
    part = Part()
    minute = timedelta(seconds=60)
    task = await watching(watched, Probe("socket", part.check, needed=True, patience=minute))
    part.trouble = Unavailable("there is no connection")
    watched.notifier.failures = [Unavailable("webhook down")]
    await passing(watched, 300)
    assert len(watched.notifier.alarms) == 1  # tried again after it failed, then not repeated
    assert "has no connection to Slack: there is no connection" in watched.notifier.alarms[0]
    part.trouble = None
    await passing(watched, 30)
    said = [line for line in await watched.work() if line.startswith("post")]
    assert len(said) == 2
    assert "Trouble with the connection to Slack: there is no connection" in said[0]
    assert said[1] == "post: :white_check_mark: Works again: the connection to Slack."
    await ended(task)


async def test_a_part_that_is_not_needed_is_told_and_the_bot_stays_ready(watched: World) -> None:
    store, part = Part(), Part()
    part.trouble = Refused("#incidents is archived")
    task = await watching(
        watched, Probe("store", store.check, needed=True), Probe("announcements", part.check)
    )
    assert watched.health.ready()
    assert watched.health.troubles() == {"announcements": "#incidents is archived"}
    (said,) = await watched.work()
    assert "Trouble with the announcement channel: #incidents is archived" in said
    await passing(watched, 300)
    assert await watched.work() == []
    assert watched.notifier.alarms == []
    await ended(task)


async def test_the_operators_channel_is_not_told_of_itself(watched: World) -> None:
    await watched.health.report("operators", "archived")
    assert await watched.work() == []


async def test_a_failure_that_comes_back_is_told_again(watched: World) -> None:
    for trouble in ("config: line 3", None, "config: line 4", None):
        await watched.health.report("config", trouble)
        watched.clock.advance(1)
    assert len(await watched.work()) == 4


async def test_another_mistake_is_told_too(watched: World) -> None:
    for trouble in ("line 3", "line 3", "line 4"):
        await watched.health.report("config", trouble)
        watched.clock.advance(1)
    said = await watched.work()
    assert [("line 3" in line, "line 4" in line) for line in said] == [
        (True, False),
        (False, True),
    ]
    assert all("What was read before stays in force" in line for line in said)


async def test_a_bug_in_a_check_ends_nothing(watched: World) -> None:
    async def broken() -> None:
        raise KeyError("team_id")

    part = Part()
    probes = Probe("slack", broken), Probe("store", part.check, needed=True)
    task = await watching(watched, *probes)
    await passing(watched, 30)
    assert not task.done()
    assert watched.health.ready()
    assert watched.health.troubles() == {"slack": "the check itself failed, see the log"}
    await ended(task)


async def test_a_check_that_hangs_is_a_failure(watched: World) -> None:
    async def hang() -> None:
        raise TimeoutError

    task = await watching(watched, Probe("slack", hang))
    assert watched.health.troubles() == {"slack": "no answer"}
    await ended(task)


class Sometimes(MemoryStore):
    """A store that is away for a while."""

    away = False

    async def commit(self, commit: Commit) -> int:
        if self.away:
            raise Unavailable("the disk is full")
        return await super().commit(commit)


async def test_what_could_not_be_told_is_told_later() -> None:
    clock = SteppedClock()
    store = Sometimes(clock)
    world, part = World(store, clock=clock), Part()
    world.rules.fixed = replace(world.rules.fixed, operators="COPS")
    world.chat.rooms["COPS"] = Room("operators")
    task = await watching(world, Probe("slack", part.check, needed=True))
    store.away, part.trouble = True, Unavailable("Slack is broken")
    await passing(world, 20)
    assert not world.health.ready()
    store.away = False
    await passing(world, 20)
    said = [line for line in await world.work() if line.startswith("post")]
    assert len(said) == 1
    assert "Slack is broken" in said[0]
    await ended(task)


async def test_a_part_in_doubt_is_looked_at_soon_and_who_asked_hears_of_it(watched: World) -> None:
    part, heard, doubt = Part(), list[str](), Bell(watched.clock)
    probe = Probe(
        "slack",
        part.check,
        every=timedelta(seconds=60),
        back=lambda: heard.append("back"),
        lost=lambda: heard.append("lost"),
        doubt=doubt,
    )
    task = await watching(watched, probe)
    part.trouble = Unavailable("asked to wait", retry_after=timedelta(seconds=1))
    await passing(watched, 10)
    assert heard == ["back"]
    doubt.ring()
    await passing(watched, 1)
    assert heard == ["back"]
    part.trouble = Unavailable("away")
    await passing(watched, 10)
    part.trouble = None
    await passing(watched, 10)
    assert list(dict.fromkeys(heard[1:])) == ["lost", "back"]
    await ended(task)
