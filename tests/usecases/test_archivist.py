"""A copy of every post-mortem is kept, and written again if it is not there."""

import pytest

from bot.domain.commands import AddNote, ChangeStatus, Declare, Reopen
from bot.domain.status import Status
from bot.ports import Lease, Unavailable
from bot.usecases.archivist import Archivist
from tests.fakes.archive import MemoryArchive
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.samples import ANA
from tests.world import World


@pytest.fixture
def archive() -> MemoryArchive:
    return MemoryArchive()


@pytest.fixture
def archivist(world: World, archive: MemoryArchive) -> Archivist:
    desk = world.desk
    return Archivist(world.store, desk.board, desk.stories, archive, world.clock)


async def over(world: World, *, private: bool = False) -> str:
    declare = Declare(ANA, "checkout is down", private=private)
    id = (await world.desk.incidents.handle(None, declare, "d")).id
    await world.work()
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.RESOLVED), "r")
    return id


async def test_it_is_kept_once(world: World, archivist: Archivist, archive: MemoryArchive) -> None:
    await archivist.catch_up()
    id = await over(world)
    await archivist.catch_up()
    assert archive.texts[id].startswith(f"# {id}: checkout is down\n")
    await world.work()
    for _ in range(3):
        world.clock.advance(61)
        await archivist.catch_up()
    assert archive.written == [id]


async def test_an_open_incident_has_none(
    world: World, archivist: Archivist, archive: MemoryArchive
) -> None:
    await world.desk.incidents.handle(None, Declare(ANA, "checkout is down"), "d")
    await archivist.catch_up()
    assert archive.texts == {}


async def test_a_newer_one_takes_its_place(
    world: World, archivist: Archivist, archive: MemoryArchive
) -> None:
    id = await over(world)
    await archivist.catch_up()
    await world.work()
    await world.desk.incidents.handle(id, Reopen(ANA), "o")
    await world.desk.incidents.handle(id, AddNote(ANA, "it came back"), "n")
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.RESOLVED), "again")
    await world.work()
    await archivist.catch_up()
    assert "it came back" in archive.texts[id]


async def test_one_that_was_deleted_or_changed_is_written_again(
    world: World, archivist: Archivist, archive: MemoryArchive
) -> None:
    id = await over(world)
    await archivist.catch_up()
    first = archive.texts[id]
    for left in ({}, {id: "something else\n"}, {id: first.replace(id, "INC-X")}):
        archive.texts = left
        world.clock.advance(61)
        await archivist.catch_up()
        assert archive.texts[id].splitlines()[0] == first.splitlines()[0]


async def test_after_a_start_nothing_is_written_again(
    world: World, archivist: Archivist, archive: MemoryArchive
) -> None:
    await over(world)
    await archivist.catch_up()
    desk = world.desk
    await Archivist(world.store, desk.board, desk.stories, archive, world.clock).catch_up()
    assert len(archive.written) == 1


class Elsewhere(MemoryStore):
    """A store whose leases another process has."""

    async def hold(self, name: str, lease: Lease) -> bool:
        return False


async def test_who_does_not_hold_the_lease_writes_nothing(archive: MemoryArchive) -> None:
    clock = SteppedClock()
    world = World(Elsewhere(clock), clock=clock)
    await over(world)
    desk = world.desk
    await Archivist(world.store, desk.board, desk.stories, archive, clock).catch_up()
    assert archive.texts == {}


async def test_private_ones_are_kept_too(
    world: World, archivist: Archivist, archive: MemoryArchive
) -> None:
    id = await over(world, private=True)
    await archivist.catch_up()
    assert "**Private.**" in archive.texts[id]


async def test_what_keeps_it_from_being_kept_is_told(
    world: World, archivist: Archivist, archive: MemoryArchive
) -> None:
    await over(world)
    archive.broken = True
    with pytest.raises(Unavailable, match="the disk is full"):
        await archivist.catch_up()
