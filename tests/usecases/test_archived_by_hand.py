"""A channel that somebody archived in Slack: the incident knows, and goes on where people say."""

import itertools

import pytest

from bot.domain.commands import Acknowledge, ChangeStatus, MakePrivate, Reopen, Update
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.status import Status
from tests.handlers.test_verbs import room, told
from tests.payloads import command, event
from tests.samples import ANA, BO, ID
from tests.world import World

KEYS = itertools.count()
DAY = 24 * 3600


async def happens(world: World, kind: str, channel: str, *, by: str = "UBO") -> list[str]:
    if not kind.endswith("unarchive") and channel in world.chat.rooms:
        world.chat.rooms[channel].archived = True
    elif channel in world.chat.rooms:
        world.chat.rooms[channel].archived = False
    happened = event(f"EvA{next(KEYS)}", type=kind, user=by, channel=channel)
    assert (await world.slack(happened)).status == 200
    assert (await world.slack(happened)).status == 200  # Slack tells it again
    return await world.work()


async def now(world: World) -> Incident:
    return await world.desk.incidents.current(ID)


@pytest.mark.parametrize("family", ["channel", "group"])
async def test_who_carries_it_and_who_archived_it_are_told_what_to_do(
    world: World, family: str
) -> None:
    channel = await room(world)
    await world.desk.incidents.handle(ID, Acknowledge(BO), "a")
    said = await happens(world, f"{family}_archive", channel)
    words = [line for line in said if "Somebody archived its channel" in line]
    assert [line.partition(":")[0] for line in words] == ["to UANA", "to UBO"]
    assert all(f"`/incident reopen {ID}`" in line for line in words)
    assert (await now(world)).channel is None
    assert not [line for line in said if line.startswith(("archive", "post"))]


async def test_it_is_answered_elsewhere_and_what_was_not_said_waits(world: World) -> None:
    channel = await room(world)
    await happens(world, "channel_archive", channel)
    listed = await world.slack(command("list"))
    assert "its channel was archived; unarchive it, or `/incident reopen" in listed.body
    assert "is told" in await told(world, f"update {ID} still looking", "CGENERAL")
    await world.work(60)
    assert (await now(world)).troubles == ()
    said = await happens(world, "channel_unarchive", channel)
    assert any("still looking" in line for line in said)
    assert (await now(world)).channel == channel
    assert (await now(world)).former_channels == ()


async def test_reopening_opens_another_that_is_linked(world: World) -> None:
    channel = await room(world)
    with pytest.raises(Refused, match="open already"):
        await world.desk.incidents.handle(ID, Reopen(ANA), "r0")
    await happens(world, "channel_archive", channel)
    assert "investigating" in await told(world, f"reopen {ID}", "CGENERAL")
    said = await world.work()
    assert any("What was said before is in <#" + channel in line for line in said)
    opened = (await now(world)).channel
    assert opened not in {None, channel}
    await happens(world, "channel_unarchive", channel)
    assert (await now(world)).channel == opened


async def test_of_what_is_over_nobody_is_told_and_it_reopens_as_after_our_own(
    world: World,
) -> None:
    channel = await room(world)
    await world.desk.incidents.handle(ID, ChangeStatus(ANA, Status.RESOLVED), "c")
    await world.work()
    assert await happens(world, "channel_archive", channel) == []
    assert not [line for line in await world.work(8 * DAY) if line.startswith("archive")]
    await told(world, f"reopen {ID}", "CGENERAL")
    assert any("What was said before is in <#" in line for line in await world.work())


async def test_what_was_made_private_does_not_come_back_to_where_everybody_reads(
    world: World,
) -> None:
    channel = await room(world)
    await happens(world, "channel_archive", channel)
    await world.desk.incidents.handle(ID, MakePrivate(ANA, ()), "p")
    await world.work()
    private = (await now(world)).channel
    said = await happens(world, "channel_unarchive", channel)
    assert (await now(world)).channel == private != channel
    assert said == []
    await world.desk.incidents.handle(ID, Update(ANA, "hush"), "u")
    await world.work()
    assert "hush" not in str(world.chat.rooms[channel].posts)


@pytest.mark.parametrize("kind", ["channel_archive", "channel_unarchive"])
async def test_what_happens_to_other_channels_is_no_news(world: World, kind: str) -> None:
    await room(world)
    before = (await now(world)).seq
    assert await happens(world, kind, "CGENERAL") == []
    assert (await now(world)).seq == before


async def test_what_the_bot_archived_itself_is_known(world: World) -> None:
    channel = await room(world)
    await world.desk.incidents.handle(ID, ChangeStatus(ANA, Status.RESOLVED), "c")
    await world.work(8 * DAY)
    before = (await now(world)).seq
    await happens(world, "channel_archive", channel, by="UBOT")
    assert (await now(world)).seq == before
    await happens(world, "channel_unarchive", channel)
    assert (await now(world)).seq == before
