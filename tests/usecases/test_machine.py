"""No sequence of commands and redeliveries reaches an illegal state, through the one way in."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.adapters.postgres import PostgresStore
from bot.domain.authority import BOT, Authority, Source
from bot.domain.commands import (
    Acknowledge,
    ChangeSeverity,
    ChangeStatus,
    CheckAnswered,
    Command,
    Declare,
    Join,
    Leave,
    Reopen,
)
from bot.domain.errors import Refused
from bot.domain.facts import (
    Announced,
    CardPosted,
    ChannelOpened,
    Declared,
    Fact,
    JobBuried,
    OutcomeUnknown,
    Reopened,
    Stamp,
    StatusChanged,
    TroubleOver,
)
from bot.domain.incident import replay
from bot.domain.jobs import Job, Kind
from bot.domain.records import from_record, to_record
from bot.domain.severity import Severity
from bot.domain.status import TRANSITIONS, Status
from bot.domain.visibility import visible
from bot.ports import Lease, Store
from bot.usecases.board import Board
from bot.usecases.incidents import Incidents
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.fakes.store import MemoryStore

T = TypeVar("T")

PEOPLE = [
    Authority("UANA", Source.SLACK),
    Authority("UBO", Source.SLACK),
    Authority("UCY", Source.SLACK, frozenset({"on-call"})),
    Authority("USUE", Source.SLACK, frozenset({"security"})),
]
people = st.sampled_from(PEOPLE)
changes = st.one_of(
    st.builds(Acknowledge, people),
    st.builds(Join, people),
    st.builds(Leave, people),
    st.builds(ChangeSeverity, people, st.sampled_from(Severity)),
    st.builds(ChangeStatus, people, st.sampled_from(Status)),
    st.builds(Reopen, people),
    st.builds(CheckAnswered, st.just(BOT)),
)
declarations = st.builds(
    Declare, people, st.text(max_size=200), st.none() | st.sampled_from(Severity), st.booleans()
)


def to(fact: Fact) -> Status | None:
    """Return where a fact takes the incident."""
    match fact:
        case Declared():
            return Status.DETECTED
        case StatusChanged(_, status):
            return status
        case Reopened():
            return Status.INVESTIGATING
        case _:
            return None


Opened = Callable[[SteppedClock], Awaitable[Store]]


async def in_memory(clock: SteppedClock) -> Store:
    return MemoryStore(clock)


class Commands(RuleBasedStateMachine):
    """Two bots on one store take commands, each perhaps delivered again to the other."""

    def __init__(self, opened: Opened = in_memory) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = SteppedClock()
        self.store = self.run(opened(self.clock))
        rules = FixedRules()
        self.bots = [Incidents(self.store, rules, self.clock) for _ in range(2)]
        self.boards = [Board(self.store, self.clock) for _ in range(2)]
        self.ids: list[str] = []
        self.made = 0
        self.requests: list[tuple[datetime, str | None, Command, str, str | None]] = []

    def teardown(self) -> None:
        self.run(self.store.close())
        self.loop.close()

    def run(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def ask(self, bot: int, target: str | None, command: Command, key: str) -> str | None:
        try:
            return self.run(self.bots[bot].handle(target, command, key)).id
        except Refused:
            return None

    @rule(bot=st.integers(0, 1), command=declarations)
    def declare(self, bot: int, command: Declare) -> None:
        made = self.ask(bot, None, command, f"r{len(self.requests)}")
        self.requests.append((self.clock.now(), None, command, f"r{len(self.requests)}", made))
        if made:
            assert made not in self.ids
            self.ids.append(made)

    @rule(bot=st.integers(0, 1), command=changes, n=st.integers(0, 9))
    def change(self, bot: int, command: Command, n: int) -> None:
        target = self.ids[n % len(self.ids)] if self.ids else "INC-20260115-404"
        key = f"r{len(self.requests)}"
        made = self.ask(bot, target, command, key)
        self.requests.append((self.clock.now(), target, command, key, made))

    @rule(bot=st.integers(0, 1), n=st.integers(0, 99))
    def redeliver(self, bot: int, n: int) -> None:
        if not self.requests:
            return
        at, target, command, key, answered = self.requests[n % len(self.requests)]
        if answered is None or self.clock.now() - at > timedelta(hours=1):
            return  # a refusal was not kept, and a key for an hour at least
        before = self.run(self.store.head())
        assert self.ask(bot, target, command, key) == answered
        assert self.run(self.store.head()) == before

    @rule(seconds=st.sampled_from([1, 60, 900, 14400]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(outcome=st.sampled_from(["paid", "buried", "unknown", "over", "left"]))
    def work(self, outcome: str) -> None:
        """Claim what is due; every job ends in what it learned, in trouble, or not at all."""
        now = self.clock.now()
        jobs = self.run(self.store.claim_jobs(99, Lease(now, now + timedelta(seconds=1))))
        lanes = [job.lane for job in jobs]
        assert len(lanes) == len(set(lanes))
        for n, job in enumerate(jobs if outcome != "left" else ()):
            learned = CheckAnswered(BOT) if job.kind is Kind.ACKNOWLEDGEMENT_DUE else None
            bot = self.bots[n % 2]
            self.run(bot.settle(job, learned or self.learned(job, outcome)))

    def learned(self, job: Job, outcome: str) -> list[Fact]:
        now = self.clock.now()
        stamp, self.made = Stamp(now, now, BOT.person), self.made + 1
        facts: dict[str, Fact] = {
            "buried": JobBuried(stamp, job.kind, "no"),
            "unknown": OutcomeUnknown(stamp, job.kind),
            "over": TroubleOver(stamp, job.kind),
            Kind.OPEN_CHANNEL: ChannelOpened(stamp, f"C{self.made}", "inc"),
            Kind.CARD: CardPosted(stamp, f"{self.made}.0"),
            Kind.ANNOUNCEMENT: Announced(stamp, "C0", f"{self.made}.0"),
        }
        fact = facts.get(outcome) or facts.get(job.kind)
        return [fact] if fact else []

    @invariant()
    def every_step_was_legal(self) -> None:
        for incident in self.ids:
            status: Status | None = None
            for fact in self.run(self.store.history(incident)):
                moved = to(fact)
                assert moved is None or status is None or moved in TRANSITIONS[status]
                status = moved or status
            assert status is not None

    @invariant()
    def replay_equals_state(self) -> None:
        for incident in self.ids:
            told = replay(incident, self.run(self.store.history(incident)))
            assert all(self.run(bot.current(incident)) == told for bot in self.bots)
            for viewer in PEOPLE:
                seen = told if visible(told, viewer) else None
                shown = [self.run(board.incident(incident, viewer)) for board in self.boards]
                assert shown == [seen, seen]

    @invariant()
    def every_fact_survives_its_record(self) -> None:
        for _, _, fact in self.run(self.store.feed()):
            assert from_record(json.loads(json.dumps(to_record(fact)))) == fact

    @invariant()
    def somebody_is_told_of_every_private_incident_only_if_they_may_know(self) -> None:
        for viewer in PEOPLE:
            for shown in self.run(self.boards[0].open_incidents(viewer)):
                assert visible(shown, viewer)


TestCommands = Commands.TestCase
TestCommands.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)


@pytest.mark.slow
def test_the_same_holds_for_many_more() -> None:
    many = settings(max_examples=200, stateful_step_count=50, deadline=None)
    run_state_machine_as_test(Commands, settings=many)


@pytest.mark.server
def test_the_same_holds_on_postgresql(new_database: Callable[[], str]) -> None:
    async def in_a_database(clock: SteppedClock) -> Store:
        return await PostgresStore(new_database(), clock).open()

    class OnPostgres(Commands):
        def __init__(self) -> None:
            super().__init__(in_a_database)

    few = settings(max_examples=12, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(OnPostgres, settings=few)
