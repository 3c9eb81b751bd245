"""Effects are owed until they are paid, or said to be given up."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.authority import Authority, Source
from bot.domain.commands import (
    Acknowledge,
    ChangeStatus,
    Declare,
    Join,
    Leave,
    Reopen,
    Update,
)
from bot.domain.errors import Refused
from bot.domain.facts import JobBuried
from bot.domain.incident import Trouble
from bot.domain.jobs import TIMED, Job, Kind, Reply
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import Commit, Lease, NameTaken, Unavailable
from bot.usecases.effects import Ask, Effect, Safe
from bot.usecases.health import Probe
from bot.usecases.probes import probes
from bot.usecases.worker import Worker
from tests.fakes.chat import LostAnswer, Room
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.samples import ANA, BO, stamp
from tests.world import World

NAME = "inc-20260115-001-checkout-is-down"
OPENED = f"open {NAME}"
BRIEF = "*INC-20260115-001* · P1 high · {} · checkout is down"
SET_UP = [
    OPENED,
    f"post: {BRIEF.format('detected')}",
    "invite UANA",
    "topic P1 · detected · checkout is down",
    "purpose INC-20260115-001: checkout is down",
    "pin",
]


@pytest.fixture
async def id(world: World) -> str:
    world.rules.fixed = replace(world.rules.fixed, announcements=None)
    declare = Declare(ANA, "checkout is down", Severity.P1)
    return (await world.desk.incidents.handle(None, declare, "r1")).id


def worker(world: World, effects: Mapping[Kind, Effect]) -> Worker:
    return Worker(world.store, world.desk.incidents, effects, world.clock, world.telemetry)


def slack_probe(world: World) -> Probe:
    desk = world.desk
    found = probes(world.store, desk.board, world.chat, world.rules, world.worker)
    return next(probe for probe in found if probe.part == "slack")


def owed(world: World) -> list[Job]:
    assert isinstance(world.store, MemoryStore)
    return list(world.store.index.lanes.jobs())


async def troubles(world: World, id: str) -> Sequence[Trouble]:
    return (await world.desk.incidents.current(id)).troubles


def room(world: World) -> Room:
    return next(room for room in world.chat.rooms.values() if room.name.startswith("inc-"))


async def test_a_declaration_becomes_a_channel_that_is_ready(world: World, id: str) -> None:
    said = await world.work()
    assert said[0] == OPENED
    assert sorted(said) == sorted(SET_UP)
    made = room(world)
    assert made.people == {"UANA"}
    assert len(made.pins) == len(made.posts) == 1
    assert await world.work(60) == []


async def test_a_job_survives_an_outage(world: World, id: str) -> None:
    world.chat.failures = [Unavailable("Slack is down")] * 3
    for wait in (0, 2, 4):
        assert await world.work(wait) == []
    assert sorted(await world.work(8)) == sorted(SET_UP)


async def test_told_to_wait_it_waits_and_counts_no_attempt(world: World, id: str) -> None:
    world.chat.failures = [Unavailable("busy", retry_after=timedelta(seconds=30))] * 400
    world.chat.fails_only = "open"
    for _ in range(401):
        await world.work(30)
    assert world.chat.failures == []
    assert world.chat.said.count(OPENED) == 1
    assert await troubles(world, id) == ()


async def test_what_fails_without_end_while_slack_answers_is_told_to_the_commander(
    world: World, id: str
) -> None:
    await world.work()
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.TRIAGING), "r2")
    world.chat.failures = [Unavailable("Slack is down")] * 5000
    for _ in range(370):
        await world.work(61)
    assert {t.reason for t in await troubles(world, id)} == {"Slack is down"}
    world.chat.failures = []
    told = await world.work(61)
    assert any(line.startswith("to UANA: INC-20260115-001:") for line in told)


async def test_slack_away_for_ten_hours_costs_nothing_and_all_is_said_once_in_order(
    world: World, id: str
) -> None:
    looks = slack_probe(world)
    await world.work()
    world.chat.away = True
    for n in range(600):
        if n in {5, 100, 590}:
            await world.desk.incidents.handle(id, Update(ANA, f"told at {n}"), f"u{n}")
        await world.health.check(looks)
        assert await world.work(60) == []
    assert await troubles(world, id) == ()
    world.chat.away = False
    await world.health.check(looks)
    said = await world.work()
    for _ in range(30):
        said += await world.work(2)
    updates = [line for line in said if line.startswith("post: ") and "told at" in line]
    assert [line.split("told at ")[1].split()[0] for line in updates] == ["5", "100", "590"]
    assert await troubles(world, id) == ()
    assert {job.kind for job in owed(world)} <= TIMED


async def test_a_job_that_alone_fails_for_six_hours_is_given_up_with_its_reason(
    world: World, id: str
) -> None:
    looks = slack_probe(world)
    world.chat.failures, world.chat.fails_only = [Unavailable("the pin broke")] * 9999, "pin"
    for n in range(370):
        await world.health.check(looks)
        if n % 60 == 30:
            await world.desk.incidents.handle(id, Update(ANA, f"told at {n}"), f"u{n}")
        await world.work(61)
    assert await troubles(world, id) == (Trouble("pin", "the pin broke"),)
    assert sum(line.startswith("post") and "told at" in line for line in world.chat.said) == 6


async def test_what_was_tried_while_slack_was_away_looks_before_it_is_tried_again(
    world: World, id: str
) -> None:
    looks = slack_probe(world)
    await world.work()
    world.worker.lost()
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "post"
    await world.desk.incidents.handle(id, Update(ANA, "we look"), "r2")
    said = await world.work()
    await world.health.check(looks)
    said += await world.work()
    assert sum(line.startswith("post") and "we look" in line for line in said) == 1


async def test_what_slack_refuses_is_told_at_once_with_what_to_do(world: World, id: str) -> None:
    world.chat.failures = [Refused("Slack refused it (restricted_action)")]
    (told,) = await world.work()
    assert told.startswith("to UANA: INC-20260115-001: the channel could not be opened (Slack ")
    assert "(Slack refused it (restricted_action))" in told
    assert "`/incident status INC-20260115-001`" in told


async def test_a_trouble_is_told_once_and_stays_on_the_card(world: World, id: str) -> None:
    await world.work()
    for n in (1, 2):
        world.chat.failures = [Refused("no")]
        await world.desk.incidents.handle(
            id, ChangeStatus(ANA, [Status.TRIAGING, Status.MITIGATING][n - 1]), f"s{n}"
        )
        told = [line for line in await world.work(9) if line.startswith("to UANA")]
        assert len(told) == (1 if n == 1 else 0)


async def test_a_trouble_that_is_over_is_taken_off_the_card(world: World, id: str) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [Refused("some_error")], "edit"
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.TRIAGING), "r2")
    await world.work(9)
    assert await troubles(world, id) == (Trouble("card", "some_error"),)
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.MITIGATING), "r3")
    await world.work(9)
    await world.work(9)
    assert await troubles(world, id) == ()
    ((_, card),) = room(world).posts.values()
    assert "some_error" not in str(card)
    assert await world.work(60) == []


async def test_a_direct_message_sent_unheard_is_not_sent_again(world: World, id: str) -> None:
    await world.work()
    reply = Reply("UANA", "", {"text": "hello"})
    world.chat.failures = [LostAnswer()]
    await world.desk.incidents.owe_answer(reply, "r9")
    assert [*await world.work(), *await world.work(60)] == ["to UANA: hello"]


async def test_after_reopening_somebody_has_to_acknowledge_again(world: World, id: str) -> None:
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.RESOLVED), "r2")
    await world.work(3600)
    await world.desk.incidents.handle(id, Reopen(ANA), "r3")
    assert not any("Nobody" in line for line in await world.work(899))
    assert any("Nobody" in line for line in await world.work(1))


async def test_who_left_is_not_brought_back_when_somebody_else_acts(world: World, id: str) -> None:
    await world.work()
    eve = Authority("UEVE", Source.SLACK)
    await world.desk.incidents.handle(id, Join(eve), "r2")
    await world.desk.incidents.handle(id, Leave(eve), "r3")
    await world.desk.incidents.handle(id, Acknowledge(BO), "r4")
    await world.work()
    assert room(world).people == {"UANA", "UBO"}


async def test_a_reminder_is_said_though_another_place_cannot_be_read(
    world: World, id: str
) -> None:
    world.rules.fixed = replace(world.rules.fixed, operators="CNOWHERE")
    await world.work()
    world.chat.failures, world.chat.fails_only = [Unavailable("busy")], "post"
    await world.work(900)
    assert any("Nobody has acknowledged" in line for line in await world.work(60))
    assert await troubles(world, id) == ()


async def test_where_nothing_can_be_read_it_is_said_all_the_same(world: World, id: str) -> None:
    await world.work()
    world.chat.unreadable = True
    world.chat.failures = [Unavailable("busy")]
    await world.desk.incidents.owe_answer(Reply("UANA", "", {"text": "hello"}), "r9")
    assert [*await world.work(), *await world.work(60)] == ["to UANA: hello"]


@pytest.mark.parametrize("gone", [False, True], ids=["commander", "operators"])
async def test_a_trouble_told_unheard_is_not_told_again(
    world: World, id: str, *, gone: bool
) -> None:
    world.rules.fixed = replace(world.rules.fixed, operators="CGENERAL")
    await world.work()
    if gone:
        await world.desk.incidents.handle(id, Leave(ANA), "r2")
    world.chat.failures, world.chat.fails_only = [Refused("no"), LostAnswer()], ""
    await world.desk.incidents.handle(id, ChangeStatus(BO, Status.TRIAGING), "r3")
    said = [*await world.work(9), *await world.work(60)]
    told = [line for line in said if "INC-20260115-001: the" in line]
    assert [line.startswith("post" if gone else "to UANA") for line in told] == [True]


async def test_what_was_not_said_about_answering_is_moot_once_somebody_answered(
    world: World, id: str
) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [Refused("no")], "post"
    await world.work(900)
    assert await troubles(world, id) == (Trouble("unanswered", "no"),)
    await world.desk.incidents.handle(id, Acknowledge(BO), "r2")
    assert await troubles(world, id) == ()


async def test_a_commander_who_left_is_not_brought_back(world: World, id: str) -> None:
    await world.work()
    room(world).people.discard("UANA")
    await world.desk.incidents.handle(id, Leave(ANA), "r2")
    await world.desk.incidents.handle(id, Acknowledge(BO), "r3")
    await world.work()
    assert room(world).people == {"UBO"}


async def test_the_card_shows_no_deadline_once_it_is_over(world: World, id: str) -> None:
    await world.work()
    await world.work(900)
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.RESOLVED), "r2")
    await world.work(9)
    cards = [words for mark, words in room(world).posts.values() if mark.job.endswith("/card")]
    assert "Acknowledge" not in str(cards)
    assert "escalated" not in str(cards)
    assert room(world).topic == "P1 · resolved · checkout is down"


async def test_a_bug_buries_one_job_and_the_others_are_paid(world: World, id: str) -> None:
    await world.work()
    world.chat.failures = [TypeError("template bug")]
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.TRIAGING), "r2")
    said = await world.work(9)
    (trouble,) = await troubles(world, id)
    assert trouble.reason
    assert trouble.reason.startswith("TypeError, reference ")
    assert "template bug" not in trouble.reason
    assert any(line.startswith(("topic", "edit")) for line in said)


async def test_a_channel_opened_unheard_is_found_again(world: World, id: str) -> None:
    world.chat.failures = [LostAnswer()]
    assert await world.work() == [OPENED]
    assert sorted(await world.work(2)) == sorted(SET_UP[1:])
    assert sum(room.name == NAME for room in world.chat.rooms.values()) == 1


async def test_a_name_that_is_taken_by_others_is_left_to_them(world: World, id: str) -> None:
    world.chat.rooms["CX"] = Room(NAME, ours=False)
    assert (await world.work())[0] == f"open {NAME}-2"


async def test_when_no_name_is_left_the_commander_is_told(world: World, id: str) -> None:
    names = [NAME, *(f"{NAME}-{n}" for n in range(2, 10))]
    world.chat.rooms |= {f"CX{n}": Room(name, ours=False) for n, name in enumerate(names)}
    (told,) = await world.work()
    assert NameTaken("name_taken").args[0] in told


async def test_a_card_that_was_posted_unheard_is_edited(world: World, id: str) -> None:
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "post"
    await world.work()
    assert (await world.desk.incidents.current(id)).card is None
    await world.work(9)
    assert len(room(world).posts) == 1
    assert (await world.desk.incidents.current(id)).card in room(world).posts


async def test_what_must_not_run_twice_asks_a_person_after_a_crash(world: World, id: str) -> None:
    now = world.clock.now()
    ran: list[str] = []

    async def rollback(job: Job, *_: object) -> Sequence[object]:
        ran.append(job.key)
        return ()

    asking = worker(world, {kind: Ask(rollback) for kind in Kind})  # type: ignore[arg-type]
    earlier = JobBuried(stamp("bot"), Kind.OPEN_CHANNEL, "no")
    await world.store.commit(Commit({id: (1, [earlier])}))
    await world.store.claim_jobs(9, Lease(now, now))  # a process took them, and died
    while await asking.step():
        pass
    assert not any("open_channel" in key for key in ran)
    assert Trouble("open_channel", None) in await troubles(world, id)
    assert any("trouble" in key for key in ran)  # and somebody is asked


async def test_the_first_change_is_drawn_at_once_and_a_flurry_in_one_edit(
    world: World, id: str
) -> None:
    await world.work()
    await world.work(10)
    edits = []
    for n, status in enumerate((Status.TRIAGING, Status.MITIGATING, Status.RESOLVED)):
        await world.desk.incidents.handle(id, ChangeStatus(ANA, status), f"s{n}")
        edits.append([line for line in await world.work() if line.startswith("edit")])
    assert edits == [[f"edit: {BRIEF.format('triaging')}"], [], []]
    last = [line for line in await world.work(2) if line.startswith("edit")]
    assert last == [f"edit: {BRIEF.format('resolved')}"]
    assert await world.work(60) == []


async def test_a_change_every_second_does_not_starve_the_card(world: World, id: str) -> None:
    await world.work()
    drawn: list[str] = []
    for n, status in enumerate((Status.TRIAGING, Status.MITIGATING, Status.MONITORING)):
        await world.desk.incidents.handle(id, ChangeStatus(ANA, status), f"s{n}")
        drawn += [line for line in await world.work(1) if line.startswith("edit")]
    assert drawn == [f"edit: {BRIEF.format('mitigating')}"]


async def test_a_change_while_drawing_is_drawn_next(world: World, id: str) -> None:
    await world.work()
    world.clock.advance(10)
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.TRIAGING), "s1")
    now = world.clock.now()
    jobs = await world.store.claim_jobs(9, Lease(now, now + timedelta(seconds=30)))
    await world.desk.incidents.handle(id, ChangeStatus(ANA, Status.RESOLVED), "s2")
    await world.store.commit(Commit(finishes=jobs))
    assert f"edit: {BRIEF.format('resolved')}" in await world.work(30)


async def test_the_topic_is_left_alone_while_it_is_right(world: World, id: str) -> None:
    await world.work()
    await world.desk.incidents.handle(id, Acknowledge(ANA), "r2")
    said = await world.work(9)
    assert any(line.startswith("edit") for line in said)
    assert not any(line.startswith("topic") for line in said)


async def test_nobody_answered_is_said_once_after_two_hours_away(world: World, id: str) -> None:
    await world.work()
    said = await world.work(7200)
    assert sum("Nobody has acknowledged INC-20260115-001" in line for line in said) == 1
    assert (await world.desk.incidents.current(id)).escalated == 1
    assert not any("Nobody" in line for line in await world.work(7200))


async def test_somebody_answered_and_nothing_is_said(world: World, id: str) -> None:
    await world.work()
    await world.desk.incidents.handle(id, Acknowledge(BO), "r2")
    assert not any("Nobody" in line for line in await world.work(7200))


async def test_a_reminder_said_unheard_is_not_said_again(world: World, id: str) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "post"
    await world.work(900)
    assert world.chat.failures == []
    await world.work(60)
    assert sum("Nobody" in str(words["text"]) for _, words in room(world).posts.values()) == 1


async def test_a_private_incident_is_in_a_private_channel_and_not_announced(world: World) -> None:
    leak = Declare(ANA, "a leak", private=True)
    await world.desk.incidents.handle(None, leak, "r1")
    said = await world.work()
    assert said[0] == "open inc-20260115-001-a-leak privately"
    assert world.chat.rooms["CINCIDENTS"].posts == {}


async def test_an_announcement_is_one_message_edited_in_place(world: World) -> None:
    made = await world.desk.incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    await world.work()
    await world.desk.incidents.handle(made.id, ChangeStatus(BO, Status.RESOLVED), "r2")
    await world.work(10)
    there = world.chat.rooms["CINCIDENTS"]
    ((_, words),) = [post for ts, post in there.posts.items() if ts not in there.threads]
    assert "resolved" in str(words["text"])


async def test_the_lanes_go_on_while_one_hangs(world: World, id: str) -> None:
    paid = asyncio.Event()

    async def hang(*_: object) -> Sequence[object]:
        return await asyncio.Future[Sequence[object]]()

    async def pay(*_: object) -> Sequence[object]:
        paid.set()
        return ()

    table: dict[Kind, Effect] = {kind: Safe(pay) for kind in Kind}  # type: ignore[arg-type]
    table[Kind.OPEN_CHANNEL] = Safe(hang)  # type: ignore[arg-type]
    await world.desk.incidents.owe_home("UANA")
    running = asyncio.create_task(worker(world, table).run())
    async with asyncio.timeout(1):
        await paid.wait()
    running.cancel()
    while not running.done():
        await asyncio.sleep(0)
        world.clock.advance(60)


async def test_what_runs_when_the_bot_is_stopped_comes_to_its_end(world: World, id: str) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*_: object) -> Sequence[object]:
        started.set()
        await go_on.wait()
        return ()

    table: dict[Kind, Effect] = {kind: Safe(slow) for kind in Kind}  # type: ignore[arg-type]
    running = asyncio.create_task(worker(world, table).run())
    await started.wait()
    running.cancel()
    for _ in range(50):
        await asyncio.sleep(0)
    assert not running.done()
    go_on.set()
    await asyncio.wait([running])
    assert ("open_channel", "paid") in world.telemetry.seen


async def test_the_declarer_is_invited_even_if_the_bot_declared_nothing_itself(
    world: World, id: str
) -> None:
    await world.work()
    await world.desk.incidents.handle(id, Acknowledge(Authority("UCY", Source.SLACK)), "r2")
    await world.work()
    assert room(world).people == {"UANA", "UCY"}


class LostForWords(MemoryStore):
    """A store that cannot say what came of a job."""

    async def commit(self, commit: Commit) -> int:
        if any(job.fence for job in (*commit.finishes, *commit.jobs)):
            raise TimeoutError
        return await super().commit(commit)


async def test_a_store_that_cannot_say_what_it_wrote_does_not_end_the_work() -> None:
    clock, paid = SteppedClock(), asyncio.Event()
    world = World(LostForWords(clock), clock=clock)
    await world.desk.incidents.handle(None, Declare(ANA, "checkout is down"), "r1")

    async def pay(*_: object) -> Sequence[object]:
        paid.set()
        return ()

    table: dict[Kind, Effect] = {kind: Safe(pay) for kind in Kind}  # type: ignore[arg-type]
    running = asyncio.create_task(worker(world, table).run())
    await paid.wait()
    for _ in range(50):
        await asyncio.sleep(0)
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])


async def test_who_acknowledged_while_the_reminder_waited_is_not_reproached(
    world: World, id: str
) -> None:
    await world.work()
    world.chat.failures, world.chat.fails_only = [Unavailable("down")], "post"
    await world.work(900)
    await world.desk.incidents.handle(id, Acknowledge(BO), "r2")
    assert not any("Nobody has acknowledged" in line for line in await world.work(60))


async def test_a_pin_that_waits_holds_up_no_card(world: World, id: str) -> None:
    world.chat.failures, world.chat.fails_only = [Unavailable("down")] * 99, "pin"
    await world.work()
    await world.desk.incidents.handle(id, Acknowledge(BO), "r2")
    assert any(line.startswith("edit") for line in await world.work(3))


async def test_a_private_trouble_that_nobody_carries_is_not_told_elsewhere(world: World) -> None:
    world.rules.fixed = replace(world.rules.fixed, operators="CGENERAL")
    declare = Declare(ANA, "payroll leaked", Severity.P1, private=True)
    hidden = (await world.desk.incidents.handle(None, declare, "r1")).id
    await world.work()
    await world.desk.incidents.handle(hidden, Leave(ANA), "r2")
    world.chat.failures, world.chat.fails_only = [Refused("no")], "edit"
    security = Authority("USUE", Source.SLACK, frozenset({"security"}))
    await world.desk.incidents.handle(hidden, ChangeStatus(security, Status.TRIAGING), "r3")
    said = [*await world.work(9), *await world.work(60)]
    assert not any(hidden in line for line in said if line.startswith("post"))
