"""The whole course of an incident: every page, for whoever may know of it."""

import json
from typing import Any

import pytest

from bot.domain.commands import (
    AddNote,
    ChangeSeverity,
    Declare,
    RetractNote,
    SetMilestone,
    Update,
)
from bot.domain.facts import Milestone
from bot.domain.incident import Incident, Post
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import Unavailable
from handlers.verbs.telling import SHOWING
from tests.payloads import Payload, click, command, said
from tests.samples import ANA, BO, ID
from tests.world import World

OTHER = "INC-20260115-002"


@pytest.fixture
async def world() -> World:
    world = World()
    await declared(world, "checkout is down")
    return world


async def declared(world: World, title: str, **more: Any) -> Incident:
    made = await world.desk.incidents.handle(None, Declare(ANA, title, **more), f"r-{title}")
    await world.work()
    return made


async def does(world: World, wish: Any, incident: str = ID) -> None:
    await world.desk.incidents.handle(incident, wish, repr(wish))


async def answer(world: World, payload: Payload) -> dict[str, Any]:
    response = await world.slack(payload)
    told: dict[str, Any] = json.loads(response.body) if response.body else {}
    return told


async def asked(world: World, text: str = "", by: str = "UANA", of: str = ID) -> dict[str, Any]:
    typed = command(f"timeline {of} {text}", by=by, channel="CGENERAL", trigger=f"{text}/{by}")
    return await answer(world, typed)


def lines(told: dict[str, Any]) -> list[str]:
    """Return what the entries say, without their time."""
    sections = [block for block in told["blocks"] if block["type"] == "section"]
    return [block["text"]["text"].partition(" · ")[2] for block in sections[1:]]


def edits(told: dict[str, Any]) -> list[str]:
    return [b["accessory"]["value"] for b in told["blocks"] if "accessory" in b]


async def test_everything_that_happened_is_told_and_not_only_notes(world: World) -> None:
    await does(world, ChangeSeverity(BO, Severity.P1))
    await does(world, AddNote(ANA, "ask <@UEVE> about <it>"))
    await does(world, Update(BO, "still looking", None))
    await does(world, SetMilestone(BO, Milestone.MITIGATED, world.clock.now()))
    assert lines(await asked(world)) == [
        "<@UANA> declared it: checkout is down",
        f"the bot opened the channel #{ID.lower()}-checkout-is-down",
        "<@UBO> severity P1 high",
        "*1* <@UANA> noted: ask @UEVE about &lt;it&gt;",
        "<@UBO> update: still looking",
        "<@UBO> said: mitigated",
    ]


async def test_the_newest_page_comes_first_and_leads_to_what_was_before(world: World) -> None:
    for n in range(1, 31):
        world.clock.advance(60)
        await does(world, AddNote(ANA, f"number {n}"))
    await does(world, RetractNote(ANA, 30))
    first = await asked(world)
    assert lines(first) == [f"*{n}* <@UANA> noted: number {n}" for n in range(10, 30)]
    assert edits(first) == [f"{ID}/{n}" for n in range(10, 30)]
    before = "before that: `/incident timeline page 2`"
    assert before in first["text"]
    assert before in str(first["blocks"][-1])
    (button,) = next(b for b in first["blocks"] if b["type"] == "actions")["elements"]
    second = await asked(world, "page 2")
    await world.slack(click(button["value"], action=button["action_id"], by="UANA"))
    assert any(second["text"] in line for line in await world.work())
    assert lines(second)[-1] == "*9* <@UANA> noted: number 9"
    assert lines(second)[0] == "<@UANA> declared it: checkout is down"
    assert "page 3" not in str(second)
    assert "timeline` shows the newest" in (await asked(world, "page 3"))["text"]


async def test_a_message_is_quoted_and_the_chat_is_not_asked(world: World) -> None:
    channel = (await world.desk.incidents.current(ID)).channel or ""
    await world.slack(said("it began <!channel> at ten", by="UBO", channel=channel, ts="4.4"))
    await does(world, AddNote(ANA, "", source=Post(channel, "4.4")))
    await does(world, AddNote(ANA, "", source=Post(channel, "5.5")))
    world.chat.failures = [Unavailable("Slack is away")] * 9
    told = lines(await asked(world))
    assert "*1* <@UANA> noted: it began @channel at ten" in told
    assert "*2* <@UANA> noted: _(a message whose words are gone)_" in told
    assert len(world.chat.failures) == 9


async def test_what_it_took_in_is_told_to_whoever_may_know_of_that(world: World) -> None:
    await declared(world, "somebody got in", private=True)
    goes_on = await declared(world, "keys are gone", private=True, invited=("UBO",))
    await does(world, AddNote(ANA, "seen in the logs"), OTHER)
    await does(world, AddNote(ANA, "new keys are out"), goes_on.id)
    words = f"merge {OTHER} into {goes_on.id}"
    await answer(world, command(words, by="UANA", channel="CGENERAL", trigger="m"))
    await world.work()
    hers, his = [await asked(world, by=by, of=goes_on.id) for by in ("UANA", "UBO")]
    assert f"{OTHER} <@UANA> noted: seen in the logs" in lines(hers)
    assert edits(hers) == edits(his) == [f"{goes_on.id}/1"]
    assert "*1* <@UANA> noted: new keys are out" in lines(his)
    assert "seen in" not in str(his)
    assert "somebody got in" not in str(his)


async def test_of_a_private_incident_strangers_see_no_page(world: World) -> None:
    secret = await declared(world, "somebody got in", private=True)
    for text in ("", "page 2", "page 99"):
        told = await asked(world, text, by="UEVE", of=secret.id)
        nobodys = await asked(world, text, by="UEVE", of="INC-20260115-999")
        assert told == nobodys
        assert "I know no such incident" in told["text"]


async def test_an_incident_that_was_put_away_is_told_whole_without_buttons(world: World) -> None:
    await does(world, AddNote(ANA, "it was full"))
    incidents = world.desk.incidents
    await answer(world, command(f"close {ID}", by="UANA", channel="CGENERAL", trigger="c"))
    await world.work(40 * 24 * 3600)
    current = await incidents.current(ID)
    assert (current.status, bool(current.shelved)) == (Status.CLOSED, True)
    told = await asked(world)
    assert "<@UANA> noted: it was full" in lines(told)
    assert edits(told) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("", None), ("list", None), ("Show", None), ("page", None), ("page #3", "3")),
        *(("PAGE  2", "2"), ("list page 2", "2"), ("ls", None), ("page 0", "0")),
    ],
)
def test_a_page_is_read(text: str, number: str | None) -> None:
    found = SHOWING.fullmatch(text)
    assert found
    assert found[1] == number


@pytest.mark.parametrize("text", ["page 2 people", "pages", "showpage 2", "page two", "lists"])
async def test_other_words_are_noted(world: World, text: str) -> None:
    assert (await asked(world, text))["text"].count(f": {text}\n") == 1
    assert [note.text for note in (await world.desk.incidents.current(ID)).notes] == [text]


async def test_page_0_is_the_newest(world: World) -> None:
    assert lines(await asked(world, "page 0")) == lines(await asked(world))
