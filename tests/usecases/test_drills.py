"""Drills on twins: begun, staged, alarmed, ended; what they reach, and what reaches them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alerts import Alert, Group, Result
from bot.domain.authority import BOT
from bot.domain.commands import ChangeStatus, Declare, NameServices, Reopen
from bot.domain.errors import Refused
from bot.domain.facts import Staged
from bot.domain.incident import Incident
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import Unavailable
from bot.usecases.watch import Sources
from tests.eavesdropping import WatchedChat
from tests.fakes.sources import FakeAddresses, FakeLogs, FakeMetrics
from tests.samples import ANA, BO, EVE, ID, T
from tests.world import World

pytestmark = pytest.mark.asyncio


async def settle(world: World, seconds: float = 0) -> None:
    """Let time pass and what waits for it go on, and pay what is owed."""
    world.clock.advance(seconds)
    for _ in range(200):
        await asyncio.sleep(0)
    await world.work()


@asynccontextmanager
async def running(world: World) -> AsyncIterator[World]:
    """Let the productions of drills be kept meanwhile."""
    await world.desk.board.open_incidents(BOT)
    following = asyncio.ensure_future(world.desk.board.follow())
    kept = asyncio.ensure_future(world.stages.run())
    try:
        await settle(world)
        yield world
    finally:
        for task in (kept, following):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def begin(world: World, name: str = "bad-deploy", key: str = "k") -> Incident:
    made = await world.desk.drills.begin(ANA, name, key)
    await settle(world)
    await settle(world, 3)
    return await world.desk.incidents.current(made.incident.id)


async def ends(world: World, incident: Incident, status: Status = Status.RESOLVED) -> None:
    await world.desk.incidents.handle(incident.id, ChangeStatus(ANA, status), f"end {incident.id}")
    await settle(world, 3)


def errors(fired: bool = True) -> Group:  # noqa: FBT001, FBT002 -- reads well here
    labels = {"severity": "critical", "service": "checkout"}
    ended = None if fired else T + timedelta(minutes=5)
    return Group("alertmanager", "g", (Alert("f1", "ErrorsHigh", T, ended, labels),))


async def test_a_drill_has_a_production_for_as_long_as_it_is_under_way(world: World) -> None:
    async with running(world):
        drill = await begin(world)
        assert [outset.scenario for outset in world.practice.started] == ["bad-deploy"]
        assert [*world.practice.running] == [drill.id]
        assert world.stages.token(drill.id) == world.practice.started[0].token
        assert "kubectl --kubeconfig" in str(world.chat.said)
        await ends(world, drill)
        assert world.practice.stopped == [drill.id]
        assert world.stages.token(drill.id) is None
        await world.desk.incidents.handle(drill.id, Reopen(ANA), "again")
        await settle(world, 16)
        assert [*world.practice.running] == [drill.id]


async def test_a_bot_that_starts_again_goes_on_with_the_same_drill(world: World) -> None:
    async with running(world):
        drill = await begin(world)
    assert world.practice.stopped == [drill.id]
    async with running(world):
        await settle(world, 3)
        before, after = world.practice.started
        assert (before.seed, before.began) == (after.seed, after.began)
        assert before.token != after.token
    assert "started *again*" in str(world.chat.said)


async def test_what_does_not_start_or_breaks_is_told_in_the_room_once(world: World) -> None:
    async with running(world):
        world.practice.failures = [Unavailable("no such program")]
        drill = await begin(world)
        assert "does not run: no such program" in str(world.chat.said)
        await settle(world, 60)
        assert world.practice.started == []
        other = await begin(world, "overload", "k2")
        world.practice.broken[other.id] = "it ended by itself"
        await settle(world, 3)
        assert world.practice.stopped == [drill.id, other.id]
    facts = await world.store.history(other.id)
    assert [bool(fact.trouble) for fact in facts if isinstance(fact, Staged)] == [False, True]


async def test_a_scenario_that_is_not_known_is_refused_with_those_that_are(world: World) -> None:
    with pytest.raises(Refused, match="still asking"):
        await world.desk.drills.begin(ANA, "bad-deploy", "k0")
    async with running(world):
        with pytest.raises(Refused, match="`bad-deploy`, `overload`"):
            await world.desk.drills.begin(ANA, "meteor", "k")
        drill = await begin(world, " BAD-deploy ")
        again = await world.desk.drills.begin(ANA, "bad-deploy", "k2")
        assert (again.incident.id, again.again) == (drill.id, True)


async def test_no_more_drills_than_fit_are_begun(world: World) -> None:
    async with running(world):
        for by in (ANA, BO, EVE):
            await world.desk.drills.begin(by, "overload", by.person)
        with pytest.raises(Refused, match="3 drills are under way"):
            await world.desk.drills.begin(ANA, "bad-deploy", "one more")


async def test_alerts_of_a_drill_are_its_own_and_real_ones_begin_a_real_incident(
    world: World,
) -> None:
    async with running(world):
        drill = await begin(world)
        outcome = await world.stages.take(drill.id, errors())
        assert (outcome.result, outcome.incident) == (Result.JOINED, drill.id)
        known = await world.desk.incidents.current(drill.id)
        assert [alarm.source for alarm in known.firing] == ["drill"]
        await world.desk.incidents.handle(drill.id, NameServices(ANA, ("shop",)), "s")
        real = await world.intake.take(errors())
        assert real.result is Result.OPENED
        assert real.incident != drill.id
        assert (await world.stages.take(real.incident or "", errors())).incident is None
        await world.stages.take(drill.id, errors(fired=False))
        assert not (await world.desk.incidents.current(drill.id)).firing
        assert (await world.desk.incidents.current(real.incident or "")).firing


async def test_drills_are_no_storm(world: World) -> None:
    async with running(world):
        for by in (ANA, BO, EVE):
            made = await world.desk.drills.begin(by, "overload", by.person)
            await settle(world)
            await world.stages.take(made.incident.id, errors())
        assert (await world.intake.take(errors())).result is Result.OPENED


class Untouchable:
    """Raises whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        msg = f"{name} of something real"
        raise AssertionError(msg)


async def test_nothing_real_is_asked_about_a_drill() -> None:
    """Every outside thing but the chat is one that must not be touched; a drill lives its life."""
    real: Any = Untouchable()
    everything = Sources(real, real, real)
    world = World(sources=everything, silencers={"alertmanager": real})
    async with running(world):
        drill = await begin(world)
        await world.stages.take(drill.id, errors())
        for _ in range(4):
            await settle(world, 10)
        known = await world.desk.incidents.current(drill.id)
        asked = world.stages.sources_of(known, everything)
        stage = world.practice.running[drill.id]
        assert asked == Sources(stage.addresses, stage.logs, stage.metrics)
        assert isinstance(stage.addresses, FakeAddresses)
        assert stage.addresses.asked == ["http://127.0.0.1:1/health"]
        assert isinstance(stage.metrics, FakeMetrics)
        assert stage.metrics.asked == ["up"]
        assert isinstance(stage.logs, FakeLogs)
        await ends(world, drill)
        assert world.stages.sources_of(known, everything) is None
    declared = await world.desk.incidents.handle(None, Declare(BO, "it is real"), "real")
    assert world.stages.sources_of(declared, everything) is everything


def said(chat: WatchedChat, place: str | None) -> str:
    return "\n".join(output.text for output in chat.outputs if output.where == place)


async def test_a_drill_calls_and_tells_nobody_who_is_not_in_it() -> None:
    chat = WatchedChat()
    world = World(chat=chat)
    world.rules.fixed = replace(
        world.rules.fixed, operators="COPS", on_call_people=("UCY",), bridge="https://b.example"
    )
    async with running(world):
        drill = await begin(world)
        await world.stages.take(drill.id, errors())
        await settle(world, 60)
        await world.desk.incidents.handle(drill.id, NameServices(ANA, ("shop",)), "s")
        for hours in (1, 1, 1, 2):
            await settle(world, hours * 3600)
        known = await world.desk.incidents.current(drill.id)
    assert known.status is Status.CLOSED
    assert known.channel
    assert chat.rooms[known.channel].name == "drill-20260115-001-orders-fail"
    assert chat.rooms[known.channel].people == {"UANA"}
    assert {output.where for output in chat.outputs} == {"", known.channel, "UANA"}
    assert "example" not in str(chat.outputs)


async def test_at_its_end_its_times_are_shown_beside_those_before() -> None:
    chat = WatchedChat()
    world = World(chat=chat)
    async with running(world):
        first = await begin(world)
        await settle(world, 120)
        await ends(world, first)
        assert "the first drill" in said(chat, first.channel)
        second = await begin(world, "overload", "k2")
        await ends(world, second)
    assert f"{first.id} (`bad-deploy`)" in said(chat, second.channel)
    assert "it was resolved: *3 s* (before: 2 min" in said(chat, second.channel)


async def test_what_is_private_is_shown_to_nobody_else(world: World) -> None:
    async with running(world):
        first = await begin(world)
        await ends(world, first)
        assert [past.incident.id for past in await world.desk.drills.earlier(EVE)] == [ID]
        assert await world.desk.drills.earlier(EVE, but=ID) == []


async def test_a_real_incident_comes_before_a_worse_drill(world: World) -> None:
    async with running(world):
        drill = await begin(world)
        real = await world.desk.incidents.handle(None, Declare(BO, "x", Severity.P3), "real")
        shown = await world.desk.board.open_incidents(EVE)
        assert [incident.id for incident in shown] == [real.id, drill.id]
