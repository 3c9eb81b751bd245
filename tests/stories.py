"""Stories of incidents about which people typed some text: every branch of what tells them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.facts import ChannelRetired, Fact, Milestone, MilestoneSet, Role, RoleAssigned
from bot.domain.incident import Post, replay
from bot.domain.postmortem import Postmortem, Sources, postmortem
from bot.domain.timeline import timeline, united
from bot.domain.transcript import Message
from tests.samples import (
    ABSORBED,
    CLEARED,
    DECLARED,
    DISMISSED,
    DISPUTED,
    EVERY_FACT,
    FIRED,
    HIDDEN,
    IMPACT,
    LEARNED,
    MEASURED,
    MERGED,
    NOTED,
    OFFERED,
    OVER,
    PINNED,
    PRIVATE,
    PUT_AWAY,
    RESOLVED,
    ROOM,
    SUGGESTED,
    TAKEN,
    TODO,
    TODO_DONE,
    UPDATED,
    WORSE,
    T,
    stamp,
)

ID, OTHER = "INC-20260115-001", "INC-20260115-003"
HERE, GONE, LOST, UNWRITTEN = (Post("C1", f"{n}.{n}") for n in range(4, 8))
MOMENTS = [
    MilestoneSet(stamp(), milestone, T)
    for milestone in (Milestone.IMPACT_STARTED, Milestone.IMPACT_ENDED)
]
BY_HAND = ChannelRetired(stamp("UBO"), "C1")
CALLED = RoleAssigned(stamp(), Role.COMMUNICATIONS, "UCY")


def stories(text: str) -> Iterator[Mapping[str, Any]]:
    for facts in histories(text):
        yield {"story": story(facts, text), "names": {"UANA": text or "ana"}}


def histories(text: str) -> Iterator[Sequence[Fact]]:
    said = replace(DECLARED, title=text or "-", details=text, services=(text or "-",))
    written: list[Fact] = [
        replace(IMPACT, impact=text),
        replace(NOTED, text=text),
        replace(UPDATED, text=text),
        replace(LEARNED, root_cause=text, immediate_fix=text, permanent_fix=text),
        replace(OFFERED, brief=text),
        replace(TODO, text=text, owner=None),
    ]
    from_messages: list[Fact] = [
        replace(PINNED, note=n, from_ts=post.ts, text=text if n % 2 else "")
        for n, post in enumerate((HERE, GONE, LOST, UNWRITTEN), 1)
    ]
    more: list[Fact] = [
        replace(UPDATED, text="", from_channel="C1", from_ts=HERE.ts),
        replace(TODO, action=2, text="", from_channel="C1", from_ts=HERE.ts),
        replace(TODO_DONE, action=2),
        CALLED,
        ABSORBED,
    ]
    origin = replace(said, origin_channel="C1", origin_ts=HERE.ts)
    yield [said]
    yield [replace(said, severity=WORSE.severity), RESOLVED]
    yield [origin, *written, *from_messages, *more, replace(RESOLVED, reason=text)]
    yield [PRIVATE, RESOLVED, OVER]
    yield [f for f in EVERY_FACT if f not in (HIDDEN, PUT_AWAY)]
    yield [said, HIDDEN, MERGED]
    yield [replace(said, severity=None), *alerts(text)]
    yield [said, ROOM, BY_HAND, replace(ROOM, name="")]
    yield [DECLARED, TAKEN, WORSE, IMPACT, *MOMENTS, LEARNED, RESOLVED]


def alerts(text: str) -> Iterator[Fact]:
    """Yield what alerts do, suggest, and cost, in more of them than are named."""
    named = [replace(FIRED, fingerprint=f"f{n}", name=text or "-") for n in range(1, 8)]
    yield replace(SUGGESTED, storm=True, severity=None, title=text or "-")
    yield from named
    yield from (CLEARED, FIRED, CLEARED, DISMISSED, replace(DISMISSED, reason=""))
    yield from (replace(DISMISSED, into=OTHER), MEASURED)
    yield replace(DISPUTED, rule=text or "-", disputed=False)
    yield replace(MEASURED, currency="", failed=12.5, queries={}, unknown={})


def story(facts: Sequence[Fact], text: str = "") -> Postmortem:
    incident = replay(ID, facts)
    absorbed: list[Fact] = [DECLARED]
    entries = united([timeline(incident, facts), timeline(replay(OTHER, absorbed), absorbed)])
    said = {
        HERE: Message("C1", HERE.ts, "UBO", text),
        GONE: Message("C1", GONE.ts, "UBO", "", deleted="9.9"),
    }
    links = {post: f"https://chat.example/{post.ts}" for post in (HERE, UNWRITTEN)}
    return postmortem(incident, entries, Sources(said, links), T)
