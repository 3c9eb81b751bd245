"""Who can be named for a role or an action item, as the chat knows them."""

import json
from typing import Any

import pytest

from bot.chatter import Account
from bot.domain.standing import Standing
from tests.handlers.test_verbs import now, room, told
from tests.payloads import direct, event, mention, sent
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


TITLED = [
    ("declare <@UBO>'s deploy broke it", "@Bo Lind's deploy broke it"),
    ("declare <@UBO|bo>'s deploy broke it", "@bo's deploy broke it"),
    ("declare P1 <@UNEW> cannot log in", "<@UNEW> cannot log in"),
]


@pytest.mark.parametrize(("text", "title"), TITLED)
@pytest.mark.parametrize("payload", [direct, mention])
async def test_a_title_has_names_where_only_ids_came_along(
    world: World, payload: Any, text: str, title: str
) -> None:
    world.desk.people.hear(Account("UBO", "Bo Lind", Standing.MEMBER))
    await world.slack(payload(text))
    await world.work()
    assert (await now(world)).title == title
    assert title.replace("<", "&lt;").replace(">", "&gt;") in await told(world, "list", "CGENERAL")


async def test_what_is_typed_directly_names_people_wherever_it_is_shown(world: World) -> None:
    world.desk.people.hear(Account("UBO", "Bo Lind", Standing.MEMBER))
    await room(world)
    for n, text in enumerate(
        [
            f"note {ID} <@UBO> restarts it",
            f"todo {ID} ask <@UBO> and <@UEVE>",
            f"update {ID} <@UBO> is on it",
            f"status {ID} monitoring <@UBO> restarted it",
            f"triage {ID} P1 <@UBO> cannot pay",
        ]
    ):
        await world.slack(direct(text, event_id=f"EvN{n}"))
    incident = await now(world)
    assert incident.update is not None
    said = [incident.notes[0].text, incident.actions[0].text, incident.update.text]
    assert said == ["@Bo Lind restarts it", "ask @Bo Lind and @eve", "@Bo Lind is on it"]
    assert (incident.reason, incident.impact) == ("@Bo Lind restarted it", "@Bo Lind cannot pay")


async def test_an_unknown_word_offers_to_declare_with_names(world: World) -> None:
    world.desk.people.hear(Account("UBO", "Bo Lind", Standing.MEMBER))
    await world.slack(direct("<@UBO> is stuck"))
    assert any("declare @Bo Lind is stuck" in line for line in await world.work())


async def test_somebody_of_another_company_knows_of_what_they_are_in_only(world: World) -> None:
    channel = await room(world)

    async def hears(text: str, n: int) -> str:
        await world.slack(mention(text, by="UXAV", event_id=f"Ev-x{n}"))
        return "\n".join(line for line in await world.work() if line.startswith("to UXAV"))

    assert "No incident is open" in await hears("list", 1)
    assert "I know no such incident" in await hears(f"status {ID}", 2)
    assert "I know no such incident" in await hears(f"resolve {ID} now", 3)
    joined = {"user": "UXAV", "channel": channel, "event_ts": "9.9"}
    await world.slack(event("Ev-j", type="member_joined_channel", **joined))
    assert ID in await hears("list", 4)
    assert ID in await hears(f"status {ID}", 5)
