"""The rules, one row each: given, when, then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert_commands import Suggest
from bot.domain.authority import BOT
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
    Shelve,
)
from bot.domain.decisions import decide
from bot.domain.errors import Refused
from bot.domain.facts import Acknowledged, Fact, SeverityChanged, Shelved, StatusChanged
from bot.domain.incident import replay
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import OPEN, TRANSITIONS, Status
from bot.domain.visibility import visible
from tests.samples import (
    ANA,
    BO,
    CLOSED,
    DECLARED,
    EVE,
    GONE,
    JOINED,
    LATE,
    ONCALL,
    PRIVATE,
    REOPENED,
    RESOLVED,
    ROOM,
    SECURITY,
    TAKEN,
    WORSE,
    T,
    declared,
    stamp,
)

QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("given", "when", "then"),
    [
        ([], Declare(ANA, "checkout is down"), [DECLARED]),
        ([], Declare(ANA, "  checkout\n is   down "), [DECLARED]),
        (
            [],
            Declare(ANA, "checkout is down", Severity.P2),
            [declared(severity=Severity.P2, minutes=60)],
        ),
        ([], Declare(ANA, "checkout is down", private=True), [PRIVATE]),
        (  # each fact is folded before the next is judged
            [],
            Declare(ONCALL, "checkout is down"),
            [declared("UCY"), Acknowledged(stamp("UCY"))],
        ),
        ([DECLARED], Acknowledge(BO), [TAKEN]),
        ([DECLARED, TAKEN], Acknowledge(BO), []),
        ([PRIVATE], Acknowledge(SECURITY), [Acknowledged(stamp("USUE"))]),
        ([DECLARED], Join(EVE), [JOINED]),
        ([DECLARED, JOINED], Join(EVE), []),
        ([PRIVATE], Join(EVE), [JOINED]),
        ([DECLARED, CLOSED], Join(EVE), [JOINED]),
        ([DECLARED, RESOLVED], ChangeSeverity(BO, Severity.P0), [WORSE]),
        ([declared(severity=Severity.P2)], ChangeSeverity(BO, Severity.P2), []),
        ([DECLARED], ChangeStatus(BO, Status.RESOLVED), [RESOLVED]),
        ([DECLARED, RESOLVED], ChangeStatus(BO, Status.RESOLVED), []),
        ([DECLARED], ChangeStatus(BO, Status.CLOSED), [RESOLVED, CLOSED]),
        ([DECLARED, RESOLVED], ChangeStatus(BO, Status.CLOSED), [CLOSED]),
        ([DECLARED, RESOLVED], Reopen(BO), [REOPENED]),
        ([DECLARED, RESOLVED], ChangeStatus(BO, Status.INVESTIGATING), [REOPENED]),
        ([DECLARED, JOINED], Leave(EVE), [GONE]),
        ([DECLARED], Leave(EVE), []),
        ([DECLARED, JOINED, GONE], Join(EVE), [JOINED]),
        ([declared(minutes=0)], CheckAnswered(BOT), [LATE]),
        ([declared(minutes=0), LATE], CheckAnswered(BOT), []),
        ([declared(minutes=0), TAKEN], CheckAnswered(BOT), []),
        ([declared(minutes=0), RESOLVED], CheckAnswered(BOT), []),
        ([declared(minutes=0), CLOSED], CheckAnswered(BOT), []),
        (  # worse now, and less time: missed once more
            [declared(minutes=0), LATE, replace(WORSE, acknowledge_by=T - timedelta(minutes=1))],
            CheckAnswered(BOT),
            [replace(LATE, level=2)],
        ),
        ([declared(minutes=1)], CheckAnswered(BOT), []),  # judged less bad meanwhile: later
    ],
)
def test_given_when_then(given: list[Fact], when: Command, then: list[Fact]) -> None:
    assert decide(replay("I", given), when, Policy(), T) == then


@pytest.mark.parametrize(
    ("given", "when", "words"),
    [
        ([], Acknowledge(BO), "no such incident"),
        ([], CheckAnswered(BOT), "no such incident"),
        ([], Declare(ANA, " \n\u200b "), "What is wrong?"),
        ([DECLARED], Declare(ANA, "checkout is down"), "I is already declared."),
        ([PRIVATE], Suggest(BOT, "checkout is down", None), "I is known already."),
        ([PRIVATE], Acknowledge(BO), "no such incident"),
        ([PRIVATE], ChangeStatus(BO, Status.RESOLVED), "no such incident"),
        ([DECLARED, TAKEN], Acknowledge(ANA), "<@UBO> has taken I already."),
        ([DECLARED, RESOLVED], Acknowledge(ANA), "`/incident reopen` brings it back"),
        ([DECLARED], Reopen(BO), "I is detected, so it is open already."),
        ([DECLARED, CLOSED], Reopen(BO), "I is closed. To go on, declare a new one"),
        ([DECLARED, CLOSED], ChangeSeverity(BO, Severity.P0), "declare a new one"),
        ([DECLARED, CLOSED], ChangeStatus(BO, Status.CLOSED), "declare a new one"),
        ([DECLARED, RESOLVED], ChangeStatus(BO, Status.TRIAGING), "investigating, closed"),
    ],
)
def test_refused(given: list[Fact], when: Command, words: str) -> None:
    with pytest.raises(Refused, match=words):
        decide(replay("I", given), when, Policy(), T)


def test_a_refusal_about_a_field_names_it() -> None:
    with pytest.raises(Refused) as refused:
        decide(replay("I", []), Declare(ANA, ""), Policy(), T)
    assert refused.value.about == "title"


def test_what_policy_decided_is_written_down() -> None:
    minute, two = timedelta(minutes=1), timedelta(minutes=2)
    strict = Policy(acknowledge_within={Severity.P0: minute}, update_every={Severity.P0: two})
    facts = decide(replay("I", [DECLARED]), ChangeSeverity(BO, Severity.P0), strict, T)
    assert facts == [SeverityChanged(stamp("UBO"), Severity.P0, T + minute, T + two)]
    assert replay("I", [DECLARED, *facts]).acknowledge_by == T + timedelta(minutes=1)


def test_every_status_has_a_row() -> None:
    assert set(TRANSITIONS) == set(Status)


def test_an_open_incident_may_go_straight_to_resolved_or_back() -> None:
    assert all({Status.RESOLVED, *OPEN} - {status} <= TRANSITIONS[status] for status in OPEN)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("wanted", Status)
def test_the_table_alone_judges_where_a_person_may_go(status: Status, wanted: Status) -> None:
    moved = StatusChanged(stamp(), status)
    incident = replay("I", [DECLARED, moved])
    try:
        facts = decide(incident, ChangeStatus(BO, wanted), Policy(), T)
    except Refused:
        assert wanted not in TRANSITIONS[status]
        assert wanted is not status or not TRANSITIONS[status]
    else:
        assert wanted in {status, *TRANSITIONS[status]}
        assert replay("I", [DECLARED, moved, *facts]).status is wanted


def test_all_the_words_of_a_long_declaration_are_kept() -> None:
    text = "the <!channel> is on fire & " * 400
    (fact,) = decide(replay("I", []), Declare(ANA, text), Policy(), T)
    incident = replay("I", [fact])
    assert len(incident.title) <= 150
    assert incident.title.endswith("…")
    assert incident.details == text.strip()


def test_what_is_put_away_tells_what_it_stands_for() -> None:
    facts: list[Fact] = [DECLARED, ROOM, TAKEN, WORSE, JOINED, GONE, RESOLVED, CLOSED]
    (shelved,) = decide(replay("I", facts), Shelve(BOT), Policy(), T)
    assert isinstance(shelved, Shelved)
    whole, alone = replay("I", [*facts, shelved]), replay("I", [shelved])
    assert whole.seq == alone.seq == 9
    assert whole == alone
    assert (whole.title, whole.commander, whole.acknowledged_by) == (
        *("checkout is down", "UANA", "UBO"),
    )
    assert replay("I", [shelved, JOINED]).people == alone.people | {"UEVE"}
    assert not visible(replay("I", [shelve_of(PRIVATE)]), EVE)


def test_a_private_incident_is_known_to_its_audience_and_to_who_takes_part() -> None:
    incident = replay("I", [PRIVATE, JOINED])
    known = {
        viewer.person for viewer in (ANA, BO, EVE, SECURITY, BOT) if visible(incident, viewer)
    }
    assert known == {"UANA", "UEVE", SECURITY.person, BOT.person}


def shelve_of(declaration: Fact) -> Fact:
    (shelved,) = decide(replay("I", [declaration, CLOSED]), Shelve(BOT), Policy(), T)
    return shelved


@pytest.mark.parametrize(
    "given", [[DECLARED], [DECLARED, RESOLVED], [DECLARED, CLOSED, shelve_of(DECLARED)]]
)
def test_only_what_nobody_can_change_is_put_away_and_once(given: list[Fact]) -> None:
    assert decide(replay("I", given), Shelve(BOT), Policy(), T) == []
