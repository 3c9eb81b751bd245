"""Files are handed out once, to those who may have them, whatever happens meanwhile."""

import json
from dataclasses import replace

import pytest

from bot.domain.authority import Authority
from bot.domain.commands import AddNote, ChangeStatus, Declare, MakePrivate, Reopen
from bot.domain.errors import Refused
from bot.domain.incident import Post
from bot.domain.jobs import handout, postmortem
from bot.domain.status import Status
from bot.domain.transcript import Message
from bot.ports import Commit, Unavailable
from bot.usecases.exports import Exports
from bot.usecases.story import Stories
from tests.fakes.chat import LostAnswer, Room
from tests.samples import ANA, BO
from tests.world import World


@pytest.fixture
async def id(world: World) -> str:
    world.rules.fixed = replace(world.rules.fixed, announcements=None)
    return (await world.desk.incidents.handle(None, Declare(ANA, "checkout is down"), "d")).id


async def resolved(world: World, id: str, key: str = "r", by: Authority = ANA) -> None:
    await world.desk.incidents.handle(id, ChangeStatus(by, Status.RESOLVED), key)


async def asked(world: World, id: str, what: str, by: str = "UANA", key: str = "h") -> None:
    job = handout(id, by, what, key, world.clock.now())
    await world.desk.incidents.owe(job, key)


def room(world: World) -> Room:
    return next(room for room in world.chat.rooms.values() if room.name.startswith("inc-"))


def files(room: Room) -> list[str]:
    return [paper.text for _, _, paper, _ in room.files]


async def test_a_resolved_incident_has_a_post_mortem_in_its_room(world: World, id: str) -> None:
    await world.work()
    assert files(room(world)) == []
    await resolved(world, id)
    await world.work()
    ((name, thread, paper, filed),) = room(world).files
    assert (name[: len(id)], name[-3:], thread) == (id, ".md", "")
    assert paper.title == f"Post-mortem of {id}"
    assert paper.text.startswith(f"# {id}: checkout is down\n")
    known = await world.desk.incidents.current(id)
    assert known.postmortem == filed.link
    assert known.postmortem_tells == known.seq - 1


async def test_resolved_again_it_has_a_new_one(world: World, id: str) -> None:
    await world.work()
    await resolved(world, id)
    await world.work()
    await world.desk.incidents.handle(id, Reopen(ANA), "o")
    await world.desk.incidents.handle(id, AddNote(ANA, "it came back"), "n")
    await resolved(world, id, "again")
    await world.work()
    first, second = files(room(world))
    assert "it came back" in second
    assert "it came back" not in first
    assert (await world.desk.incidents.current(id)).postmortem == room(world).files[1][3].link


async def test_reopened_at_once_it_has_none(world: World, id: str) -> None:
    await world.work()
    await resolved(world, id)
    await world.desk.incidents.handle(id, Reopen(ANA), "o")
    await world.work()
    assert files(room(world)) == []


async def test_shown_unheard_it_is_not_shown_again(world: World, id: str) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "file"
    await resolved(world, id)
    await world.work()
    await world.work(5)
    assert len(files(room(world))) == 1
    assert (await world.desk.incidents.current(id)).postmortem == room(world).files[0][3].link


async def test_it_waits_for_the_room(world: World, id: str) -> None:
    world.chat.failures, world.chat.fails_only = [Unavailable("away")], "open"
    await resolved(world, id)
    await world.work()
    await world.work(10)
    assert len(files(room(world))) == 1


async def test_without_a_room_who_carries_it_has_it(world: World, id: str) -> None:
    world.chat.failures, world.chat.fails_only = [Refused("restricted_action")], "open"
    await world.work()
    await resolved(world, id)
    await world.work(10)
    assert len(files(world.chat.rooms["DUANA"])) == 1


async def test_what_slack_does_not_take_is_told_to_the_commander(world: World, id: str) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [Refused("missing_scope")], "file"
    await resolved(world, id)
    told = await world.work()
    assert any("the post-mortem could not be posted as a file (missing_scope)" in t for t in told)


async def test_asked_for_once_more_it_is_written_anew(world: World, id: str) -> None:
    await world.work()
    await resolved(world, id)
    await world.work()
    seq = (await world.desk.incidents.current(id)).seq
    for _ in range(2):
        await world.desk.incidents.owe(postmortem(id, seq, world.clock.now()), "again")
        await world.work()
    assert len(files(room(world))) == 2


async def test_a_draft_is_sent_to_who_asked_and_nobody_else(world: World, id: str) -> None:
    await world.work()
    await asked(world, id, "draft", "UEVE")
    await world.work()
    (text,) = files(world.chat.rooms["DUEVE"])
    assert "*Draft as of" in text
    assert files(room(world)) == []


async def test_a_file_sent_unheard_is_not_sent_again(world: World, id: str) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "file"
    await asked(world, id, "export")
    await world.work()
    await world.work(5)
    assert len(files(world.chat.rooms["DUANA"])) == 1


async def test_whoever_may_not_know_any_more_gets_nothing(world: World, id: str) -> None:
    await world.work()
    await asked(world, id, "export", "UEVE")
    await world.desk.incidents.handle(id, MakePrivate(ANA, ("UBO",)), "p")
    await world.work()
    assert "DUEVE" not in world.chat.rooms
    await asked(world, id, "export", "UBO", "h2")
    await world.work()
    assert len(files(world.chat.rooms["DUBO"])) == 1


async def test_who_asked_is_told_in_words_that_slack_does_not_take_it(
    world: World, id: str
) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [Refused("missing_scope")], "file"
    await asked(world, id, "draft")
    told = await world.work()
    assert [
        line
        for line in told
        if line.startswith("to UANA: The file about") and "files:write" in line
    ]


async def test_an_export_says_everything(world: World, id: str) -> None:
    await world.work()
    channel = (await world.desk.incidents.current(id)).channel or ""
    said = [Message(channel, f"{n}.1", "UBO", f"line {n}") for n in range(3)]
    await world.store.commit(Commit(messages=said))
    await world.desk.incidents.handle(id, AddNote(BO, "full"), "n")
    await asked(world, id, "export")
    await world.work()
    told = json.loads(files(world.chat.rooms["DUANA"])[0])
    assert set(told) == {
        *("schema", "as_of", "incident", "milestones", "durations_seconds", "people"),
        *("alerts", "cost"),
        *("action_items", "open_questions", "events", "transcript", "transcript_left_out"),
    }
    assert told["incident"]["title"] == "checkout is down"
    assert [m["text"] for m in told["transcript"]] == ["line 0", "line 1", "line 2"]
    assert [e["event_id"] for e in told["events"]] == [
        f"{id}/{n + 1}" for n in range(len(told["events"]))
    ]
    assert {e["type"] for e in told["events"]} >= {"INCIDENT_DECLARED", "CHANNEL_OPENED"}
    assert [p["name"] for p in told["people"]] == ["ana", "bo"]


async def test_an_export_has_the_thread_that_it_was_declared_from(world: World) -> None:
    declare = Declare(ANA, "checkout is down", origin=Post("CGENERAL", "4.4"))
    made = await world.desk.incidents.handle(None, declare, "d")
    await world.work()
    said = [
        Message("CGENERAL", "3.3", "UBO", "of no incident"),
        Message("CGENERAL", "4.4", "UBO", "is checkout down?"),
        Message("CGENERAL", "5.5", "UEVE", "for me too", thread="4.4"),
    ]
    await world.store.commit(Commit(messages=said))
    await asked(world, made.id, "export")
    await world.work()
    told = json.loads(files(world.chat.rooms["DUANA"])[0])
    assert [m["text"] for m in told["transcript"]] == ["is checkout down?", "for me too"]


async def test_an_export_leaves_out_what_was_said_first(world: World, id: str) -> None:
    await world.work()
    channel = (await world.desk.incidents.current(id)).channel or ""
    said = [Message(channel, f"{n}.1", "UBO", "x" * 1000) for n in range(9)]
    await world.store.commit(Commit(messages=said))
    stories = Stories(world.store, world.chat, world.wording, world.clock)
    told = json.loads(await Exports(world.store, stories, most=5000).text(id))
    assert [m["ts"] for m in told["transcript"]] == ["5.1", "6.1", "7.1", "8.1"]
    assert told["transcript_left_out"] == 5
