"""When an incident is closed, its channel is told what the whole history amounts to."""

import re
from dataclasses import replace

import pytest

from bot.domain.commands import ChangeStatus, Declare
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import Unavailable
from tests.fakes.chat import LostAnswer
from tests.samples import ANA
from tests.world import World

CLOSE = ChangeStatus(ANA, Status.CLOSED)


@pytest.fixture
async def id(world: World) -> str:
    world.rules.fixed = replace(world.rules.fixed, announcements=None)
    declare = Declare(ANA, "checkout is down", Severity.P1)
    return (await world.desk.incidents.handle(None, declare, "r1")).id


def sealed(said: list[str]) -> list[str]:
    return [line for line in said if "is sealed as" in line]


async def test_the_head_is_said_in_the_channel_with_how_to_check_it(world: World, id: str) -> None:
    await world.work()
    await world.desk.incidents.handle(id, CLOSE, "r2")
    heads = [await world.store.head()]
    while await world.worker.step():
        heads.append(await world.store.head())
    said = sealed(world.chat.said)
    (told,) = re.findall(r"`(\d+):([0-9a-f]{64})`", said[0])
    assert (int(told[0]), told[1]) in [(head.position, head.hash) for head in heads]
    assert said[0].startswith(f"post: The history up to the end of {id}")
    assert f"`responder verify-log --head {told[0]}:{told[1]}`" in said[0]


@pytest.mark.parametrize(
    ("failure", "unreadable", "times"),
    [(LostAnswer(), False, 1), (LostAnswer(), True, 2), (Unavailable("down"), False, 1)],
)
async def test_a_seal_that_may_have_been_posted_is_looked_for(
    world: World, id: str, *, failure: Exception, unreadable: bool, times: int
) -> None:
    await world.work()
    await world.desk.incidents.handle(id, CLOSE, "r2")
    world.chat.failures, world.chat.fails_only = [failure], "post: The history"
    world.chat.unreadable = unreadable
    await world.work()
    await world.work(60)
    assert len(sealed(world.chat.said)) == times


async def test_closed_before_it_had_a_channel_it_is_sealed_once_it_has(
    world: World, id: str
) -> None:
    world.chat.failures, world.chat.fails_only = [Unavailable("down")], "open"
    await world.work()
    await world.desk.incidents.handle(id, CLOSE, "r2")
    assert sealed(await world.work()) == []
    assert len(sealed(await world.work(60))) == 1
