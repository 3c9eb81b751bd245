"""`/incident catchup`: how it stands, in as few words as can be."""

import json

from bot.domain.commands import AddAction, AddNote, Declare, OfferRole, Update
from bot.domain.facts import Role
from bot.domain.incident import Post
from bot.domain.severity import Severity
from bot.domain.transcript import Message
from bot.ports import Commit
from tests.payloads import command
from tests.samples import ANA, BO, ID
from tests.world import World

SHORT = 120  # words, with the marks of Slack's formatting: some 20 seconds of reading


async def caught_up(world: World, by: str = "UEVE") -> str:
    response = await world.slack(command(f"summary {ID}", by=by, trigger=f"c-{by}"))
    answer = json.loads(response.body)
    return "\n".join(b["text"]["text"] for b in answer.get("blocks", [])) or answer["text"]


async def test_it_tells_who_does_what_what_was_said_last_and_what_is_to_do(world: World) -> None:
    handle = world.desk.incidents.handle
    await handle(None, Declare(ANA, "checkout is down", Severity.P1), "r")
    await handle(ID, OfferRole(ANA, Role.SCRIBE, "UBO"), "r1")
    await handle(ID, Update(ANA, "we roll back"), "r2")
    await world.store.commit(Commit(messages=(Message("C7", "4.4", "UBO", "it was the cache"),)))
    await handle(ID, AddNote(BO, "", source=Post("C7", "4.4")), "r3")
    for n in range(9):
        await handle(ID, AddNote(BO, f"step {n}"), f"n{n}")
        await handle(ID, AddAction(BO, f"alert {n}", "UANA"), f"a{n}")
    shown = await caught_up(world)
    for told in ("P1 high", "Commander <@UANA>", "scribe <@UBO>", "we roll back", "step 8"):
        assert told in shown
    assert "alert 0" in shown
    assert "and 5 more" in shown
    assert "step 0" not in shown
    assert len(shown.split()) <= SHORT


async def test_words_of_messages_are_shown(world: World) -> None:
    handle = world.desk.incidents.handle
    await handle(None, Declare(ANA, "checkout is down", Severity.P1), "r")
    await world.store.commit(Commit(messages=(Message("C7", "4.4", "UBO", "it was the cache"),)))
    await handle(ID, AddNote(BO, "", source=Post("C7", "4.4")), "r3")
    assert "it was the cache" in await caught_up(world)


async def test_of_a_private_incident_others_hear_nothing(world: World) -> None:
    await world.desk.incidents.handle(None, Declare(ANA, "a leak", private=True), "r")
    assert "no such incident" in await caught_up(world)
    assert "a leak" in await caught_up(world, "USUE")
