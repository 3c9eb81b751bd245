"""An incident is made private: by those who are named, or by a form."""

import pytest

from tests.fakes.opening import Opened
from tests.handlers.test_forms import asked, now, opened, room, told, world
from tests.payloads import command, mention, sent
from tests.samples import ID
from tests.world import World

__all__ = ["opened", "world"]


async def typed(world: World, text: str, by: str = "UANA") -> str:
    where = await room(world)
    response = await world.slack(command(text, by=by, channel=where, trigger=text))
    return response.body or ""


async def test_who_is_named_is_in_it(world: World) -> None:
    said = await typed(world, "private <@UBO|bo>, <@USUE|sue>")
    assert f"{ID} is private now: only <@UANA>, <@UBO>, <@USUE>" in said
    assert (await now(world)).people == {"UANA", "UBO", "USUE"}


async def test_alone(world: World) -> None:
    await typed(world, "private me")
    assert (await now(world)).people == {"UANA"}


@pytest.mark.parametrize("text", ["private bo", "private everybody", "private <!channel>"])
async def test_who_is_nobody_makes_nothing_private(world: World, text: str) -> None:
    assert "is nobody I know: name people with an @" in await typed(world, text)
    assert (await now(world)).audience is None


async def test_who_takes_no_part_makes_nothing_private(world: World) -> None:
    assert "Only somebody who takes part" in await typed(world, "private me", by="UEVE")
    assert (await now(world)).audience is None


async def test_the_form_asks_who(world: World, opened: Opened) -> None:
    await asked(world, "private")
    assert "stays readable for everybody who could read it" in str(opened[0])
    assert opened[0]["blocks"][1]["element"]["initial_users"] == ["UANA"]
    form = sent(opened[0], people={"selected_users": ["UBO", "UANA"]})
    assert f"{ID} is private now" in await told(world, form)
    assert (await now(world)).people == {"UANA", "UBO"}


async def test_nobody_chosen_is_who_sent_it(world: World, opened: Opened) -> None:
    await asked(world, "private")
    await told(world, sent(opened[0], people={"selected_users": []}))
    assert (await now(world)).people == {"UANA"}


async def test_where_no_form_opens_it_says_how(world: World) -> None:
    await world.slack(mention(f"private {ID}"))
    said = await world.work()
    assert any("or for you alone `/incident private me`" in line for line in said)
    assert (await now(world)).audience is None


async def test_elsewhere_those_are_offered_that_can_be_made_private(world: World) -> None:
    for by, answer in (("UANA", ID), ("UEVE", "There is no incident to make private.")):
        asked_for = command("private me", by=by, channel="CGENERAL", trigger=by)
        assert answer in ((await world.slack(asked_for)).body or "")
    assert (await now(world)).audience is None
