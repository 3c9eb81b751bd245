"""Who is told of a fact: jobs, and to whom, one row each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.authority import Authority, Source
from bot.domain.commands import Join
from bot.domain.decisions import decide
from bot.domain.facts import (
    ActionAdded,
    ActionChanged,
    Fact,
    Joined,
    Left,
    Paged,
    Reopened,
    RoleAssigned,
    Stamp,
    StatusChanged,
    ThreadOpened,
    Updated,
)
from bot.domain.incident import evolve, replay
from bot.domain.jobs import Job, Kind
from bot.domain.owing import owed
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from tests.samples import (
    ASSIGNED,
    CARD,
    DECLARED,
    EVE,
    HIDDEN,
    IMPACT,
    JOINED,
    MERGED,
    MISSED,
    NOTED,
    PAGED,
    PRIVATE,
    PROPOSED,
    REOPENED,
    RESOLVED,
    RETIRED,
    ROOM,
    STOOD_DOWN,
    SUBSCRIBED,
    SUGGESTED,
    TAKEN,
    THREAD,
    TODO,
    TOLD,
    TOLD_THERE,
    UNSUBSCRIBED,
    UPDATED,
    WORSE,
    T,
    declared,
    stamp,
)

MINUTE = timedelta(minutes=1)
POLICY = Policy(announcements="C9")
FOLLOWED: list[Fact] = [DECLARED, SUBSCRIBED, TOLD_THERE]
SAID_THERE = replace(UPDATED, from_channel="C1", from_ts="4.4")
OWN_TODO = replace(TODO, stamp=stamp("UANA"))
REWORDED = ActionChanged(stamp("UBO"), 1, "other words", "UANA", None, TODO.urgency)
GIVEN_ON = replace(REWORDED, owner="UEVE")
BOT_DECLARED = declared("bot")
BADLY = replace(WORSE, stamp=stamp("bot"))
BACK = replace(REOPENED, stamp=stamp("bot"))
OPEN_ROOM = replace(ROOM, private=False)
NOBODY = Paged(stamp("bot"), ())
NEW_ROOM = replace(ROOM, channel="C2", private=True)


def jobs(given: list[Fact], fact: Fact) -> list[Job]:
    before = replay("I", given)
    return owed(before, fact, evolve(before, fact), POLICY)


def told(given: list[Fact], fact: Fact, *kinds: Kind) -> list[str]:
    every = [job for job in jobs(given, fact) if not kinds or job.kind in kinds]
    return [f"{j.kind} {j.reply.person}" if j.reply else str(j.kind) for j in every]


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([DECLARED], WORSE, []),  # the announcement is not there yet, and will tell it
        ([DECLARED, TOLD], WORSE, ["line"]),
        ([DECLARED, TOLD, WORSE], replace(WORSE, stamp=stamp("UEVE")), []),  # nothing new
        ([DECLARED, TOLD], RESOLVED, ["line"]),
        ([DECLARED, TOLD, RESOLVED], REOPENED, ["line"]),
        ([DECLARED, TOLD], StatusChanged(stamp(), Status.DETECTED), []),
        ([DECLARED, TOLD], ASSIGNED, ["line"]),
        ([DECLARED, TOLD], TAKEN, []),  # who commands is told; that has not changed
        ([BOT_DECLARED, TOLD], TAKEN, ["line"]),
        ([DECLARED, TOLD], UPDATED, ["line"]),
        ([DECLARED, TOLD], MERGED, ["line"]),
        ([DECLARED, TOLD], IMPACT, []),
        ([DECLARED, TOLD], NOTED, []),
        ([DECLARED, TOLD, HIDDEN], WORSE, []),
        ([DECLARED, SUBSCRIBED], WORSE, []),
        (FOLLOWED, WORSE, ["line USUE"]),
        ([*FOLLOWED, TOLD], WORSE, ["line", "line USUE"]),
        ([*FOLLOWED, UNSUBSCRIBED], WORSE, []),
        ([DECLARED, SUBSCRIBED, UNSUBSCRIBED, TOLD_THERE], WORSE, []),  # changed their mind
    ],
)
def test_lines(given: list[Fact], fact: Fact, then: list[str]) -> None:
    assert told(given, fact, Kind.LINE) == then


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([DECLARED], SUBSCRIBED, ["subscription USUE"]),
        (FOLLOWED, WORSE, ["subscription USUE"]),
        (FOLLOWED, UPDATED, ["subscription USUE"]),
        (FOLLOWED, NOTED, []),
        (FOLLOWED, UNSUBSCRIBED, ["subscription USUE"]),  # to say so
        (FOLLOWED, HIDDEN, ["subscription USUE"]),  # to say nothing any more
        ([*FOLLOWED, UNSUBSCRIBED], WORSE, []),
        ([PRIVATE, SUBSCRIBED], Left(stamp("USUE")), ["subscription USUE"]),
        ([PRIVATE, SUBSCRIBED, JOINED], Left(stamp("UEVE")), []),
    ],
)
def test_subscriptions(given: list[Fact], fact: Fact, then: list[str]) -> None:
    assert told(given, fact, Kind.SUBSCRIPTION) == then


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([DECLARED], PAGED, ["page UCY"]),
        ([DECLARED, THREAD], PAGED, ["page UCY", "paged"]),
        ([DECLARED, ROOM], Paged(stamp("bot"), ("UCY", "UDI")), [
            "page UCY", "page UDI", "paged"]),
        ([DECLARED, PAGED], ROOM, ["paged"]),
        ([PRIVATE, NOBODY], NEW_ROOM, ["paged"]),
        ([PRIVATE, NEW_ROOM], NOBODY, ["paged"]),
        ([DECLARED, PAGED], THREAD, ["paged"]),
        ([DECLARED, ROOM, PAGED, HIDDEN], ROOM, []),  # they were mentioned already
        ([DECLARED, ROOM, PAGED], STOOD_DOWN, ["stand_down UCY"]),
    ],
)  # fmt: skip
def test_pages(given: list[Fact], fact: Fact, then: list[str]) -> None:
    kinds = (Kind.PAGE, Kind.PAGED, Kind.STAND_DOWN)
    assert told(given, fact, *kinds) == then


def test_standing_down_waits_for_the_page() -> None:
    (page, *_), (down, *_) = jobs([DECLARED], PAGED), jobs([DECLARED, PAGED], STOOD_DOWN)
    assert page.lane == down.lane == "I/page/UCY"


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([DECLARED], UPDATED, []),  # there is no room yet
        ([DECLARED, ROOM], UPDATED, ["update"]),
        ([DECLARED, THREAD], UPDATED, ["update"]),
        ([DECLARED, ROOM], SAID_THERE, []),
        ([DECLARED], MISSED, ["remind"]),  # the commander
        ([BOT_DECLARED, ROOM], MISSED, ["remind"]),
        ([BOT_DECLARED], MISSED, []),
        ([DECLARED], TODO, ["assigned UANA"]),
        ([DECLARED], OWN_TODO, []),
        ([DECLARED, TODO], REWORDED, []),
        ([DECLARED, TODO], GIVEN_ON, ["assigned UEVE"]),
        ([DECLARED, TODO], replace(GIVEN_ON, owner="UBO"), []),  # took it themselves
        ([DECLARED, TODO], replace(GIVEN_ON, owner=None), []),
    ],
)
def test_updates_and_action_items(given: list[Fact], fact: Fact, then: list[str]) -> None:
    assert told(given, fact, Kind.UPDATE, Kind.REMIND, Kind.ASSIGNED) == then


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([DECLARED, UPDATED, NOTED, UPDATED], ROOM, ["I/2/update", "I/4/update"]),
        ([DECLARED, UPDATED], THREAD, ["I/2/update"]),
        ([DECLARED, ROOM, UPDATED], CARD, []),
        ([DECLARED, UPDATED, ROOM], ROOM, []),
        ([DECLARED, HIDDEN, UPDATED], OPEN_ROOM, []),  # asked for before it was hidden
        ([DECLARED, ROOM, HIDDEN, UPDATED], NEW_ROOM, ["I/4/update"]),
        ([DECLARED, ROOM, RESOLVED, RETIRED, BACK], ROOM, ["I/5/alarmed"]),
        ([DECLARED, BADLY], ROOM, ["I/2/alarmed"]),
        ([SUGGESTED, BADLY, DECLARED], ROOM, []),
        ([DECLARED, ROOM], BADLY, ["I/3/alarmed"]),
        ([DECLARED, PROPOSED, UPDATED, PROPOSED], ROOM, ["I/3/update", "I/4/all_clear"]),
        ([DECLARED, ROOM], PROPOSED, ["I/3/all_clear"]),
        ([BOT_DECLARED, MISSED, UPDATED, MISSED], ROOM, ["I/3/update", "I/4/remind"]),
        ([DECLARED, MISSED], ROOM, []),
        ([DECLARED, MERGED], ROOM, ["I/2/pointer"]),
        ([DECLARED, ROOM], MERGED, ["I/3/pointer"]),
    ],
)
def test_what_is_said_before_there_is_a_room_is_said_in_it_in_order(
    given: list[Fact], fact: Fact, then: list[str]
) -> None:
    kinds = {Kind.UPDATE, Kind.REMIND, Kind.ALARMED, Kind.ALL_CLEAR, Kind.POINTER}
    said = [job for job in jobs(given, fact) if job.kind in kinds]
    assert [job.key for job in said] == then
    assert all(job.key.split("/")[1] == str(job.wanted_seq) for job in said)


@pytest.mark.parametrize(
    ("fact", "kind", "minutes"),
    [
        (DECLARED, Kind.PAGE_DUE, 1),
        (DECLARED, Kind.UPDATE_DUE, 30),
        (declared(severity=Severity.P0), Kind.UPDATE_DUE, 15),
        (WORSE, Kind.UPDATE_DUE, 15),
        (REOPENED, Kind.UPDATE_DUE, 30),
        (UPDATED, Kind.UPDATE_DUE, 30),
    ],
)
def test_what_was_promised_is_looked_at_in_its_hour(fact: Fact, kind: Kind, minutes: int) -> None:
    (due,) = [job for job in jobs([DECLARED], fact) if job.kind is kind]
    assert due.due == T + minutes * MINUTE
    assert due.lane == due.key  # nobody waits for it


@pytest.mark.parametrize(
    "fact",
    [
        declared(severity=Severity.P1),  # people were paged at once
        replace(WORSE, update_by=None),
        Reopened(stamp(), T),
        Updated(stamp(), "over", None),
    ],
)
def test_without_a_promise_nothing_is_looked_at(fact: Fact) -> None:
    kinds = {job.kind for job in jobs([], fact)}
    assert Kind.PAGE_DUE not in kinds
    assert (Kind.UPDATE_DUE in kinds) == (fact == declared(severity=Severity.P1))


def test_a_late_comer_is_caught_up_once() -> None:
    def came(minutes: int, who: str, given: list[Fact]) -> list[Fact]:
        at = T + minutes * MINUTE
        person = Authority(who, Source.SLACK)
        facts = decide(replay("I", given), Join(person, "C1"), POLICY, at)
        given.extend(facts)
        return facts

    story: list[Fact] = [DECLARED, ROOM, TAKEN]
    assert came(1, "UANA", story) == []  # who is in it anyway
    early = came(1, "UEVE", story)
    assert told(story[:-1], early[0], Kind.CATCH_UP) == []
    late = came(9, "UBO", story)  # took it from elsewhere, and has not seen the channel
    assert late == [Joined(Stamp(T + 9 * MINUTE, T + 9 * MINUTE, "UBO"))]
    assert told(story[:-1], late[0], Kind.CATCH_UP) == ["catch_up UBO"]
    assert came(20, "UBO", story) == []
    story.append(Left(stamp("UBO")))
    again = came(30, "UBO", story)
    assert told(story[:-1], again[0], Kind.CATCH_UP) == []
    assert came(40, EVE.person, story) == []


def test_of_what_becomes_private_the_announcement_says_nothing_any_more() -> None:
    announcement = Kind.ANNOUNCEMENT
    assert told([DECLARED, TOLD], HIDDEN, announcement) == ["announcement"]
    assert told([DECLARED], HIDDEN, announcement) == []
    assert told([DECLARED, HIDDEN], TOLD, announcement) == ["announcement"]  # it was under way
    assert told([DECLARED, TOLD, HIDDEN], WORSE, announcement) == []


def test_a_card_is_drawn_in_a_thread_too() -> None:
    assert told([DECLARED], ThreadOpened(stamp("bot"), "C9", "5.5"), Kind.CARD) == ["card"]


def test_homes_are_drawn_again_for_what_they_show() -> None:
    assert told([DECLARED], TAKEN, Kind.HOMES) == ["homes"]
    assert told([DECLARED], RoleAssigned(stamp(), ASSIGNED.role, "UBO"), Kind.HOMES) == ["homes"]
    assert told([DECLARED], NOTED, Kind.HOMES) == []


def test_who_changed_their_mind_is_not_subscribed_again_by_what_was_under_way() -> None:
    facts: list[Fact] = [DECLARED, SUBSCRIBED, UNSUBSCRIBED, TOLD_THERE]
    assert replay("I", facts).subscribers == {}


def test_one_undecided_action_item_without_an_owner_tells_nobody() -> None:
    nobody = ActionAdded(stamp("UBO"), 1, "alert on it", None, None, TODO.urgency)
    assert told([DECLARED], nobody, Kind.ASSIGNED) == []
