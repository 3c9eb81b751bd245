"""Every way to declare, and what becomes of messages, with the real bot in a workspace."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.facts import ActionAdded, ActionRetracted, Declared, Noted, NoteRetracted, Updated
from tests.conversations import kept
from tests.conversations.stage import CONFIG, Json, Person, Stage

pytestmark = pytest.mark.slow

MORE = """
services: {checkout: {}, search: {}}
offers: {channels: [CINCIDENTS]}
"""


@pytest.fixture(params=["socket", "http"])
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, database: str | None
) -> AsyncIterator[Stage]:
    """A bot to which everything is delivered twice."""
    how: dict[str, Any] = {"mode": request.param, "copies": 2, "database": database}
    async with Stage(tmp_path, config=CONFIG + MORE, **how) as stage:
        await stage.start()
        yield stage


async def told(who: Person, words: str, channel: str = "CINCIDENTS") -> Json:
    """Return the newest of what only this person sees and says so, once it is there."""

    async def seen() -> Json | None:
        shown = [m for m in await who.sees(channel) if m.get("ephemeral") and words in str(m)]
        return shown[-1] if shown else None

    found: Json = await who.stage.until(seen, f"{who.id} was not told {words}")
    return found


async def facts_of(stage: Stage, kind: type) -> list[Any]:
    every = await kept.facts(stage)
    return [fact for facts in every.values() for fact in facts if isinstance(fact, kind)]


async def own_channel(stage: Stage, words: str) -> str:
    """Return the channel of the incident with these words, once everybody in it can see it."""

    async def opened() -> str | None:
        channels = (await stage.get("state"))["channels"]
        found = [c for c in channels if words in c["name"] and "UANA" in c["members"]]
        return found[-1]["id"] if found else None

    channel: str = await stage.until(opened, f"no channel for {words}")
    return channel


async def test_undecided_the_same_again_and_what_might_be_the_same(stage: Stage) -> None:
    ana, bo = stage.ana, stage.bo
    typed = await ana.types("declare [checkout] carts are empty")
    assert typed["warning"] is None, typed
    asked = await told(ana, "How bad is it?")
    clicked = await ana.clicks("severity_P2", channel="CINCIDENTS", ts=asked["ts"])
    assert clicked["warning"] is None, clicked
    await told(ana, "P2 medium")

    await ana.types("declare [checkout] Carts  are EMPTY")
    again = await told(ana, "nothing new was declared")
    for _ in range(2):  # clicked twice, and each click delivered twice
        await ana.clicks("declare_another", channel="CINCIDENTS", ts=again["ts"])
    await told(ana, "-002* · severity undecided")

    await bo.types("declare P3 [checkout] prices are wrong")
    perhaps = await told(bo, "Open already")
    assert str(perhaps).count("'join'") == 2
    joined = await own_channel(stage, "001-carts-are-empty")
    first = next(b for b in perhaps["blocks"] if "-001" in b.get("block_id", ""))
    where: Json = {"channel": "CINCIDENTS", "ts": perhaps["ts"]}
    await bo.clicks("join", block_id=first["block_id"], **where)

    async def is_in() -> bool:
        channels = (await stage.get("state"))["channels"]
        return any(c["id"] == joined and "UBO" in c["members"] for c in channels)

    await stage.until(is_in, "Bo was not brought in")
    await stage.settled()
    titles = [fact.title for fact in await facts_of(stage, Declared)]
    assert titles == ["carts are empty", "carts are empty", "prices are wrong"]
    assert not any(line["level"] == "error" for line in stage.logged())


async def test_the_form_asks_for_a_title_and_takes_the_rest(stage: Stage) -> None:
    ana, bo = stage.ana, stage.bo
    await ana.types("declare carts are empty")
    await own_channel(stage, "carts-are-empty")
    opened = await bo.types("declare")
    assert opened["warning"] is None, opened
    (form,) = await bo.views()
    assert "carts are empty" in str(form["blocks"])
    await bo.clicks("join")
    assert "I bring you in" in str((await bo.views())[-1])
    await stage.post("close_view", user="UBO", clear=True)

    await bo.types("declare")
    sent = await bo.submits(
        title={"title": "keys leaked"},
        details={"details": "since ten"},
        services={"services": ["search"]},
        private={"private": ["private"]},
        people={"people": ["UCY"]},
    )
    assert sent["warning"] is None, sent
    await told(bo, "It is private")
    (_, made) = await facts_of(stage, Declared)
    assert (made.title, made.details, made.services) == ("keys leaked", "since ten", ("search",))
    assert made.invited == ("UCY",)
    await stage.settled()
    for who in (ana, stage.eve):
        assert "keys leaked" not in str([await who.sees(), (await who.types("ls"))["body"]])
    assert "keys leaked" in str((await stage.cy.types("ls"))["body"])


async def test_a_message_is_declared_once_and_its_thread_is_answered(stage: Stage) -> None:
    said = await stage.bo.says("checkout answers 500")
    used = await stage.ana.uses("declare_from_message", channel="CINCIDENTS", ts=said["ts"])
    assert used["warning"] is None, used
    await stage.ana.submits()

    async def answered() -> bool:
        return "Declared as INC-" in str(await stage.ana.sees())

    await stage.until(answered, "the message was not answered")
    await stage.eve.uses("declare_from_message", channel="CINCIDENTS", ts=said["ts"])
    await told(stage.eve, "was declared from that message already")
    assert await stage.eve.views() == []
    await stage.settled()
    assert str(await stage.ana.sees()).count("Declared as INC-") <= 2  # its text and its blocks
    (made,) = await facts_of(stage, Declared)
    assert (made.origin_channel, made.origin_ts) == ("CINCIDENTS", said["ts"])


async def test_messages_become_entries_and_items_and_stop_being_them(stage: Stage) -> None:
    ana, bo = stage.ana, stage.bo
    await ana.types("declare P2 carts are empty")
    room = await own_channel(stage, "carts-are-empty")
    await stage.post("invite", user="UANA", channel=room, invited="UBO")
    said = await ana.says("rolled back to 41", room)

    async def reacts(who: Person, name: str, **more: Any) -> None:
        await stage.post("react", user=who.id, channel=room, ts=said["ts"], name=name, **more)

    for who in (ana, bo):
        await reacts(who, "pushpin")
    await reacts(bo, "memo")
    await reacts(ana, "mega")
    await told(ana, "is the update of", room)
    await told(bo, "is an action item of", room)
    await stage.settled()
    await reacts(ana, "pushpin", remove=True)
    await stage.settled()
    assert await facts_of(stage, NoteRetracted) == []
    await reacts(bo, "pushpin", remove=True)
    await reacts(bo, "memo", remove=True)
    await told(bo, "is no longer in the record", room)

    async def undone() -> bool:
        return bool(await facts_of(stage, ActionRetracted))

    await stage.until(undone, "the action item is still there")
    await stage.settled()
    counted = [len(await facts_of(stage, kind)) for kind in (Noted, NoteRetracted, ActionAdded)]
    assert counted == [1, 1, 1]
    (update,) = await facts_of(stage, Updated)
    assert (update.text, update.from_ts) == ("rolled back to 41", said["ts"])

    elsewhere = await bo.says("it began with the deploy at ten")
    await bo.uses("add_to_timeline", channel="CINCIDENTS", ts=elsewhere["ts"])
    (form,) = await bo.views()
    assert form["title"]["text"] == "Add to timeline"
    await bo.submits()
    await told(bo, "In the timeline of INC-")
    await bo.uses("create_action", channel=room, ts=said["ts"])
    await bo.submits(person={"person": "UCY"}, due={"due": "2030-01-22"})
    await told(bo, "Action item 2 of INC-", room)
    item = (await facts_of(stage, ActionAdded))[-1]
    assert (item.text, item.owner, item.from_ts) == ("rolled back to 41", "UCY", said["ts"])
    assert not any(line["level"] == "error" for line in stage.logged())


async def test_an_outage_that_is_spoken_of_is_offered_once(stage: Stage) -> None:
    said = await stage.bo.says("is that an outage of search?")
    offered = await told(stage.bo, "That sounds like an incident")
    await stage.eve.says("an outage, yes")
    await stage.settled()
    assert "That sounds like" not in str(await stage.eve.sees())
    for _ in range(2):
        await stage.bo.clicks("declare_text", channel="CINCIDENTS", ts=offered["ts"])
    await told(stage.bo, "Declared; ")
    await stage.settled()
    (made,) = await facts_of(stage, Declared)
    assert (made.title, made.origin_ts) == ("is that an outage of search?", said["ts"])
