"""Who can be named for a role or an action item, as the chat knows them."""

import json
from typing import Any

import pytest

from bot.chatter import Account
from bot.domain.standing import Standing
from tests.handlers.test_verbs import now, room, told
from tests.payloads import event, sent
from tests.samples import ID
from tests.world import World

KINDS = {
    "UBOT": (Standing.APP, "That is an app"),
    "UDAN": (Standing.GONE, "was deactivated"),
    "UULA": (Standing.GUEST, "guest of a single channel"),
    "UXAV": (Standing.OUTSIDER, "of another company"),
}


@pytest.fixture
async def world() -> World:
    made = World()
    made.chat.names |= dict.fromkeys(KINDS, "x")
    made.chat.standings = {who: standing for who, (standing, _) in KINDS.items()}
    await made.desk.people.ask()
    return made


@pytest.mark.parametrize(
    "text", ["handover <@{}> it is full", "role scribe <@{}>", "todo x <@{}>"]
)
@pytest.mark.parametrize(("who", "words"), [(who, words) for who, (_, words) in KINDS.items()])
async def test_nothing_is_given_to_who_cannot_take_it_on(
    world: World, text: str, who: str, words: str
) -> None:
    channel, before = await room(world), (await now(world)).seq
    assert words in await told(world, text.format(who), channel)
    assert (await now(world)).seq == before


async def test_an_item_is_not_made_an_apps_but_stays_to_be_edited(world: World) -> None:
    channel = await room(world)
    await told(world, "todo x <@UBO>", channel)
    assert "That is an app" in await told(world, "action edit 1 <@UBOT>", channel)
    world.desk.people.hear(Account("UBO", "bo", Standing.GONE))
    assert "*1* y" in await told(world, "action edit 1 y", channel)


async def test_a_form_says_it_beside_the_person(world: World) -> None:
    await room(world)
    form = world.desk.wording.modal(
        "handover", metadata=f"C1 {ID}", incident=await now(world), role="scribe"
    )
    who, role = {"selected_user": "UBOT"}, {"selected_option": {"value": "scribe"}}
    response = await world.slack(sent(form, person=who, role=role))
    errors: dict[str, Any] = json.loads(response.body)["errors"]
    assert errors["person"].startswith("That is an app")


async def test_who_joins_or_leaves_the_workspace_is_known_at_once(world: World) -> None:
    channel = await room(world)
    user = {"id": "UBO", "team_id": "T1", "name": "bo", "deleted": True}
    await world.slack(event("EvU1", type="user_change", user=user))
    assert "was deactivated" in await told(world, "handover <@UBO>", channel, n=1)
    await world.slack(event("EvU2", type="team_join", user=user | {"deleted": False}))
    assert "was asked" in await told(world, "handover <@UBO>", channel, n=2)


async def test_while_nobody_knows_who_they_are_everybody_can_be_named() -> None:
    world = World()
    channel = await room(world)
    assert "was asked" in await told(world, "handover <@UBOT>", channel)
