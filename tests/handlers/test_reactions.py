"""Reactions: several people's, twice, late and in any order; the end is what is there."""

from typing import Any

import pytest

from bot.domain.commands import AddNote, ChangeStatus, Declare, MakePrivate, Update
from bot.domain.incident import Post
from bot.domain.policy import Policy
from bot.domain.status import Status
from bot.domain.transcript import Message
from bot.ports import Commit
from bot.reading import written_at
from tests.payloads import Payload, command, event
from tests.samples import ANA, BO, ID
from tests.world import World

TS = "1768478400.000100"
ROOM = "C3"


@pytest.fixture
async def world() -> World:
    """An incident in its channel, where Ana said something."""
    made = World()
    await made.desk.declarations.declare(Declare(ANA, "carts are slow"), "r1")
    await made.work()
    made.chat.rooms[ROOM].people |= {"UANA", "UBO", "UEVE"}
    made.chat.rooms[ROOM].spoken[TS] = Message(ROOM, TS, "UANA", "rolled back")
    return made


def reacted(
    emoji: str = "pushpin", *, by: str = "UBO", n: int = 1, added: bool = True, **more: Any
) -> Payload:
    kind = "reaction_added" if added else "reaction_removed"
    item = {"type": "message", "channel": ROOM, "ts": TS} | more.pop("item", {})
    told = {"type": kind, "user": by, "reaction": emoji, "item": item, "item_user": "UANA"}
    return event(f"Ev{n}{by}{emoji}{kind}", **told | more)


async def puts(world: World, emoji: str = "pushpin", by: str = "UBO", n: int = 1) -> list[str]:
    """Put a reaction under the message, and let it be heard and looked at."""
    world.chat.rooms[ROOM].reactions.setdefault(TS, {}).setdefault(emoji, []).append(by)
    return await heard(world, reacted(emoji, by=by, n=n))


async def takes(world: World, emoji: str = "pushpin", by: str = "UBO") -> list[str]:
    under = world.chat.rooms[ROOM].reactions[TS]
    under[emoji].remove(by)
    if not under[emoji]:
        del under[emoji]
    return await heard(world, reacted(emoji, by=by, added=False))


async def heard(world: World, payload: Payload) -> list[str]:
    assert (await world.slack(payload)).status == 200
    said = await world.work()
    return [line for line in said if line.startswith("to ")]


async def test_a_pin_is_an_entry_at_the_time_of_the_message(world: World) -> None:
    (told,) = await puts(world)
    assert told.startswith(f"to UBO: That message is in the timeline of {ID}")
    (note,) = (await world.desk.incidents.current(ID)).notes
    assert (note.at, note.by, note.text) == (written_at(TS), "UBO", "")
    assert note.source == Post(ROOM, TS)


async def test_several_peoples_pins_are_one_entry_until_the_last_is_taken_away(
    world: World,
) -> None:
    await puts(world, by="UBO")
    assert await puts(world, by="UEVE") == []
    assert await puts(world, "pushpin::skin-tone-2", by="UANA") == []
    assert await heard(world, reacted(by="UBO")) == []  # the same once more
    assert await takes(world, by="UBO") == []
    assert await takes(world, by="UEVE") == []
    assert len((await world.desk.incidents.current(ID)).notes) == 1
    (told,) = await takes(world, "pushpin::skin-tone-2", by="UANA")
    assert told.startswith("to UANA: That message is no longer in the record")
    assert (await world.desk.incidents.current(ID)).notes == ()


async def test_what_is_heard_in_the_wrong_order_ends_as_it_is(world: World) -> None:
    await heard(world, reacted(added=False))
    await heard(world, reacted())  # it was taken away meanwhile
    assert (await world.desk.incidents.current(ID)).notes == ()
    await puts(world, n=2)
    await heard(world, reacted(added=False, n=3))  # of an earlier one
    assert len((await world.desk.incidents.current(ID)).notes) == 1


async def test_a_memo_is_an_action_item_that_can_be_taken_back(world: World) -> None:
    (told,) = await puts(world, "memo")
    assert "is an action item" in told
    (action,) = (await world.desk.incidents.current(ID)).actions
    assert (action.source, action.text, action.by) == (Post(ROOM, TS), "", "UBO")
    await takes(world, "memo")
    assert (await world.desk.incidents.current(ID)).actions == ()


@pytest.mark.parametrize(("emoji", "list_it"), [("pushpin", "timeline"), ("memo", "action")])
async def test_a_list_quotes_the_messages_it_points_at(
    world: World, emoji: str, list_it: str
) -> None:
    await world.store.commit(Commit(messages=(world.chat.rooms[ROOM].spoken[TS],)))
    await puts(world, emoji)
    response = await world.slack(command(list_it, by="UBO", channel=ROOM))
    assert "rolled back" in str(response.body)
    assert "a message in" not in str(response.body)


async def test_a_megaphone_tells_everybody_once(world: World) -> None:
    world.chat.rooms[ROOM].spoken[TS] = Message(ROOM, TS, "UANA", "back; xoxb-1234567890-abcdefgh")
    (told,) = await puts(world, "mega")
    assert "is the update" in told
    made = await world.desk.incidents.current(ID)
    assert made.update
    assert made.update.text.startswith("back; ")
    assert "abcdefgh" not in made.update.text
    assert (made.update.at, made.update.by) == (written_at(TS), "UBO")
    await world.desk.incidents.handle(ID, Update(ANA, "and again"), "u1")
    assert await puts(world, "mega", by="UEVE") == []
    (told,) = await takes(world, "mega")
    assert "What everybody was told stays told." in told
    made = await world.desk.incidents.current(ID)
    assert made.update
    assert made.update.text == "and again"


async def test_a_megaphone_that_was_never_heard_is_taken_away_in_silence(world: World) -> None:
    assert await heard(world, reacted("mega", added=False)) == []


async def test_a_picture_without_words_is_no_update(world: World) -> None:
    world.chat.rooms[ROOM].spoken[TS] = Message(ROOM, TS, "UANA", " ")
    (told,) = await puts(world, "mega")
    assert "That message has no words to tell everybody." in told
    assert (await world.desk.incidents.current(ID)).update is None


@pytest.mark.parametrize(
    "payload",
    [
        reacted("tada"),
        reacted(by="UBOT"),
        reacted(item={"channel": "CGENERAL"}),
        reacted(item={"type": "file", "file": "F1"}),
    ],
)
async def test_other_reactions_and_other_places_mean_nothing(
    world: World, payload: Payload
) -> None:
    world.chat.rooms[ROOM].reactions[TS] = {"pushpin": ["UBO"], "tada": ["UBO"]}
    before = await world.store.head()
    assert await heard(world, payload) == []
    assert await world.store.head() == before


async def test_the_bots_own_messages_are_in_the_history_anyway(world: World) -> None:
    (told,) = await heard(world, reacted(item_user="UBOT"))
    assert "That is one of my own messages" in told
    assert await heard(world, reacted(item_user="UBOT", added=False)) == []


async def test_the_team_says_what_a_reaction_means(world: World) -> None:
    world.rules.fixed = Policy(reactions=dict.fromkeys(Policy().reactions, ()))
    assert await puts(world) == []
    assert (await world.desk.incidents.current(ID)).notes == ()


async def test_who_may_not_know_of_it_hears_nothing(world: World) -> None:
    hidden = Declare(ANA, "a leak", private=True, origin=Post("CGENERAL", TS))
    made = await world.desk.declarations.declare(hidden, "r2")
    await world.work()
    world.chat.rooms["CGENERAL"].spoken[TS] = Message("CGENERAL", TS, "UANA", "psst")
    world.chat.rooms["CGENERAL"].reactions[TS] = {"pushpin": ["UBO", "UANA"]}
    there = {"channel": "CGENERAL"}
    assert await heard(world, reacted(by="UBO", item=there)) == []
    assert (await world.desk.incidents.current(made.incident.id)).notes == ()
    (told,) = await heard(world, reacted(by="UANA", item=there))
    assert made.incident.id in told


async def test_a_reply_in_the_thread_it_came_from_is_found_by_what_was_kept(
    world: World,
) -> None:
    origin = Declare(ANA, "search is slow", origin=Post("CGENERAL", "1768478300.000100"))
    made = await world.desk.declarations.declare(origin, "r2")
    reply = Message("CGENERAL", TS, "UANA", "it began at ten", "1768478300.000100")
    await world.desk.transcripts.hear(reply, "m1")
    world.chat.rooms["CGENERAL"].spoken[TS] = reply
    world.chat.rooms["CGENERAL"].reactions[TS] = {"pushpin": ["UBO"]}
    await heard(world, reacted(item={"channel": "CGENERAL"}))
    assert len((await world.desk.incidents.current(made.incident.id)).notes) == 1


async def test_a_refusal_is_said_to_who_reacted(world: World) -> None:
    await world.desk.incidents.handle(ID, ChangeStatus(BO, Status.CLOSED), "c1")
    (told,) = await puts(world, "mega")
    assert f"{ID} is closed" in told
    world.chat.rooms[ROOM].spoken.clear()
    (told,) = await heard(world, reacted(n=5))
    assert "message_not_found" in told


async def test_what_becomes_private_before_the_look_is_nobodys_to_add_to(world: World) -> None:
    world.chat.rooms[ROOM].reactions[TS] = {"pushpin": ["UBO"]}
    await world.slack(reacted())
    await world.desk.incidents.handle(ID, MakePrivate(ANA, ()), "p1")
    assert not [line for line in await world.work() if "UBO" in line]
    assert (await world.desk.incidents.current(ID)).notes == ()


async def test_the_entry_is_theirs_whose_reaction_is_there(world: World) -> None:
    world.chat.rooms[ROOM].reactions[TS] = {"pushpin": ["UEVE"]}  # nobody told us of it yet
    await heard(world, reacted(by="UBO", added=False))
    (note,) = (await world.desk.incidents.current(ID)).notes
    assert note.by == "UEVE"


async def test_two_looks_number_no_two_entries_alike(world: World) -> None:
    world.chat.rooms[ROOM].reactions[TS] = {"pushpin": ["UBO"]}
    await world.slack(reacted())
    await world.desk.incidents.handle(ID, AddNote(ANA, "first"), "n1")
    await world.work()
    numbers = [note.number for note in (await world.desk.incidents.current(ID)).notes]
    assert numbers == [1, 2]


@pytest.mark.parametrize(
    ("emoji", "verb", "change"),
    [("pushpin", "timeline", "edit 1 10m ago"), ("memo", "action", "edit 1 !high")],
)
async def test_what_a_reaction_kept_is_quoted_when_it_is_changed(
    world: World, emoji: str, verb: str, change: str
) -> None:
    await puts(world, emoji)
    said = Message(ROOM, TS, "UANA", "rolled back")
    await world.store.commit(Commit(messages=(said,)))
    answer = await world.slack(command(f"{verb} {ID} {change}"))
    assert "rolled back" in answer.body
