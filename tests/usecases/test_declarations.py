"""What is declared once, what might be the same, what is offered, and who is brought in."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.authority import Authority
from bot.domain.catalogue import Service
from bot.domain.commands import ChangeStatus, Declare, MakePrivate
from bot.domain.errors import Refused
from bot.domain.facts import ChannelOpened, Fact, JobBuried
from bot.domain.incident import Post
from bot.domain.jobs import Reply
from bot.domain.policy import Policy
from bot.domain.status import Status
from bot.domain.transcript import Message
from bot.ports import Commit, Store, Unavailable
from bot.usecases.board import Board
from bot.usecases.declarations import Declarations
from bot.usecases.incidents import Incidents
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.fakes.store import MemoryStore
from tests.samples import ANA, BO, EVE, SECURITY, stamp
from tests.world import World

THERE = Post("CGENERAL", "5.5")
DOWN = Declare(ANA, "checkout is down")
SERVICES = {name: Service(name) for name in ("checkout", "search")}


def replica(store: Store, clock: SteppedClock) -> Declarations:
    incidents = Incidents(store, FixedRules(Policy(services=SERVICES)), clock)
    return Declarations(store, incidents, Board(store, clock), clock)


async def test_the_same_words_again_are_what_is_open(store: Store, clock: SteppedClock) -> None:
    one, other = replica(store, clock), replica(store, clock)
    first = await one.declare(DOWN, "r1")
    again = await other.declare(Declare(ANA, "Checkout is  DOWN"), "r2")
    assert (first.again, again.again) == (False, True)
    assert again.incident == first.incident
    assert again.alike == []  # it is not like itself
    assert (await store.head()).position == 1
    clock.advance(120)
    assert (await other.declare(DOWN, "r3")).incident.id == "INC-20260115-002"


async def test_two_at_once_are_one(clock: SteppedClock) -> None:
    world = World(clock=clock)
    both = await asyncio.gather(
        *(world.desk.declarations.declare(DOWN, f"r{n}") for n in range(5))
    )
    assert len({made.incident.id for made in both}) == 1
    assert [made.again for made in both].count(False) == 1


async def test_what_was_declared_is_told_though_the_store_is_away_the_next_moment(
    clock: SteppedClock,
) -> None:
    """Told that nothing was saved, people would declare it once more."""

    class Leaving(MemoryStore):
        async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
            if self.index.head.position:
                raise Unavailable("the store is away")
            return await super().feed(after)

    made = await replica(Leaving(clock), clock).declare(DOWN, "r1")
    assert (made.incident.id, made.alike) == ("INC-20260115-001", [])


async def test_a_request_that_comes_again_has_the_same_answer(
    store: Store, clock: SteppedClock
) -> None:
    declarations = replica(store, clock)
    command = Declare(ANA, "checkout is down", origin=THERE)
    first = await declarations.declare(command, "r1")
    assert (await declarations.declare(command, "r1")) == first


async def test_another_is_declared_when_it_is_another(store: Store, clock: SteppedClock) -> None:
    declarations = replica(store, clock)
    first = await declarations.declare(DOWN, "r1")
    other = await declarations.declare(DOWN, "r2", another=True)
    assert (other.again, other.alike) == (False, [first.incident])
    assert (await declarations.declare(DOWN, "r2", another=True)).incident == other.incident


async def test_what_might_be_the_same_is_shown_to_who_may_know_of_it(
    store: Store, clock: SteppedClock
) -> None:
    declarations = replica(store, clock)
    old = Declare(ANA, "checkout is slow", services=("checkout",))
    await declarations.declare(old, "r1")
    await declarations.declare(Declare(ANA, "long ago"), "r2")
    clock.advance(3600)
    await declarations.declare(Declare(ANA, "a leak", private=True), "r3")
    for n in range(2):
        clock.advance(1)
        await declarations.declare(Declare(BO, f"trouble {n}"), f"s{n}")
    shown = await declarations.declare(Declare(EVE, "500s", services=("checkout",)), "r4")
    assert [i.title for i in shown.alike] == ["trouble 1", "trouble 0", "checkout is slow"]
    assert [i.title for i in await declarations.alike(ANA)] == ["500s", "trouble 1", "trouble 0"]
    assert "a leak" in {i.title for i in await declarations.alike(SECURITY, but=shown.incident.id)}


async def test_from_one_message_comes_one_incident(store: Store, clock: SteppedClock) -> None:
    declarations = replica(store, clock)
    made = await declarations.declare(Declare(ANA, "checkout is down", origin=THERE), "r1")
    with pytest.raises(Refused, match="INC-20260115-001 was declared from that message already"):
        await declarations.declare(Declare(BO, "it is down", origin=THERE), "r2")
    with pytest.raises(Refused, match="already: `/incident INC-20260115-001`"):
        await declarations.origin(THERE, BO)
    assert made.incident.origin == THERE


async def test_a_private_incident_from_the_message_is_not_told_of(
    store: Store, clock: SteppedClock
) -> None:
    declarations = replica(store, clock)
    hidden = Declare(ANA, "a leak", private=True, origin=THERE)
    await declarations.declare(hidden, "r1")
    assert await declarations.origin(THERE, BO) == THERE
    made = await declarations.declare(Declare(BO, "it is down", origin=THERE), "r2")
    assert made.incident.origin is None
    assert made.alike == []
    with pytest.raises(Refused, match="was declared from that message already"):
        await declarations.declare(Declare(SECURITY, "it is down", origin=THERE), "r3")


async def test_what_is_said_in_a_private_channel_leads_no_way_out(
    store: Store, clock: SteppedClock
) -> None:
    declarations = replica(store, clock)
    hidden = await declarations.declare(Declare(ANA, "a leak", private=True), "r1")
    opened = ChannelOpened(stamp("bot"), "C7", "inc-x")
    claims = {("channel", "C7"): hidden.incident.id}
    await store.commit(Commit({hidden.incident.id: (1, [opened])}, claims))
    made = await declarations.declare(Declare(ANA, "x", origin=Post("C7", "7.7")), "r2")
    assert made.incident.origin is None
    assert await declarations.origin(Post("C7", "7.7"), ANA) is None


@pytest.mark.parametrize("seconds", [0, 61, 299])
async def test_a_channel_is_offered_once_in_ten_minutes(
    store: Store, clock: SteppedClock, seconds: int
) -> None:
    clock.advance(seconds)
    bots, offered = [replica(store, clock) for _ in range(2)], list[int]()
    for minute in range(40):
        before = await spent(store, clock)
        reply = Reply(f"U{minute}", "CGENERAL", {"text": "?"})
        await bots[minute % 2].offer(reply, clock.now())
        offered += [minute] * (await spent(store, clock) - before)
        clock.advance(60)
    gaps = {later - earlier for earlier, later in pairwise(offered)}
    assert offered[0] == 0
    assert all(10 <= gap <= 15 for gap in gaps), offered


async def spent(store: Store, clock: SteppedClock) -> int:
    now = int(clock.now().timestamp() // 300)
    keys = [f"offer/CGENERAL/{n}/answer" for n in range(now - 20, now + 1)]
    return sum([await store.owner("request", key) is not None for key in keys])


async def test_what_is_heard_late_and_other_channels_are_another_matter(world: World) -> None:
    declarations, now = world.desk.declarations, world.clock.now()
    await declarations.offer(
        Reply("UANA", "CGENERAL", {"text": "late"}), now - timedelta(minutes=11)
    )
    await declarations.offer(Reply("UANA", "CGENERAL", {"text": "here"}), now)
    await declarations.offer(Reply("UBO", "CGENERAL", {"text": "again"}), now)
    await declarations.offer(Reply("UBO", "COTHER", {"text": "there"}), now)
    assert await world.work() == ["to UANA: here", "to UBO: there"]


async def joins(world: World, incident: str, by: Authority, key: str = "j1") -> list[str]:
    await world.desk.declarations.join(incident, by, key)
    return [line for line in await world.work() if line.startswith(("invite", "to "))]


async def test_who_joins_is_brought_in_once(world: World) -> None:
    made = await world.desk.declarations.declare(DOWN, "r1")
    await world.work()
    assert await joins(world, made.incident.id, BO) == ["invite UBO"]
    assert await joins(world, made.incident.id, BO) == []


async def test_who_joins_before_there_is_a_channel_is_brought_in_then(world: World) -> None:
    made = await world.desk.declarations.declare(DOWN, "r1")
    await world.desk.declarations.join(made.incident.id, BO, "j1")
    await world.work()
    await world.work(60)
    (room,) = [r for r in world.chat.rooms.values() if r.name.startswith("inc-")]
    assert "UBO" in room.people


async def test_who_cannot_be_brought_in_is_told(world: World) -> None:
    made = await world.desk.declarations.declare(DOWN, "r1")
    await world.work()
    world.chat.fails_only, world.chat.failures = "invite", [Refused("they are a guest")]
    (told,) = await joins(world, made.incident.id, BO)
    assert told.startswith(f"to UBO: I could not bring you into the channel of {made.incident.id}")
    assert "they are a guest" in told


async def test_without_a_channel_nobody_is_brought_in(world: World) -> None:
    made = await world.desk.declarations.declare(DOWN, "r1")
    buried = JobBuried(stamp("bot"), "open_channel", "forbidden")
    await world.store.commit(Commit({made.incident.id: (1, [buried])}))
    await world.desk.declarations.join(made.incident.id, BO, "j1")
    world.chat.fails_only, world.chat.failures = "open", [Refused("forbidden")]
    assert any("it has no channel" in line for line in await world.work())


async def test_who_wants_into_a_channel_that_was_archived_is_told_at_once(world: World) -> None:
    made = await world.desk.declarations.declare(DOWN, "r1")
    await world.work()
    await world.desk.incidents.handle(made.incident.id, ChangeStatus(ANA, Status.RESOLVED), "r2")
    await world.work(7 * 24 * 3600)
    await world.desk.declarations.join(made.incident.id, BO, "j1")
    assert any("it has no channel" in line for line in await world.work())


async def test_one_joins_only_what_one_may_know_of_and_is_not_over(world: World) -> None:
    declarations, incidents = world.desk.declarations, world.desk.incidents
    leak = await declarations.declare(Declare(ANA, "a leak", private=True), "r1")
    with pytest.raises(Refused, match="I know no such incident"):
        await declarations.join(leak.incident.id, BO, "j1")
    done, going_on = [
        (await declarations.declare(Declare(ANA, title), title)).incident.id
        for title in ("search is slow", "checkout is down")
    ]
    await incidents.merge(done, going_on, ANA, "m1")
    with pytest.raises(Refused, match=f"{done} is merged into {going_on}"):
        await declarations.join(done, BO, "j2")
    await incidents.handle(going_on, ChangeStatus(ANA, Status.CLOSED), "c1")
    with pytest.raises(Refused, match="closed; there is nothing to join"):
        await declarations.join(going_on, BO, "j3")


async def test_the_reply_to_its_message_is_taken_away_when_it_becomes_private(
    world: World,
) -> None:
    there = world.chat.rooms["CGENERAL"]
    there.spoken["5.5"] = Message("CGENERAL", "5.5", "UBO", "help")
    declared = Declare(ANA, "checkout is down", origin=Post("CGENERAL", "5.5"))
    made = await world.desk.declarations.declare(declared, "r1")
    await world.work()
    (reply,) = [words["text"] for _, words in there.posts.values()]
    assert made.incident.id in str(reply)
    await world.desk.incidents.handle(made.incident.id, MakePrivate(ANA, ()), "r2")
    await world.work(9)
    assert [words["text"] for _, words in there.posts.values()] == [
        "This incident is no longer shown here."
    ]
    assert there.spoken["5.5"].text == "help"
    assert (await world.desk.incidents.current(made.incident.id)).troubles == ()


async def test_who_joins_what_became_private_meanwhile_stays_out(world: World) -> None:
    made = await world.desk.declarations.declare(DOWN, "r1")
    await world.desk.declarations.join(made.incident.id, BO, "j1")
    await world.desk.incidents.handle(made.incident.id, MakePrivate(ANA, ()), "p1")
    await world.work()
    await world.work(60)
    assert not any("UBO" in line for line in world.chat.said)
