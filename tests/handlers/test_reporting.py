"""What lists, figures, files and the doctor answer, and to whom."""

from dataclasses import replace

import pytest

from bot.domain.commands import AddNote, ChangeStatus, Declare, MakePrivate, NameServices
from bot.domain.errors import Refused
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import Unavailable
from bot.usecases.health import Probe
from tests.handlers.test_verbs import room, told
from tests.samples import ANA, BO, ID
from tests.world import World


async def resolved(world: World) -> str:
    """Declare, resolve and file; return the channel."""
    channel = await room(world)
    await world.desk.incidents.handle(ID, ChangeStatus(ANA, Status.RESOLVED), "res")
    await world.work()
    return channel


async def several(world: World) -> None:
    """Declare four: open, worse, resolved and private."""
    handle = world.desk.incidents.handle
    for n, text in enumerate(["one", "two", "three"]):
        await handle(None, Declare(ANA, text), f"d{n}")
    await handle(None, Declare(ANA, "four is a secret", private=True), "d4")
    day = ID[:-3]
    await handle(f"{day}002", NameServices(ANA, ("checkout",)), "s")
    await handle(f"{day}003", ChangeStatus(BO, Status.RESOLVED), "r")
    await handle(None, Declare(BO, "five", Severity.P0), "d5")


@pytest.mark.parametrize(
    ("text", "by", "then"),
    [
        ("list", "UEVE", "Open incidents: 3. INC-20260115-005 P0 critical five; INC-20260115-002"),
        ("list", "UANA", "Open incidents: 4."),
        (
            "list all",
            "UEVE",
            "Incidents, all: 4. INC-20260115-005 P0 critical five; INC-",
        ),
        ("list all", "USUE", "Incidents, all: 5."),
        ("list closed", "UEVE", "Incidents, closed: 1. INC-20260115-003"),
        ("list mine", "UBO", "Incidents, mine: 1. INC-20260115-005"),
        ("list checkout", "UEVE", "Incidents, checkout: 1. INC-20260115-002"),
        ("list P3", "UEVE", "No incident that you can see is such: p3"),
        ("list all page 7", "UEVE", "There is no page 7: it is 4 in all."),
        ("list doom", "UEVE", "I do not understand `doom`."),
        ("stats", "UEVE", "The last 30 days: 4 incidents that you can see."),
        ("stats", "USUE", "The last 30 days: 5 incidents that you can see."),
        ("stats 7d checkout", "UEVE", "The last 7 days of checkout: 1 incident that you can see."),
        ("stats 7 years", "UEVE", "I do not understand `years`."),
    ],
)
async def test_each_sees_what_they_may(world: World, text: str, by: str, then: str) -> None:
    await several(world)
    assert then in await told(world, text, "CGENERAL", by=by)


async def test_services_of_what_is_hidden_are_not_known(world: World) -> None:
    await several(world)
    await world.desk.incidents.handle(f"{ID[:-3]}004", NameServices(ANA, ("vault",)), "v")
    for text in ("list vault", "stats vault"):
        assert "I do not understand `vault`" in await told(world, text, "CGENERAL", by="UEVE")
        assert "vault" in await told(world, text, "CGENERAL", by="USUE")


async def test_before_it_is_resolved_a_draft_comes(world: World) -> None:
    channel = await room(world)
    assert "A draft of its post-mortem comes to you" in await told(world, "pm", channel, by="UBO")
    await world.work()
    assert [f[2].title for f in world.chat.rooms["DUBO"].files] == [
        f"Draft of the post-mortem of {ID}"
    ]


async def test_afterwards_its_link_is_given_until_something_changes(world: World) -> None:
    channel = await resolved(world)
    link = world.chat.rooms[channel].files[0][3].link
    assert f"<{link}|The post-mortem>: nothing has changed" in await told(world, "pir", channel)
    await world.desk.incidents.handle(ID, AddNote(ANA, "it was the cache"), "n")
    assert "written anew" in await told(world, "postmortem", channel, n=2)
    assert "written anew" in await told(world, "postmortem", channel, n=3)
    await world.work()
    assert len(world.chat.rooms[channel].files) == 2
    newest = world.chat.rooms[channel].files[1]
    assert "it was the cache" in newest[2].text
    assert f"<{newest[3].link}|" in await told(world, "postmortem", channel, n=4)
    assert "written anew" in await told(world, "postmortem again", channel)
    assert "I do not understand `please`" in await told(world, "postmortem please", channel)


async def test_what_was_put_away_is_sent_to_who_asks(world: World) -> None:
    channel = await resolved(world)
    await world.desk.incidents.handle(ID, ChangeStatus(ANA, Status.CLOSED), "c")
    await world.work()
    await world.work(8 * 24 * 3600)
    assert "comes to you as a direct message" in await told(world, f"pm {ID}", "CGENERAL")
    await world.work()
    assert "**ana** declared it" in world.chat.rooms["DUANA"].files[-1][2].text
    assert channel


async def test_everything_is_sent_to_who_asks(world: World) -> None:
    channel = await room(world)
    assert "as a JSON file" in await told(world, "export", channel, by="UBO")
    assert "as a JSON file" in await told(world, "export", channel, by="UBO")  # the same request
    await world.work()
    assert len(world.chat.rooms["DUBO"].files) == 1


@pytest.mark.parametrize("text", ["export", "postmortem", "postmortem again"])
async def test_whoever_may_not_know_gets_no_file(world: World, text: str) -> None:
    await resolved(world)
    await world.desk.incidents.handle(ID, MakePrivate(ANA, ()), "p")
    verb, *more = text.split()
    said = await told(world, f"{verb} {ID} {' '.join(more)}", "CGENERAL", by="UEVE")
    assert said == "I know no such incident. `/incident list` shows those you can see."
    await world.work()
    assert "DUEVE" not in world.chat.rooms


async def failing() -> None:
    raise Unavailable("the disk at /var/lib is full")


async def refusing() -> None:
    raise Refused("#secret-ops is archived")


async def test_everybody_sees_whether_the_bot_is_well_and_few_what_is_wrong(world: World) -> None:
    assert "just started" in await told(world, "doctor", "CGENERAL")
    for probe in (Probe("store", failing), Probe("operators", refusing)):
        await world.health.check(probe)
    for by, shown in (("UEVE", False), ("UCY", True)):
        said = await told(world, "doctor", "CGENERAL", by=by)
        assert said.startswith("2 parts do not work.")
        assert ("/var/lib" in said) is shown
        assert ("secret-ops" in said) is shown
    world.rules.fixed = replace(world.rules.fixed, on_call="nobody")
    assert "/var/lib" not in await told(world, "doctor", "CGENERAL", by="UCY", n=2)
