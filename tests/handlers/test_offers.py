"""Words that sound like an incident, where a team wants to be asked about them."""

import json
from typing import Any

import pytest

from bot.domain.commands import Declare
from bot.domain.incident import Post
from bot.domain.policy import Policy
from bot.ports import Commit
from handlers.offers import sounds_like_trouble
from tests.payloads import Payload, click, event
from tests.samples import ANA, ID
from tests.world import World


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("is this an incident?", True),
        ("OUTAGE in eu-west", True),
        ("two incidents, one day", True),
        ("Production  issue!", True),
        ("is the *system down*?", True),
        ("an error\nspike since ten", True),
        ("service degraded.", True),
        ("error spikes", True),
        ("incidental music", False),
        ("co-incident", True),
        ("outages_dashboard", False),
        ("the system is fine; down with it", False),
        ("see `outage` in the code", False),
        ("```\nERROR incident\n```", False),
        ("read <https://x.example/incident-42|the incident report>", False),
        ("in <#C1|incidents>", False),
        ("&gt; there is an outage\nno there is not", False),
        ("fine\n&gt; quoted\noutage", True),
        ("", False),
        ("a" * 20_000 + " `" + "outage " * 3000, True),
    ],
)
def test_only_the_persons_own_whole_words_count(text: str, *, sounds: bool) -> None:
    assert sounds_like_trouble(text) is sounds


@pytest.fixture
def world() -> World:
    made = World()
    made.rules.fixed = Policy(offered_in=frozenset({"CGENERAL"}))
    return made


def said(world: World, text: str = "we have an outage", n: int = 1, **more: Any) -> Payload:
    ts = f"{world.clock.now().timestamp():.6f}"
    told = {"type": "message", "user": "UANA", "channel": "CGENERAL", "channel_type": "channel"}
    return event(f"Ev{n}", **told | {"text": text, "ts": ts} | more)


async def heard(world: World, payload: Payload) -> list[str]:
    assert (await world.slack(payload)).status == 200
    return await world.work()


async def test_who_says_it_is_offered_to_declare_it_and_nobody_else_is(world: World) -> None:
    (told,) = await heard(world, said(world))
    assert told.startswith("to UANA: That sounds like an incident. Shall I declare it?")
    assert await heard(world, said(world)) == []  # the same event again
    assert await heard(world, said(world, n=2, user="UBO")) == []
    world.clock.advance(15 * 60)
    (told,) = await heard(world, said(world, n=3, user="UBO"))
    assert told.startswith("to UBO: ")


@pytest.mark.parametrize(
    "more",
    [
        {"channel": "COTHER"},
        {"bot_id": "BX", "user": None},
        {"bot_id": "BX"},
        {"subtype": "bot_message"},
        {"subtype": "channel_topic"},
        {"subtype": "message_changed", "message": {"ts": "1.1", "text": "outage"}},
        {"subtype": "message_deleted", "deleted_ts": "1.1"},
        {"thread_ts": "1.1"},
        {"text": "<@UBOT> declare an outage"},
        {"text": "all is well"},
        {"text": None},
        {"ts": "1.100000"},
    ],
)
async def test_nothing_else_is_answered(world: World, more: dict[str, Any]) -> None:
    assert await heard(world, said(world, **more)) == []


async def test_a_reply_that_is_shown_to_the_channel_counts(world: World) -> None:
    shown = said(world, thread_ts="1.1", subtype="thread_broadcast")
    assert len(await heard(world, shown)) == 1


async def test_in_an_incidents_own_channel_it_is_known_already(world: World) -> None:
    await world.desk.declarations.declare(Declare(ANA, "x"), "r1")
    await world.store.commit(Commit(claims={("channel", "CGENERAL"): ID}))
    assert not [line for line in await heard(world, said(world)) if "sounds like" in line]


async def test_one_click_declares_it_with_the_message_as_its_origin(world: World) -> None:
    sent = said(world)
    await world.slack(sent)
    block = f"said:CGENERAL/{sent['event']['ts']}"
    for n in range(2):
        clicked = click("we have an outage", action="declare_text", block_id=block, by="UANA")
        clicked["actions"][0]["action_ts"] = f"{n}.1"
        await world.slack(clicked)
    made = await world.desk.incidents.current(ID)
    assert (made.title, made.origin) == (
        "we have an outage",
        Post("CGENERAL", sent["event"]["ts"]),
    )
    assert len(await world.desk.board.open_incidents(ANA)) == 1


async def test_what_is_open_can_be_joined_and_what_is_private_is_not_shown(
    world: World,
) -> None:
    await world.desk.declarations.declare(Declare(ANA, "carts are slow"), "r1")
    await world.desk.declarations.declare(Declare(ANA, "a leak", private=True), "r2")
    await world.work()
    shown = json.dumps(
        world.wording.message(
            "sounds_like_trouble",
            text="outage",
            said="CGENERAL/1.1",
            alike=await world.desk.declarations.alike(world.rules.authority("UBO")),
        )
    )
    assert ID in shown
    assert "a leak" not in shown


async def test_not_now_is_answered_too(world: World) -> None:
    (told,) = await heard(world, click("-", action="not_now"))
    assert told.startswith("to UBO: Nothing was declared. `/incident declare TEXT` does it")
