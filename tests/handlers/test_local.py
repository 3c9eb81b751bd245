"""The door on this machine: a request in, a commit, an answer; the kernel says who asks."""

import io
import os
import pwd
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.unix import short
from bot.domain.authority import Authority, Source
from bot.domain.commands import Acknowledge, Declare
from bot.domain.status import Status
from bot.ports import Commit, Unavailable
from handlers import local
from handlers.local.asking import LONGEST, Vouched
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.fakes.store import MemoryStore
from tests.samples import ANA, BO, DECLARED, ID, SECURITY
from tests.world import World

ME = pwd.getpwuid(os.getuid()).pw_name
Told = tuple[int, str, str]


class Machine:
    """The world with a door on this machine; `people` says who its users are."""

    def __init__(self, folder: Path, store: MemoryStore | None = None) -> None:
        self.world = World(store)
        self.people = {ME: "UANA"}
        self.path = folder / "s"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        app = local.application(self.world.desk, lambda: self.people, self.world.telemetry)
        runner = web.AppRunner(app)
        await runner.setup()
        with short(self.path) as path:
            await web.UnixSite(runner, path).start()
            async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as self.http:
                yield
        await runner.cleanup()

    async def asked(self, verb: str, text: str = "", **more: Any) -> Told:
        return await self.sent(json={"verb": verb, "text": text, **more})

    async def sent(self, **body: Any) -> Told:
        async with self.http.post(f"http://x{local.PATH}", **body) as answer:
            told = await answer.json()
            assert set(told) == {"outcome", "text"}
            return answer.status, told["outcome"], told["text"]

    async def declared(self, title: str, by: Any = ANA, **more: Any) -> str:
        made = await self.world.desk.incidents.handle(None, Declare(by, title, **more), title)
        return made.id

    async def stands(self, incident: str = ID) -> Any:
        return await self.world.desk.incidents.current(incident)


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    machine = Machine(tmp_path)
    async with machine.open():
        yield machine


async def test_an_incident_from_beginning_to_end(machine: Machine) -> None:
    status, outcome, text = await machine.asked("declare", "P1 checkout <is> *down*")
    assert (status, outcome) == (200, "done")
    assert text.startswith(f"{ID} · P1 high · detected · checkout <is> down\nDeclared; ")
    assert (await machine.stands()).commander == "UANA"
    assert await machine.asked("ack") == (
        *(200, "done"),
        f"{ID} · P1 high · detected · checkout <is> down · taken by @{ME}",
    )
    assert f"Commander: @{ME}\n" in (await machine.asked("info", incident=ID.lower()))[2]
    assert ID in (await machine.asked("list"))[2]
    assert (await machine.asked("severity", "P0", incident=ID))[1] == "done"
    assert (await machine.asked("resolve"))[1] == "done"
    assert (await machine.stands()).status is Status.RESOLVED
    assert (await machine.asked("reopen"))[1] == "done"
    assert "Open incidents: 1" in (await machine.asked("list"))[2]
    assert (await machine.asked("close"))[1] == "done"
    assert (await machine.stands()).status is Status.CLOSED
    assert ("local", "done") in machine.world.telemetry.seen


REFUSED = [
    ("declare", "  ", {}, "What is wrong? Say it in a few words"),
    ("ack", "", {}, "There is no incident to acknowledge. `responder list` shows what is open"),
    ("ack", "", {"incident": ID}, "I know no such incident. `responder list` shows those you"),
    ("ack", "", {"incident": "\x1b[2J"}, "`\ufffd[2J` is no incident's ID; one is `INC-2026"),
    ("status", "nonsense", {"incident": ID}, "`nonsense` is no status."),
    ("list", "x", {}, "I do not understand `x`. `responder list` takes: open, closed, all, mine"),
    ("rollback", "now", {}, "`responder rollback` is not in this version yet. Nothing was done."),
    ("statsu", "", {}, "I do not know `statsu`. Did you mean `responder status`?"),
    ("everything", "burns", {}, "`responder declare everything burns` does it."),
    ("ack", "", {"private": True}, "Only `responder declare` takes `--private`. Nothing was done"),
    ("", "", {}, "That is no request (`verb: String should have at least 1 character`)"),
    ("ack", "x" * (LONGEST + 1), {}, "(`text: String should have at most 40000 characters`)"),
    ("ack", "", {"key": "a/b"}, "That is no request (`key: String should match pattern"),
    ("ack", "", {"user": "root"}, "That is no request (`user: Extra inputs are not permitted`)"),
]


@pytest.mark.parametrize(("verb", "text", "more", "words"), REFUSED)
async def test_a_refusal_is_said_in_words(
    machine: Machine, verb: str, text: str, more: dict[str, Any], words: str
) -> None:
    status, outcome, told = await machine.asked(verb, text, **more)
    assert (status, outcome) == (409, "refused")
    assert words in told
    assert (await machine.world.store.head()).position == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "Input should be a valid dictionary"),
        (io.BytesIO(b" " * 2**21), "That is too long. Nothing was done."),
    ],
)
async def test_what_is_no_request_is_told_so(machine: Machine, body: object, words: str) -> None:
    status, outcome, told = await machine.sent(data=body)
    assert (status, outcome) == (409, "refused")
    assert words in told


@pytest.mark.parametrize(
    "text",
    [
        "x " * 5000,
        "🔥" * 10_000,
        "<!channel> &amp; <@UBO>",
        "\u202eאב\x1b[31m",
        "half \udcff",
        "a\0b",
    ],
)
async def test_odd_text_is_kept_and_shown_without_harm(machine: Machine, text: str) -> None:
    status, outcome, told = await machine.asked("declare", text)
    assert (status, outcome) == (200, "done")
    shown = (await machine.asked("status"))[2]
    for character in ("\x1b", "\0", "\u202e"):
        assert character not in told + shown
    assert ("<!channel> &amp; <@UBO>" in shown) is ("channel" in text)


async def test_who_asks_is_told_by_the_kernel_and_by_nobody_else(machine: Machine) -> None:
    machine.people = {"nobody-here": "UANA"}
    status, outcome, told = await machine.asked("declare", "x is down")
    assert (status, outcome) == (409, "refused")
    assert f"`{ME}` of this machine" in told
    assert "`local: people:` in my configuration file" in told
    machine.people = {str(os.getuid()): "UBO"}
    assert (await machine.asked("declare", "x is down"))[1] == "done"
    assert (await machine.stands()).commander == "UBO"


async def test_the_groups_of_the_person_count_as_in_slack(machine: Machine) -> None:
    machine.people = {ME: "UCY"}
    assert "taken by you" in (await machine.asked("declare", "x is down"))[2]
    assert (await machine.stands()).acknowledged_by == "UCY"


def test_this_machine_vouches_for_them() -> None:
    told = Vouched(FixedRules()).authority("UCY")
    assert told == Authority("UCY", Source.LOCAL, frozenset({"on-call"}))


async def test_a_request_sent_again_is_done_once_and_answered_alike(machine: Machine) -> None:
    again = {"key": "0123456789abcdef"}
    first = await machine.asked("declare", "x is down", **again)
    assert await machine.asked("declare", "x is down", **again) == first
    assert len(await machine.world.desk.board.open_incidents(ANA)) == 1
    again = {"key": "fedcba9876543210"}
    over = await machine.asked("resolve", **again)
    assert await machine.asked("resolve", **again) == over
    await machine.declared("another")
    assert await machine.asked("resolve", **again) == over
    assert len(await machine.world.desk.board.open_incidents(ANA)) == 1


async def test_a_key_is_good_for_one_person(machine: Machine) -> None:
    again = {"key": "0123456789abcdef"}
    await machine.asked("declare", "x is down", **again)
    machine.people = {ME: "UBO"}
    assert (await machine.asked("declare", "y is down", **again))[1] == "done"
    assert len(await machine.world.desk.board.open_incidents(ANA)) == 2


async def test_the_only_incident_that_fits_is_taken_and_several_are_listed(
    machine: Machine,
) -> None:
    one, other = "INC-20260115-001", "INC-20260115-002"
    odd = replace(DECLARED, title="one \x1b[31m thing")
    await machine.world.store.commit(Commit({one: (0, [odd])}))
    await machine.world.store.commit(Commit({other: (0, [DECLARED])}))
    status, outcome, told = await machine.asked("ack")
    assert (status, outcome) == (409, "refused")
    assert told.splitlines() == [
        f"Nothing was done: which incident? Say its ID, as in `responder ack {other}`.",
        f"{other} · undecided · detected · checkout is down",
        f"{one} · undecided · detected · one \ufffd[31m thing",
    ]
    await machine.world.desk.incidents.handle(other, Acknowledge(BO), "r1")
    assert one in (await machine.asked("ack"))[2]


async def test_a_private_incident_is_there_for_its_people_only(machine: Machine) -> None:
    told = await machine.asked("declare", "somebody is in", private=True)
    assert told[:2] == (200, "done")
    secret = (await machine.stands()).id
    assert (await machine.stands()).audience == ("security",)
    machine.people = {ME: "UBO"}
    read = [(await machine.asked(verb))[2] for verb in ("ack", "status", "resolve", "list")]
    wanted = ("ack", "status", "timeline", "resolve")
    read += [(await machine.asked(verb, incident=secret))[2] for verb in wanted]
    assert not [text for text in read if "somebody" in text or secret in text]
    await machine.declared("only this one", BO)
    assert "only this one" in (await machine.asked("status"))[2]
    machine.people = {ME: SECURITY.person}
    assert "somebody is in" in (await machine.asked("status", incident=secret))[2]


async def test_the_whole_course_is_told_while_slack_is_away(machine: Machine) -> None:
    machine.world.chat.failures = [Unavailable("Slack is away")] * 99
    await machine.asked("declare", "checkout <is> down")
    for n in range(25):
        machine.world.clock.advance(60)
        await machine.asked("timeline", f"number {n}")
    newest, before = [(await machine.asked("timeline", t))[2] for t in ("", "page 2")]
    assert f"2026-01-15 12:25 UTC · 25 @{ME} noted: number 24" in newest.splitlines()
    assert "`responder timeline page 2`" in newest
    assert f"2026-01-15 12:00 UTC · @{ME} declared it: checkout <is> down" in before.splitlines()
    assert "number 4" in before
    assert "number 5" not in before


class FullStore(MemoryStore):
    async def commit(self, commit: Commit) -> int:
        raise Unavailable("the disk is full")


class SlowStore(MemoryStore):
    async def commit(self, commit: Commit) -> int:
        raise TimeoutError


class BrokenStore(MemoryStore):
    async def feed(self, after: int = 0) -> Any:
        raise KeyError("feed")


@pytest.mark.parametrize(
    ("broken", "verb", "expected", "words"),
    [
        (FullStore, "declare", (503, "unsaved"), "Nothing was saved: the disk is full."),
        (SlowStore, "declare", (500, "unknown"), "Not confirmed yet"),
        (BrokenStore, "list", (500, "unknown"), "That was my mistake, not yours"),
    ],
)
async def test_what_went_wrong_is_told(
    tmp_path: Path, broken: type[MemoryStore], verb: str, expected: Any, words: str
) -> None:
    machine = Machine(tmp_path, broken(SteppedClock()))
    async with machine.open():
        told = await machine.asked(verb, "x" if verb == "declare" else "")
    assert told[:2] == expected
    assert words in told[2]


async def test_a_mistake_of_ours_has_a_reference_that_is_in_the_log(
    tmp_path: Path, logged: io.StringIO
) -> None:
    machine = Machine(tmp_path, BrokenStore(SteppedClock()))
    async with machine.open():
        told = (await machine.asked("list"))[2]
    assert told.split("reference is `")[1].partition("`")[0] in logged.getvalue()
