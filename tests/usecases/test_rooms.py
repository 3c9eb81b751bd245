"""An incident's room: opened once, furnished, left for another, archived; nobody lost between."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.authority import Authority, Source
from bot.domain.catalogue import Service
from bot.domain.commands import (
    Acknowledge,
    ChangeStatus,
    Command,
    Declare,
    Join,
    Leave,
    MakePrivate,
    NameServices,
    OfferRole,
    Reopen,
    SetMilestone,
    Update,
)
from bot.domain.facts import Milestone, Role
from bot.domain.incident import Incident, Post, Trouble
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.domain.transcript import Message
from bot.ports import Unavailable
from tests import payloads
from tests.fakes.chat import LostAnswer, Room
from tests.samples import ANA, BO, EVE, ID, T
from tests.world import World

NAME = "inc-20260115-001-checkout-is-down"
KEYS = itertools.count()
DAY, WEEK = 24 * 3600, 7 * 24 * 3600
BUSY = Unavailable("busy", retry_after=timedelta(seconds=9))
SERVICES = {
    "checkout": Service(
        "checkout",
        owners=("UOLA",),
        on_call=("UCY", "UDI"),
        user_groups=("SPAY",),
        links={"Dashboard": "https://example.com/d", "Runbook": "https://example.com/r"},
        bridge="https://example.com/bridge",
    ),
    "mail": Service("mail", owners=("UMIA",), links={"Queue": "https://example.com/q"}),
    "dns": Service("dns", user_groups=("SGONE", "SOFF", "SPAY")),
}


@pytest.fixture
def world() -> World:
    made = World()
    made.rules.fixed = Policy(announcements="CINCIDENTS", services=SERVICES)
    made.chat.groups = {"SPAY": {"UPAM", "UPIA"}, "SOFF": set()}
    return made


async def does(world: World, *commands: Command, incident: str = ID) -> Incident:
    for command in commands:
        await world.desk.incidents.handle(incident, command, f"does {next(KEYS)}")
    return await world.desk.incidents.current(incident)


async def declared(world: World, by: Authority = ANA, **more: object) -> Incident:
    command = Declare(by, "checkout is down", Severity.P2, **more)  # type: ignore[arg-type]
    return await world.desk.incidents.handle(None, command, f"declared by {by.person}")


def rooms(world: World) -> dict[str, Room]:
    return {c: r for c, r in world.chat.rooms.items() if r.name.startswith("inc-")}


def room(world: World) -> Room:
    (only,) = rooms(world).values()
    return only


def texts(made: Room) -> list[str]:
    return [str(words["text"]) for _, words in made.posts.values()]


async def troubles(world: World) -> tuple[Trouble, ...]:
    return (await world.desk.incidents.current(ID)).troubles


async def test_owners_on_call_and_user_groups_are_invited_and_links_are_at_hand(
    world: World,
) -> None:
    await declared(world, services=("checkout", "mail"))
    said = await world.work()
    ready = {"invite UANA", "post: *INC-20260115-001* · P2 medium · detected · checkout is down"}
    assert set(said[:4]) > ready  # before the others are called
    made = room(world)
    assert made.people == {"UANA", "UOLA", "UCY", "UDI", "UPAM", "UPIA", "UMIA"}
    assert made.bookmarks == {
        "https://example.com/bridge": "Bridge",
        "https://example.com/d": "checkout: Dashboard",
        "https://example.com/r": "checkout: Runbook",
        "https://example.com/q": "mail: Queue",
    }
    assert made.purpose == "INC-20260115-001: checkout is down"


async def test_services_named_later_bring_theirs_and_who_left_stays_away(world: World) -> None:
    await declared(world, services=("checkout",))
    await world.work()
    left = Authority("UOLA", Source.SLACK)
    where = next(iter(rooms(world)))
    await does(world, Join(left, where), Leave(left, where))
    room(world).people.discard("UOLA")
    await does(world, NameServices(ANA, ("checkout", "mail")))
    said = await world.work(9)
    assert "invite UMIA" in said
    assert [line for line in said if line.startswith("bookmark")] == ["bookmark mail: Queue"]


async def test_a_group_that_is_gone_and_a_guest_are_named_and_the_others_are_in(
    world: World,
) -> None:
    world.chat.uninvited = {"UDI": "is a guest"}
    world.chat.names["UDI"] = "Di"
    await declared(world, services=("checkout", "dns"))
    said = await world.work()
    assert {"UCY", "UOLA", "UPAM"} < room(world).people
    (told,) = [line for line in said if line.startswith("to UANA")]
    assert "Di (UDI): is a guest" in told
    assert "the user group SGONE: no_such_subteam" in told
    assert "the user group SOFF: it is switched off, or empty" in told
    assert "please invite by hand" in told


async def test_bookmarks_that_were_made_unheard_are_not_made_twice(world: World) -> None:
    world.chat.failures, world.chat.fails_only = [LostAnswer(), LostAnswer()], "bookmark"
    await declared(world, services=("checkout",))
    said = [*await world.work(), *await world.work(60), *await world.work(60)]
    assert len([line for line in said if line.startswith("bookmark")]) == 3
    assert len(room(world).bookmarks) == 3


async def test_a_channel_opened_unheard_is_found_though_its_name_is_taken(world: World) -> None:
    """The kill comes before the first attempt is noted, so that nobody looks first."""
    world.chat.rooms["CMINE"] = Room(NAME)
    incident = await declared(world)
    await world.work()
    assert (await does(world, incident=incident.id)).channel == "CMINE"
    assert list(rooms(world)) == ["CMINE"]


@pytest.mark.parametrize(
    "other",
    [
        Room(NAME, ours=False),
        Room(NAME, archived=True),
        Room(NAME, private=True),
        Room(NAME, purpose="INC-20250101-001: of another time"),
        Room(NAME, opened_at=T - timedelta(days=365)),
    ],
    ids=["others", "archived", "private", "another incident's", "from before"],
)
async def test_a_channel_of_that_name_that_is_not_its_own_is_left_alone(
    world: World, other: Room
) -> None:
    world.chat.rooms["COLD"] = other
    await declared(world)
    said = await world.work()
    assert said[0] == f"open {NAME}-2"
    assert other.posts == {}


async def test_a_failure_keeps_the_incident_and_set_up_goes_on_without_doubles(
    world: World,
) -> None:
    world.chat.failures = [Unavailable("busy") for _ in range(30)]
    await declared(world, services=("checkout",))
    for _ in range(40):
        await world.work(60)
    made = room(world)
    assert (len(made.posts), len(made.pins), len(made.bookmarks)) == (1, 1, 3)
    assert {"UANA", "UCY", "UPAM"} < made.people
    assert await troubles(world) == ()


async def test_where_no_channel_may_be_opened_it_is_worked_on_in_a_thread(world: World) -> None:
    world.chat.may_open = False
    await declared(world, services=("checkout",))
    await world.work()
    incident = await does(world)
    assert incident.thread
    there = world.chat.rooms["CINCIDENTS"]
    root = incident.thread.ts
    assert "worked on in this thread" in str(there.posts[root][1]["text"])
    inside = [str(there.posts[ts][1]["text"]) for ts, of in there.threads.items() if of == root]
    assert len(inside) == 2
    assert any("<@UOLA> <@UCY> <@UDI> <!subteam^SPAY>" in text for text in inside)
    assert incident.card in there.threads
    assert rooms(world) == {}
    assert await troubles(world) == ()

    spoken = payloads.mention("ack")
    spoken["event"] |= {"channel": "CINCIDENTS", "thread_ts": root}
    await world.slack(spoken)
    assert (await does(world)).acknowledged_by == "UANA"
    said = await world.work(9)
    assert any(line.startswith("edit: *INC-20260115-001*") for line in said)
    assert not any(line.startswith(("invite", "pin", "topic")) for line in said)


async def test_nobody_answered_is_said_in_the_thread(world: World) -> None:
    world.chat.may_open = False
    await declared(world)
    await world.work()
    said = await world.work(3600)
    assert any(line.startswith("reply: Nobody has acknowledged") for line in said)


async def test_a_thread_begun_unheard_is_not_begun_again(world: World) -> None:
    world.chat.may_open = False
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "post: *INC"
    world.rules.fixed = replace(world.rules.fixed, services={})
    await declared(world)
    for _ in range(3):
        await world.work(60)
    roots = [t for t in texts(world.chat.rooms["CINCIDENTS"]) if "in this thread" in t]
    assert len(roots) == 1


async def test_without_a_place_for_a_thread_the_declarer_is_told(world: World) -> None:
    world.chat.may_open = False
    world.rules.fixed = Policy()
    await declared(world)
    (told,) = await world.work()
    assert told.startswith("to UANA: INC-20260115-001: the channel could not be opened")


async def test_what_is_private_is_never_worked_on_in_a_thread(world: World) -> None:
    world.chat.may_open = False
    await declared(world, private=True, invited=("UBO",))
    told = await world.work()
    assert sorted(line.partition(":")[0] for line in told) == ["to UANA", "to UBO"]
    assert world.chat.rooms["CINCIDENTS"].posts == {}
    assert any("in any channel that only its people see" in line for line in told)
    assert any("Open one yourselves" in line for line in told)


async def test_who_is_chosen_is_invited_and_who_owns_it_is_not_if_it_is_private(
    world: World,
) -> None:
    await declared(world, private=True, invited=("UBO",), services=("checkout",))
    await world.work()
    assert room(world).people == {"UANA", "UBO"}


async def test_a_role_brings_its_holder_in(world: World) -> None:
    await declared(world)
    await world.work()
    await does(world, OfferRole(ANA, Role.SCRIBE, "UBO"))
    assert "invite UBO" in await world.work(9)


async def test_a_week_after_it_was_resolved_the_channel_is_archived(world: World) -> None:
    await declared(world)
    await world.work()
    await does(world, ChangeStatus(ANA, Status.RESOLVED))
    said = await world.work(WEEK - 1)
    assert not any(line.startswith("archive") for line in said)
    said = await world.work(1)
    assert said[-1] == f"archive {NAME}"
    assert "`/incident reopen INC-20260115-001` goes on with it in a new channel" in said[-2]
    assert (await does(world)).channel is None
    assert await world.work(WEEK) == []


async def test_reopened_it_is_not_archived_and_a_new_end_counts_anew(world: World) -> None:
    await declared(world)
    await does(world, ChangeStatus(ANA, Status.RESOLVED))
    await world.work(6 * DAY)
    await does(world, Reopen(ANA), ChangeStatus(ANA, Status.RESOLVED))
    assert not room(world).archived
    await world.work(6 * DAY)
    assert not room(world).archived
    await world.work(DAY)
    assert room(world).archived


async def test_it_is_archived_when_it_was_promised_whatever_is_corrected_or_configured_since(
    world: World,
) -> None:
    """The job comes but once: sent away as too early, the channel would stay for ever."""
    await declared(world)
    await does(world, ChangeStatus(ANA, Status.RESOLVED))
    await world.work(2 * DAY)
    await does(world, SetMilestone(ANA, Milestone.RESOLVED, world.clock.now()))
    world.rules.fixed = replace(world.rules.fixed, archive_after=timedelta(days=14))
    await world.work(5 * DAY)
    assert room(world).archived


async def test_an_archiving_that_was_not_heard_of_says_goodbye_once(world: World) -> None:
    await declared(world)
    await does(world, ChangeStatus(ANA, Status.RESOLVED))
    await world.work()
    world.chat.failures, world.chat.fails_only = [LostAnswer(), Unavailable("x")], ""
    for _ in range(4):
        await world.work(WEEK)
    assert room(world).archived
    assert sum("is archived now" in text for text in texts(room(world))) == 1


async def test_a_goodbye_is_said_once_though_the_archiving_has_to_wait(world: World) -> None:
    await declared(world)
    await does(world, ChangeStatus(ANA, Status.RESOLVED))
    await world.work()
    world.chat.failures, world.chat.fails_only = [BUSY, BUSY], "archive"
    for _ in range(4):
        await world.work(WEEK)
    assert room(world).archived
    assert sum("is archived now" in text for text in texts(room(world))) == 1


async def test_a_channel_that_somebody_archived_by_hand_is_no_trouble(world: World) -> None:
    await declared(world)
    await world.work()
    await does(world, ChangeStatus(ANA, Status.CLOSED))
    await world.work()
    room(world).archived = True
    await world.work(WEEK)
    assert await troubles(world) == ()


async def test_reopened_after_archiving_it_goes_on_in_a_new_channel_that_says_where_it_was(
    world: World,
) -> None:
    await declared(world)
    await world.work()
    await does(world, Acknowledge(BO), ChangeStatus(ANA, Status.RESOLVED))
    await world.work(9)
    await world.work(WEEK)
    await does(world, Reopen(ANA))
    said = await world.work(9)
    assert f"open {NAME}-2" in said
    old, new = rooms(world)
    first, second = texts(rooms(world)[new])
    assert first == f"INC-20260115-001 goes on here. What was said before is in <#{old}>."
    assert second.startswith("*INC-20260115-001*")
    assert rooms(world)[new].people == {"UANA", "UBO"}
    incident = await does(world)
    assert (incident.channel, incident.former_channels) == (new, (old,))


async def test_merging_moves_the_people_and_leaves_a_pointer(world: World) -> None:
    one = await declared(world)
    other = await declared(world, by=BO)
    await world.work()
    here, there = rooms(world)
    await does(world, Join(EVE, there), incident=other.id)
    await world.desk.incidents.merge(other.id, one.id, BO, "m1")
    said = await world.work(9)
    assert rooms(world)[here].people == {"UANA", "UBO", "UEVE"}
    pointer = f"INC-20260115-002 turned out to be {ID}, which goes on: <#{here}>."
    assert any(pointer in text for text in texts(rooms(world)[there]))
    assert any("merged · checkout is down" in line for line in said)
    announced = world.chat.rooms["CINCIDENTS"].posts.values()
    assert any(f"goes on as {ID}" in str(words) for _, words in announced)
    said = await world.work(WEEK)
    assert f"archive {rooms(world)[there].name}" in said


async def test_made_private_it_goes_on_in_a_private_channel_and_the_old_one_is_closed(
    world: World,
) -> None:
    await declared(world, services=("checkout",))
    await world.work()
    before = world.chat.rooms["CINCIDENTS"]
    await does(world, MakePrivate(ANA, ("UBO",)))
    await world.work(9)
    closed, opened = rooms(world).values()
    assert (opened.name, opened.private) == (f"{NAME}-2", True)
    assert opened.people == {"UANA", "UBO"}
    assert texts(opened)[0].startswith(f"{ID} is private now and goes on here.")
    assert closed.archived
    card, stone = texts(closed)
    assert card == "This incident is no longer shown here."
    assert "stays readable for everybody who could read it" in stone
    assert texts(before) == ["This incident is no longer shown here."]
    said = len(before.posts)
    await does(world, ChangeStatus(ANA, Status.RESOLVED))
    await world.work(9)
    assert (len(before.posts), texts(before)) == (said, [card])
    assert "resolved" in texts(opened)[1]
    assert await troubles(world) == ()


async def test_a_tombstone_that_was_not_heard_of_is_said_once(world: World) -> None:
    await declared(world)
    await world.work()
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "post: This incident is private"
    await does(world, MakePrivate(ANA, ()))
    for _ in range(3):
        await world.work(60)
    closed = next(iter(rooms(world).values()))
    assert closed.archived
    assert sum("is private from now on" in text for text in texts(closed)) == 1


async def test_a_tombstone_is_said_once_though_the_archiving_has_to_wait(world: World) -> None:
    await declared(world)
    await world.work()
    world.chat.failures, world.chat.fails_only = [BUSY, BUSY], "archive"
    await does(world, MakePrivate(ANA, ()))
    for _ in range(4):
        await world.work(60)
    closed = next(iter(rooms(world).values()))
    assert closed.archived
    assert sum("is private from now on" in text for text in texts(closed)) == 1


async def test_what_was_told_under_the_announcement_is_taken_away_when_it_becomes_private(
    world: World,
) -> None:
    await declared(world)
    await world.work()
    for n in range(3):
        await does(world, Update(ANA, f"the cache is full, {n}"))
        await world.work(9)
    place = world.chat.rooms["CINCIDENTS"]
    (announcement,) = {*place.threads.values()}
    place.spoken["9.9"] = Message("CINCIDENTS", "9.9", "UEVE", "poor cache", thread=announcement)
    assert any("the cache is full, 1" in text for text in texts(place))
    world.chat.failures = [LostAnswer(), BUSY, LostAnswer(), BUSY]
    world.chat.fails_only = "edit: This incident"
    await does(world, MakePrivate(ANA, ()))
    for _ in range(6):
        await world.work(60)
    assert set(texts(place)) == {"This incident is no longer shown here."}
    assert await troubles(world) == ()


async def test_a_thread_that_became_private_shows_nothing_more(world: World) -> None:
    world.chat.may_open = False
    await declared(world)
    await world.work()
    world.chat.may_open = True
    await does(world, MakePrivate(ANA, ()))
    await world.work(9)
    assert set(texts(world.chat.rooms["CINCIDENTS"])) == {"This incident is no longer shown here."}
    assert room(world).private


@pytest.mark.parametrize("may_open", [True, False], ids=["channel", "thread"])
async def test_made_private_while_its_room_is_being_opened_it_is_not_in_there(
    world: World, *, may_open: bool
) -> None:
    """The chat is told of a public room, and before the answer comes it is private."""
    world.rules.fixed = Policy(announcements="CINCIDENTS" if not may_open else None)
    world.chat.may_open = may_open
    await declared(world)

    async def hide() -> None:
        world.chat.may_open = True
        await does(world, MakePrivate(ANA, ()))

    world.chat.meanwhile = hide
    await world.work()
    await world.work(60)
    opened = rooms(world)[(await does(world)).channel or ""]
    assert opened.private
    assert all(closed.archived for closed in rooms(world).values() if closed is not opened)
    assert {*texts(world.chat.rooms["CINCIDENTS"])} <= {"This incident is no longer shown here."}


async def test_a_former_channel_lets_nobody_in(world: World) -> None:
    await declared(world)
    await world.work()
    (old,) = rooms(world)
    await does(world, MakePrivate(ANA, ()))
    await world.slack(payloads.joined(old, by="UEVE"))
    assert "UEVE" not in (await does(world)).people
    await world.slack(payloads.left(old, by="UANA"))
    assert "UANA" in (await does(world)).people
    asked = payloads.command("status", by="UEVE", channel=old)
    assert ID not in (await world.slack(asked)).body


async def test_a_message_from_which_a_private_one_was_declared_tells_nobody_of_it(
    world: World,
) -> None:
    here = Post("CGENERAL", "5.5")
    await declared(world, private=True, origin=here)
    other = await declared(world, by=EVE, origin=here)
    assert (other.id, other.origin) == ("INC-20260115-002", None)
