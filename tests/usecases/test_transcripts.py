"""What was said is read again, kept for as long as it should be, and erased when it should be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import ChangeSeverity, ChangeStatus, Command, Declare, Reopen
from bot.domain.errors import Refused
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.state import Post
from bot.domain.status import Status
from bot.domain.transcript import Message
from bot.ports import Commit, Lease, Unavailable
from bot.usecases.forgetting import Forgetting
from bot.usecases.presence import Presence
from tests.fakes.chat import LostAnswer
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.samples import ANA, BO, ID
from tests.world import World

KEY = "AKIA" + "IOSFODNN7EXAMPLE"
RESOLVE, CLOSE = ChangeStatus(ANA, Status.RESOLVED), ChangeStatus(ANA, Status.CLOSED)


async def does(world: World, *commands: Command) -> None:
    for command in commands:
        head = await world.store.head()
        await world.desk.incidents.handle(ID, command, f"r{head.position}")


async def declared(world: World, **more: object) -> str:
    """Declare an incident; return its channel."""
    await world.desk.incidents.handle(None, Declare(ANA, "checkout is down", **more), "r0")  # type: ignore[arg-type]
    await world.work()
    return (await world.desk.incidents.current(ID)).channel or ""


@pytest.fixture
async def room(world: World) -> str:
    return await declared(world)


def line(room: str, n: int, text: str = "", by: str = "UANA", thread: str = "") -> Message:
    return Message(room, f"{n}.000000", by, text or f"line {n}", thread=thread)


async def held(world: World, channel: str) -> Sequence[tuple[str, str]]:
    told = await world.store.transcript(channel)
    return [(m.ts.removesuffix(".000000"), m.text or "-") for m in told]


async def heard(world: World, message: Message) -> Message:
    """Have somebody say something, and the bot hear of it."""
    await world.desk.transcripts.hear(message, f"e{message.ts}{message.edited}")
    return world.chat.hears(message)


async def reads(world: World) -> list[str]:
    return [line for line in await world.work() if line.startswith("read")]


async def test_what_was_missed_is_kept_once_it_is_over(world: World, room: str) -> None:
    root = await heard(world, line(room, 501))
    await heard(world, line(room, 502, by="UBO", thread=root.ts))
    await heard(world, line(room, 503))
    await heard(world, line(room, 504, thread=root.ts))
    world.chat.hears(line(room, 505, f"missed {KEY}"))
    world.chat.hears(line(room, 506, "missed too", thread=root.ts))
    world.chat.hears(replace(line(room, 502, "put otherwise", "UBO", root.ts), edited="507.0"))
    world.chat.deletes(room, "503.000000")
    world.chat.deletes(room, "504.000000")
    await does(world, RESOLVE)
    said = await world.work()
    assert [line for line in said if line.startswith("read")] == [
        f"read {room}",
        f"read {room} in {root.ts}",
    ]
    assert await held(world, room) == [
        ("501", "line 501"),
        ("502", "put otherwise"),
        ("503", "-"),
        ("504", "-"),
        ("505", "missed [redacted: AWS key]"),
        ("506", "missed too"),
    ]
    gone = next(m for m in await world.store.transcript(room) if m.ts == "503.000000")
    assert (gone.author, gone.deleted, gone.deleted_by) == ("UANA", "1768478400.000000", "")
    assert len([line for line in said if line.startswith("to UANA: What you posted")]) == 1
    await does(world, CLOSE)
    again = await world.work()
    assert not [line for line in again if "What you posted" in line]


async def test_a_thread_that_is_gone_altogether_is_gone_here(world: World, room: str) -> None:
    root = await heard(world, line(room, 501))
    reply = await heard(world, line(room, 502, thread=root.ts))
    await heard(world, line(room, 503))
    for message in (reply, root):
        world.chat.deletes(room, message.ts)
    await does(world, RESOLVE)
    await world.work()
    assert await held(world, room) == [("501", "-"), ("502", "-"), ("503", "line 503")]


class Watched(MemoryStore):
    """Counts the messages that are written."""

    messages = 0

    async def commit(self, commit: Commit) -> int:
        self.messages += len(commit.messages)
        return await super().commit(commit)


async def test_what_is_as_it_was_is_not_written_again() -> None:
    store = Watched(SteppedClock())
    world = World(store)
    room = await declared(world)
    root = await heard(world, line(room, 501, f"try {KEY}"))
    await heard(world, line(room, 502, thread=root.ts))
    await does(world, RESOLVE)
    assert len(await reads(world)) == store.messages == 2


BUSY = Unavailable("busy", retry_after=timedelta(seconds=9))


@pytest.mark.parametrize("lost", [None, LostAnswer(), BUSY])
async def test_a_long_channel_is_read_in_parts_whatever_fails(
    world: World, room: str, lost: Exception | None
) -> None:
    world.chat.page = 1
    every = [world.chat.hears(line(room, 500 + n)) for n in range(60)]
    threads = [world.chat.hears(line(room, 600 + n, thread=every[n].ts)) for n in (0, 7)]
    world.chat.failures, world.chat.fails_only = [lost] * 2 if lost else [], f"read {room} before"
    await does(world, RESOLVE)
    for _ in range(6):
        await world.work(10)
    told = [(m.ts, m.text) for m in await world.store.transcript(room)]
    assert told == [(m.ts, m.text) for m in (*every, *threads)]


async def test_what_stands_in_another_part_is_not_gone(world: World, room: str) -> None:
    world.chat.page = 3
    for n in range(8):
        await heard(world, line(room, 500 + n))
    world.chat.deletes(room, "504.000000")
    await does(world, RESOLVE)
    await world.work()
    assert [ts for ts, text in await held(world, room) if text == "-"] == ["504"]


async def test_a_lease_that_is_lost_midway_reads_on_without_loss(world: World, room: str) -> None:
    world.chat.page = 2
    for n in range(5):
        world.chat.hears(line(room, 500 + n))
    await does(world, RESOLVE)
    lease = Lease(world.clock.now(), world.clock.now() + timedelta(seconds=4))
    await world.store.claim_jobs(99, lease)  # by a bot that dies with all of them
    for _ in range(3):
        await world.work(5)
    assert len(await held(world, room)) == 5


async def test_what_is_young_may_not_be_shown_yet_and_is_looked_for_again(
    world: World, room: str
) -> None:
    now = world.clock.now().timestamp()
    for age in (5, 15):
        await world.desk.transcripts.hear(
            Message(room, f"{now - age:.6f}", "UANA", f"{age} s old"), f"e{age}"
        )
    await does(world, RESOLVE)
    await world.work()
    assert [m.text for m in await world.store.transcript(room)] == ["", "5 s old"]
    assert not [line for line in await world.work(4) if line.startswith("read")]
    assert f"read {room}" in await world.work(7)
    assert [m.text for m in await world.store.transcript(room)] == ["", ""]
    assert await reads(world) == []


async def test_a_thread_that_was_declared_from_is_read_from_its_beginning(world: World) -> None:
    world.chat.hears(line("CGENERAL", 500, "is it down?"))
    world.chat.hears(line("CGENERAL", 501, "yes", "UBO", "500.000000"))
    world.chat.hears(line("CGENERAL", 502, "lunch?"))
    await world.store.commit(Commit(messages=[line("CGENERAL", 490, thread="480.000000")]))
    await declared(world, origin=Post("CGENERAL", "500.000000"))
    assert await held(world, "CGENERAL") == [
        ("490", "line 490"),
        ("500", "is it down?"),
        ("501", "yes"),
    ]


async def test_where_nothing_can_be_read_who_carries_it_is_told(world: World, room: str) -> None:
    world.chat.failures, world.chat.fails_only = [Refused("Slack refused it")] * 9, "read"
    await does(world, RESOLVE)
    told = [line for line in await world.work() if line.startswith("to UANA")]
    assert len(told) == 1
    assert "what was said could not be read again" in told[0]
    assert "invite me" in told[0]


# --- being away ---


async def owed_after(world: World) -> list[str]:
    """Let the bot be back; return what it then reads."""
    presence = Presence(world.store, world.desk.board, world.clock)
    assert await presence.owe()
    return await reads(world)


async def test_after_being_away_all_that_is_talked_of_is_read(world: World, room: str) -> None:
    assert await owed_after(world) == [f"read {room}"]
    assert await owed_after(world) == [f"read {room}"]
    await does(world, RESOLVE)
    await world.work()
    assert await owed_after(world) == [f"read {room}"]
    await does(world, CLOSE)
    await world.work()
    assert await owed_after(world) == []


async def test_being_back_twice_is_read_once(world: World, room: str) -> None:
    presence = Presence(world.store, world.desk.board, world.clock)
    for _ in range(3):
        assert await presence.owe()
    assert await reads(world) == [f"read {room}"]


async def test_being_back_while_it_is_read_has_it_read_again(world: World, room: str) -> None:
    presence = Presence(world.store, world.desk.board, world.clock)
    await presence.owe()
    lease = Lease(world.clock.now(), world.clock.now() + timedelta(seconds=4))
    (reading,) = await world.store.claim_jobs(1, lease)
    await world.desk.transcripts.hear(line("CNOWHERE", 1), "e1")
    await world.store.commit(Commit())
    await presence.owe()
    await world.store.commit(Commit(finishes=[reading]))
    assert await reads(world) == [f"read {room}"]


async def test_a_private_incident_is_read_too(world: World) -> None:
    room = await declared(world, private=True)
    assert await owed_after(world) == [f"read {room}"]


class Away(MemoryStore):
    away = False

    async def commit(self, commit: Commit) -> int:
        if self.away:
            raise Unavailable("away")
        return await super().commit(commit)


async def test_while_the_store_is_away_nothing_is_owed() -> None:
    store = Away(SteppedClock())
    world = World(store)
    await declared(world)
    presence = Presence(store, world.desk.board, world.clock)
    store.away = True
    assert not await presence.owe()
    store.away = False
    assert await presence.owe()


# --- how long it is kept ---

DAYS = {Severity.P0: 40, Severity.P1: 30, Severity.P2: 20, Severity.P3: 10}
SHORT = {severity: timedelta(days=days) for severity, days in DAYS.items()}


@pytest.fixture
async def short(world: World) -> str:
    """A room of a world that forgets soon."""
    world.rules.fixed = replace(world.rules.fixed, keep_said=SHORT)
    room = await declared(world, severity=Severity.P3)
    await heard(world, line(room, 501))
    return room


async def days(world: World, count: float) -> bool:
    """Let days pass; say whether what was said is still kept."""
    await world.work(count * 24 * 3600)
    (channel,) = [c for c, r in world.chat.rooms.items() if r.name.startswith("inc-")]
    (message,) = await world.store.transcript(channel)
    return message.text != ""


async def test_what_was_said_is_forgotten_in_the_time_of_its_severity(
    world: World, short: str
) -> None:
    assert await days(world, 100)  # nobody forgets what is still open
    await heard(world, line(short, 501))
    await does(world, RESOLVE)
    assert await days(world, 9.9)
    assert not await days(world, 0.2)
    (message,) = await world.store.transcript(short)
    assert (message.author, message.deleted_by) == ("UANA", "retention")


@pytest.mark.parametrize(
    ("then", "forgotten"),
    [
        ([ChangeSeverity(ANA, Severity.P2)], 20),
        ([ChangeSeverity(ANA, Severity.P0), ChangeSeverity(ANA, Severity.P3)], 10),
        ([Reopen(BO), RESOLVE], 10),
        ([CLOSE], 10),
    ],
)
async def test_the_last_word_on_how_long_it_is_kept_counts(
    world: World, short: str, then: Sequence[Command], forgotten: int
) -> None:
    await does(world, RESOLVE)
    await world.work()
    world.clock.advance(5 * 24 * 3600)
    await does(world, *then)
    assert await days(world, forgotten - 0.1)
    assert not await days(world, 0.2)


async def test_what_was_taken_up_again_is_not_forgotten(world: World, short: str) -> None:
    await does(world, RESOLVE)
    await world.work()
    await does(world, Reopen(BO))
    assert await days(world, 400)


async def test_replies_are_forgotten_too(world: World, short: str) -> None:
    await heard(world, line(short, 502, thread="501.000000"))
    await does(world, RESOLVE)
    await world.work(11 * 24 * 3600)
    assert await held(world, short) == [("501", "-"), ("502", "-")]


async def test_a_thread_elsewhere_is_forgotten_and_not_what_stands_beside_it(
    world: World,
) -> None:
    world.rules.fixed = replace(world.rules.fixed, keep_said=SHORT)
    thread = "500.000000"
    told = [line("CGENERAL", 500), line("CGENERAL", 501, thread=thread), line("CGENERAL", 502)]
    for message in told[:2]:
        world.chat.hears(message)
    await world.store.commit(Commit(messages=told))
    await declared(world, severity=Severity.P3, origin=Post("CGENERAL", thread))
    await does(world, CLOSE)
    await world.work(9 * 24 * 3600)
    assert (await world.desk.incidents.current(ID)).shelved
    assert len([text for _, text in await held(world, "CGENERAL") if text != "-"]) == 3
    await world.work(2 * 24 * 3600)
    assert await held(world, "CGENERAL") == [("500", "-"), ("501", "-"), ("502", "line 502")]


async def test_what_is_forgotten_is_not_read_again(world: World, short: str) -> None:
    await does(world, RESOLVE)
    await world.work(11 * 24 * 3600)
    assert await owed_after(world) != []
    assert await held(world, short) == [("501", "-")]


# --- one person's words ---


async def test_all_that_one_person_said_is_erased_and_stays_so(world: World, room: str) -> None:
    mine = await heard(world, line(room, 501, by="UEVE"))
    await heard(world, line(room, 502, by="UBO", thread=mine.ts))
    await world.store.commit(Commit(messages=[line("CGENERAL", 503, by="UEVE")]))
    forgetting = Forgetting(world.store, world.clock)
    assert await forgetting.forget_person("UEVE") == 2
    assert await held(world, room) == [("501", "-"), ("502", "line 502")]
    assert await held(world, "CGENERAL") == [("503", "-")]
    (first, _) = await world.store.transcript(room)
    assert (first.author, first.deleted_by) == ("UEVE", "request")
    assert await forgetting.forget_person("UEVE") == 0
    await does(world, RESOLVE)
    await world.work()
    assert (await held(world, room))[0] == ("501", "-")


def test_every_severity_is_kept_for_some_time() -> None:
    assert set(Policy().keep_said) == set(Severity)
