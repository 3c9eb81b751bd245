"""The read side keeps up, and never keeps others waiting."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.domain.commands import Acknowledge, Declare
from bot.domain.facts import Fact, Joined
from bot.domain.incident import replay
from bot.domain.policy import Policy
from bot.ports import Commit, Unavailable
from bot.usecases.board import SLICE, Board
from bot.usecases.incidents import Incidents
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.fakes.store import MemoryStore
from tests.samples import ANA, BO, stamp


class Twin(MemoryStore):
    """Counts what the board reads; may be away."""

    def __init__(self, clock: SteppedClock) -> None:
        super().__init__(clock)
        self.reads = 0
        self.away = False

    async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
        self.reads += 1
        if self.away:
            raise Unavailable("the store is away")
        return await super().feed(after)


@pytest.fixture
def kept(clock: SteppedClock) -> Twin:
    return Twin(clock)


async def declared(store: Twin, clock: SteppedClock) -> str:
    incidents = Incidents(store, FixedRules(Policy()), clock)
    return (await incidents.handle(None, Declare(ANA, "checkout is down"), "r1")).id


async def join(store: Twin, incident: str, people: int, facts_each: int = 1) -> None:
    """Write facts as fast as can be."""
    seq = len(store.index.history(incident, 0))
    for n in range(0, people, facts_each):
        facts = [Joined(stamp(f"U{n + i}")) for i in range(facts_each)]
        await store.commit(Commit({incident: (seq + n, facts)}))


@asynccontextmanager
async def following(board: Board) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(board.follow())
    await turn()
    yield task
    task.cancel()
    await asyncio.wait([task])


async def turn() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_others_have_their_turn_while_much_is_folded(
    kept: Twin, clock: SteppedClock
) -> None:
    incident = await declared(kept, clock)
    await join(kept, incident, 10 * SLICE)
    board, turns = Board(kept, clock), 0
    asking = asyncio.create_task(board.incident(incident, ANA))
    while not asking.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 10
    assert await asking == replay(incident, kept.index.history(incident, 0))


async def test_who_asks_while_much_is_folded_sees_what_was_there_before(
    kept: Twin, clock: SteppedClock
) -> None:
    incident = await declared(kept, clock)
    await join(kept, incident, 3 * SLICE)
    board = Board(kept, clock)
    task = asyncio.create_task(board.follow())
    await asyncio.sleep(0)
    await Incidents(kept, FixedRules(Policy()), clock).handle(incident, Acknowledge(BO), "r2")
    seen = await board.incident(incident, ANA)
    assert seen
    assert seen.acknowledged_by == "UBO"
    task.cancel()
    await asyncio.wait([task])


async def test_who_stops_waiting_halfway_spoils_nothing(kept: Twin, clock: SteppedClock) -> None:
    incident = await declared(kept, clock)
    await join(kept, incident, 3 * SLICE, facts_each=7 * 3)
    board = Board(kept, clock)
    for _ in range(3):
        asking = asyncio.create_task(board.incident(incident, ANA))
        for _ in range(3):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])
    assert await board.incident(incident, ANA) == replay(incident, kept.index.history(incident, 0))


async def test_it_is_warm_once_all_that_was_kept_is_read(kept: Twin, clock: SteppedClock) -> None:
    await declared(kept, clock)
    board = Board(kept, clock)
    with pytest.raises(Unavailable):
        await board.check()
    async with following(board):
        await board.check()


async def test_what_is_new_is_read_once_and_nothing_is_asked_in_between(
    kept: Twin, clock: SteppedClock
) -> None:
    board = Board(kept, clock)
    async with following(board):
        incident = await declared(kept, clock)
        await turn()
        await kept.commit(Commit(request_key="no facts"))
        await turn()
        before = kept.reads
        clock.advance(3600)
        await turn()
        assert kept.reads == before <= 4
        assert board._incidents[incident].seq == 1


async def test_a_store_that_is_away_is_waited_for(kept: Twin, clock: SteppedClock) -> None:
    kept.away = True
    board = Board(kept, clock)
    async with following(board) as task:
        incident = await declared(kept, clock)
        for _ in range(600):
            clock.advance(1)
            await turn()
        assert kept.reads <= 160
        with pytest.raises(Unavailable):
            await board.check()
        with pytest.raises(Unavailable):
            await board.incident(incident, ANA)
        kept.away = False
        clock.advance(4)
        await turn()
        await board.check()
        assert board._incidents[incident].seq == 1
        assert not task.done()
