"""A drill says that it is one wherever it is seen, and changes nothing of what is real."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.authority import BOT
from bot.domain.commands import Declare
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.listing import Selection, listing
from bot.domain.practice import real
from bot.domain.severity import Severity
from bot.domain.statistics import Period, statistics
from bot.domain.status import Status
from bot.render import TEMPLATES
from tests import payloads
from tests.drawings import HOSTILE, SAMPLES
from tests.eavesdropping import Muse, WatchedChat
from tests.samples import ANA, BO, EVE, T
from tests.usecases.test_drills import begin, ends, running, settle
from tests.world import WORDING, World

MARK = "Drill:"
KINDS = {"messages": WORDING.message, "modals": WORDING.modal, "notifications": WORDING.line}


def about_one() -> list[tuple[str, Any]]:
    found = []
    for name, samples in SAMPLES.items():
        if name.partition("/")[0] in KINDS:
            values = [
                v for v in samples(HOSTILE["plain"]) if isinstance(v.get("incident"), Incident)
            ]
            found += [(name, v) for v in values[:: max(1, len(values) // 12)]]
    return found


def drilled(values: Any) -> Any:
    """Return the sample as it would be of a drill."""
    return {
        name: replace(value, practice="bad-deploy") if isinstance(value, Incident) else value
        for name, value in values.items()
    }


def test_whatever_is_said_of_a_drill_says_so() -> None:
    every = about_one()
    assert len({name for name, _ in every}) > 40
    for name, values in every:
        kind, _, word = name.partition("/")
        shown: Any = KINDS[kind](word, **drilled(values))
        text = shown if isinstance(shown, str) else shown.get("text")
        blocks = [] if isinstance(shown, str) else shown.get("blocks", [])
        assert text is None or MARK in str(text), name
        assert not blocks or MARK in json.dumps(blocks), name
        if values["incident"].practice is None:
            unmarked: Any = KINDS[kind](word, **values)
            assert MARK not in json.dumps(unmarked), name


def test_no_template_shows_a_title_that_does_not_say_so() -> None:
    drawn = {path.name: path.read_text() for path in TEMPLATES.rglob("*.j2")}
    bare = {name for name, text in drawn.items() if ".title" in text.replace("fact.title", "")}
    assert bare == set()


async def practised(rnd: Random) -> None:
    """Let a drill live some life, and look at all that anybody sees of it."""
    chat = WatchedChat()
    world = World(chat=chat)
    numbers = iter(range(10_000))
    async with running(world):
        drill = await begin(world)
        room = drill.channel or ""
        muse = Muse(
            rnd, lambda: f"word{next(numbers)}", ["UANA", "UBO"], lambda: room, world.clock.now
        )
        for _ in range(25):
            by = rnd.choice([ANA, BO])
            with suppress(Refused):
                await world.desk.incidents.handle(drill.id, muse.command(by), f"m{next(numbers)}")
            await settle(world, rnd.choice([0, 3, 60, 900]))
        for event in (payloads.home_opened(by="UEVE"), payloads.home_opened(by="UANA")):
            await world.slack({**event, "event_id": f"E{next(numbers)}"})
        await settle(world, 9)
        for verb in ("postmortem", "export", "status", "catchup", "subscribe"):
            typed = payloads.command(f"{verb} {drill.id}", by="UBO", trigger=f"t{next(numbers)}")
            answer = (await world.slack(typed)).body or ""
            assert MARK in answer or drill.id not in answer, answer
            await settle(world, 9)
        await ends(world, drill, Status.CLOSED)
    seen = [output for output in chat.outputs if drill.id in output.text]
    assert seen
    for output in seen:
        marked = MARK in output.text or '"practice"' in output.text or "drill-" in output.text
        assert marked, output
    assert not [output for output in chat.outputs if output.where == "CINCIDENTS"]
    own = {place for place, known in chat.rooms.items() if known.name.startswith("drill-")}
    direct = {output.where for output in chat.outputs if output.where.startswith("D")}
    people = {"", "UANA", "UBO", "UEVE"}
    assert {output.where for output in chat.outputs} <= own | direct | people


@given(rnd=st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_every_surface_of_a_drill_says_that_it_is_one(rnd: Random) -> None:
    asyncio.run(practised(rnd))


async def team(rnd: Random, *, drills: bool) -> tuple[object, ...]:
    """Let real things happen, with or without drills in between; return what is counted."""
    world = World()
    async with running(world):
        ids = []
        for n in range(4):
            if drills and rnd.random() < 0.7:
                await begin(world, key=f"drill {n}")
            else:
                await settle(world)
                await settle(world, 3)
            severity = Severity(f"P{n}")
            made = Declare((ANA, BO, EVE)[n % 3], f"real {n}", severity, services=(f"s{n % 2}",))
            ids.append((await world.desk.declarations.declare(made, f"real {n}")).incident.title)
            await settle(world)
        every = await world.desk.board.every(BOT)
        found = statistics(every, Period(), T + timedelta(days=1))
        open_now = real(listing(every, Selection(), "UANA").shown)
        alike = await world.desk.declarations.alike(EVE)
        return (ids, found, [i.title for i in open_now], [i.title for i in alike])


@given(seed=st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_drills_change_no_figure_and_no_list_of_real_incidents(seed: int) -> None:
    with_drills = asyncio.run(team(Random(seed), drills=True))
    assert with_drills == asyncio.run(team(Random(seed), drills=False))
