"""An incident told whole: its facts, the words of its messages, names and links."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.chatter import Mark
from bot.domain.facts import (
    ActionAdded,
    Concluded,
    Fact,
    ImpactDescribed,
    Milestone,
    MilestoneSet,
    Noted,
    Role,
    RoleAssigned,
    Updated,
    Urgency,
)
from bot.domain.transcript import Message
from bot.markdown import inline
from bot.ports import Commit, Unavailable
from bot.reading import said
from bot.usecases.story import AT_ONCE, KEPT_FOR, Known, Stories
from tests.drawings import HOSTILE
from tests.fakes.chat import Room
from tests.fakes.clock import SteppedClock
from tests.samples import (
    ABSORBED,
    DECLARED,
    EVERY_FACT,
    HIDDEN,
    ID,
    LEARNED,
    MERGED,
    NOTED,
    PINNED,
    PRIVATE,
    PUT_AWAY,
    RESOLVED,
    ROOM,
    TAKEN,
    TODO,
    WORSE,
    T,
    stamp,
)
from tests.world import World

GOLDEN = Path(__file__).parent / "golden"
OTHER = "INC-20260115-003"
SAID = Message("C1", "4.4", "UBO", "the *cache* & | <@UEVE> <b>")


def later(fact: Fact, minutes: int) -> Fact:
    at = T + timedelta(minutes=minutes)
    return replace(fact, stamp=replace(fact.stamp, occurred_at=at, recorded_at=at))


STORY: list[Fact] = [
    DECLARED,
    later(ROOM, 1),
    later(TAKEN, 2),
    later(WORSE, 3),
    later(NOTED, 4),
    later(PINNED, 5),
    later(RoleAssigned(stamp(), Role.SCRIBE, "UCY"), 6),
    later(replace(ABSORBED, incident=OTHER), 7),
    later(MilestoneSet(stamp("UBO"), Milestone.IMPACT_STARTED, T - timedelta(minutes=9)), 8),
    later(Updated(stamp(), "rolling back", None), 9),
    later(LEARNED, 90),
    later(RESOLVED, 90),
    later(TODO, 95),
    later(ActionAdded(stamp(), 2, "", None, None, Urgency.MEDIUM, "C1", "6.6"), 96),
]


@pytest.fixture
def stories(world: World) -> Stories:
    return Stories(world.store, world.chat, world.wording, world.clock)


async def happened(
    world: World, facts: Sequence[Fact], incident: str = ID, said: Sequence[Message] = ()
) -> None:
    await world.store.commit(Commit(streams={incident: (0, facts)}, messages=said))
    posts = {message.ts: (Mark("", ""), {"text": message.text}) for message in said}
    world.chat.rooms.setdefault("C1", Room("inc")).posts |= posts


async def told(stories: Stories) -> str:
    return await stories.text(await stories.story(ID))


async def test_a_whole_story_is_told_as_it_was_agreed(world: World, stories: Stories) -> None:
    gone = Message("C1", "6.6", "UBO", "", deleted="7.7")
    await happened(world, STORY, said=[SAID, gone])
    await happened(world, [replace(DECLARED, title="carts are slow"), TAKEN], OTHER)
    world.clock.advance(3600 * 3)
    assert await told(stories) == (GOLDEN / "postmortem.md").read_text()


async def test_what_is_not_over_is_a_draft(world: World, stories: Stories) -> None:
    await happened(world, [DECLARED])
    assert "*Draft as of 2026-01-15 12:00 UTC: the incident is detected.*" in await told(stories)


async def test_an_incident_that_was_put_away_is_told_whole(world: World, stories: Stories) -> None:
    await happened(world, [DECLARED, TAKEN, RESOLVED, replace(PUT_AWAY, facts=3)])
    assert "**bo** took it" in await told(stories)


async def test_a_private_story_says_so(world: World, stories: Stories) -> None:
    await happened(world, [PRIVATE])
    assert "**Private.**" in await told(stories)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ([Message("C1", "4.4", "UBO", "it was full")], "noted: it was full ([message](https://"),
        ([Message("C1", "4.4", "UBO", "", deleted="5.5")], "noted: *message deleted*"),
        ([], "noted: *message gone*"),
    ],
)
async def test_a_note_has_its_words_where_they_were_said(
    world: World, stories: Stories, said: list[Message], line: str
) -> None:
    await happened(world, [DECLARED, PINNED], said=said)
    assert f"**bo** {line}" in await told(stories)


async def test_whoever_is_not_known_is_named_by_id(world: World, stories: Stories) -> None:
    del world.chat.names["UANA"]
    await happened(world, [DECLARED])
    assert "**UANA** declared it" in await told(stories)


async def test_every_fact_can_be_told(world: World, stories: Stories) -> None:
    await happened(world, [f for f in EVERY_FACT if f not in (MERGED, HIDDEN)])
    await told(stories)


async def test_a_long_search_goes_on_where_it_was_stopped(world: World, stories: Stories) -> None:
    said = [Message("C1", f"{n}.1", "UBO", "x") for n in range(30)]
    notes = [replace(PINNED, note=n, from_ts=f"{n}.1") for n in range(30)]
    await happened(world, [DECLARED, *notes], said=said)
    asked = world.chat.looked_up
    world.chat.permalinks = 20
    with pytest.raises(Unavailable):
        await told(stories)
    assert len(asked) < 20 + AT_ONCE
    world.chat.permalinks = None
    await told(stories)
    assert len([one for one in asked if one.startswith("C1/")]) == 30  # each once


async def test_what_is_forgotten_while_others_are_looked_up_is_known_to_who_asked() -> None:
    clock, names = SteppedClock(), {"UANA": "ana", "UBO": "bo"}

    async def look_up(person: str) -> str:
        if person == "UBO":
            clock.advance(10)
            await known.of([])  # somebody else asks, an hour after the first was looked up
        return names[person]

    known = Known(look_up, clock)
    await known.of(["UANA"])
    clock.advance(KEPT_FOR.total_seconds() - 5)
    assert await known.of(names) == names


async def test_words_that_look_like_escapes_stay_as_they_were_typed(
    world: World, stories: Stories
) -> None:
    typed = said("C1", {"ts": "4.4", "user": "UBO", "text": "write &amp;lt;b&amp;gt;"}, ())
    assert typed
    await happened(world, [DECLARED, ROOM, PINNED], said=[typed])
    assert "noted: write &amp;lt;b&amp;gt; (" in await told(stories)


def hostile(text: str) -> list[Fact]:
    return [
        replace(DECLARED, title=text, details=text, services=(text,)),
        ImpactDescribed(stamp(), text),
        Noted(stamp(), 1, text),
        Updated(stamp(), text, None),
        Concluded(stamp(), None, text, text, text),
        ActionAdded(stamp(), 1, text, None, date(2026, 1, 22), Urgency.LOW),
        replace(RESOLVED, reason=text),
    ]


BREAKING = {
    **{name: text for name, text in HOSTILE.items() if text},
    "heading": "# one\n## two\nthree\n===\n---",
    "table": "| a | b |\n|---|---|\n| c | d |",
    "link": "[click](javascript:alert(1)) ![x](y) [a]: http://b",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)> <!-- ",
    "fence": "```\ncode\n```\n~~~\n    indented",
    "lists": "- a\n* b\n+ c\n1. d\n1) e",
    "overrides": "\u202eabc\u2069 \u2066def",
}


@pytest.mark.parametrize("name", BREAKING)
async def test_nothing_that_was_written_changes_what_stands_around_it(
    world: World, stories: Stories, name: str
) -> None:
    await happened(world, hostile("harmless"), "INC-20260115-009")
    await happened(world, hostile(BREAKING[name]))
    text, calm = await told(stories), await stories.text(await stories.story("INC-20260115-009"))
    assert frame(text) == frame(calm.replace("INC-20260115-009", ID))
    assert "<" not in text
    assert not re.search(r"@[a-zA-Z]", text)
    assert not re.search(r"(?<!\\)`", text)
    assert not set("\u202e\u2066\u2067\r") & set(text)
    assert text.count("\u2068") == text.count("\u2069")


def frame(text: str) -> list[str]:
    """Return what makes the document: headings, and how many columns each table has."""
    lines = (re.sub(r"\\.", "", line) for line in text.splitlines())
    return [
        re.sub(r"[^#|]", "", line)
        for line in lines
        if line.startswith(("#", "|", "- ", "    ", "=", "---", "~~~"))
    ]


def test_words_stay_as_they_can() -> None:
    assert inline("see https://x.example/a_b_c?d=1") == "see https://x.example/a_b_c?d=1"
    assert inline("snake_case _it_ 2*3") == "snake_case \\_it\\_ 2\\*3"
    assert inline("mail ana@example.com, @here") == "mail ana@example.com, @\u2060here"
    assert inline("<https://x.example|the board>") == "the board (https://x.example)"
