"""What people who practise type and read."""

import json

import pytest

from bot.sources import Scenario
from tests.eavesdropping import WatchedChat
from tests.payloads import command, direct, home_opened
from tests.samples import ID
from tests.usecases.test_drills import running, settle
from tests.world import World


async def typed(world: World, text: str, *, by: str = "UANA", n: int = 0) -> str:
    answer = await world.slack(command(text, by=by, trigger=f"t{n}/{text}/{by}"))
    await settle(world, 3)
    shown: str = json.loads(answer.body)["text"]
    blocks = json.dumps(json.loads(answer.body).get("blocks", ""))
    return f"{shown}\n{blocks}"


async def test_drill_alone_shows_what_there_is_and_then_what_was(world: World) -> None:
    async with running(world):
        told = await typed(world, "drill")
        assert "`/incident drill bad-deploy`" in told
        assert "orders fail" in told
        assert "There was no drill yet" in told
        await typed(world, "drill bad-deploy")
        await typed(world, f"resolve {ID} now")
        told = await typed(world, "drill", by="UEVE")
        assert f"{ID} (`bad-deploy`)" in told
        assert "it was resolved: 3 s" in told


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("drill bad-deploy", f"*{ID}* Drill: orders fail begins: its channel is being opened"),
        ("drill BAD-DEPLOY ", "begins"),
        ("drill meteor", "There is no scenario `meteor`. Practise one of: `bad-deploy`, `overlo"),
        ("drill <!channel>", "There is no scenario `@channel`"),
        ("drill " + "x" * 10_000, "There is no scenario `xxx"),
        ("drill &lt;&amp;&gt;", "There is no scenario `&lt;&amp;&gt;`"),
        ("drill 👩‍🚒", "There is no scenario `👩‍🚒`"),
        ("drill bad-deploy now", "There is no scenario `bad-deploy now`"),
    ],
)
async def test_a_drill_is_begun_or_refused_in_words(world: World, text: str, answer: str) -> None:
    async with running(world):
        assert answer in await typed(world, text)


async def test_the_same_request_twice_is_one_drill(world: World) -> None:
    async with running(world):
        first = await typed(world, "drill bad-deploy")
        assert await typed(world, "drill bad-deploy") == first.replace(
            "its channel is being opened, and you will be invited", "<#C3>"
        )
        assert "is under way already" in await typed(world, "drill bad-deploy", n=1)
        assert len(world.practice.started) == 1


async def test_a_drill_can_be_asked_for_directly(world: World) -> None:
    async with running(world):
        await world.slack(direct("drill overload"))
        await settle(world)
        await settle(world, 3)
        assert [outset.scenario for outset in world.practice.started] == ["overload"]


async def test_what_cannot_be_practised_is_said(world: World) -> None:
    assert "I am still asking what can be practised" in await typed(world, "drill")
    world.practice.known = (Scenario("flood", ""),)
    async with running(world):
        told = await typed(world, "drill")
        assert "drill flood`" in told
        assert told.partition("flood`")[2].startswith("\n")


async def test_lists_show_drills_as_drills_and_figures_do_not(world: World) -> None:
    async with running(world):
        before = await typed(world, "stats")
        await typed(world, "drill bad-deploy")
        assert "Drill: orders fail" in await typed(world, "list")
        await typed(world, f"triage {ID} P0 shop: orders fail")
        await typed(world, f"resolve {ID} now")
        assert await typed(world, "stats", n=1) == before
        told = await typed(world, "stats 7d shop", n=2)
        assert "I do not understand `shop`" in told


async def test_home_says_of_what_is_to_do_in_a_drill_that_it_is_one() -> None:
    chat = WatchedChat()
    world = World(chat=chat)
    async with running(world):
        await typed(world, "drill bad-deploy")
        await typed(world, f"action {ID} look at it @ana due friday")
        await typed(world, f"action {ID} edit 1 owner me")
        await world.slack(home_opened(by="UANA"))
        await settle(world, 3)
    assert f"Drill: {ID} · priority" in str(chat.homes["UANA"])


async def test_a_real_incident_of_the_same_words_is_no_drill() -> None:
    chat = WatchedChat()
    world = World(chat=chat)
    async with running(world):
        await typed(world, "drill bad-deploy")
        told = await typed(world, "declare orders fail")
        assert "INC-20260115-002" in told
        assert ID not in told
        assert "Drill" not in told
        real = await world.desk.incidents.current("INC-20260115-002")
        assert real.practice is None
        merged = await typed(world, f"merge {real.id} into {ID}")
        assert "A drill is practised by itself" in merged
