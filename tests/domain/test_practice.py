"""What a drill may do and what not, as rows; whom it reaches, and what it counts in."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alert_commands import FoldInto, SplitOff, TakeAlerts
from bot.domain.alerts import Alert, Group
from bot.domain.authority import BOT
from bot.domain.catalogue import Service
from bot.domain.commands import (
    Absorb,
    ChangeSeverity,
    ChangeStatus,
    CheckAnswered,
    CheckPaged,
    Command,
    Declare,
    EndDrill,
    Merge,
    NameServices,
    NoteStage,
)
from bot.domain.decisions import decide
from bot.domain.errors import Refused
from bot.domain.facts import (
    Acknowledged,
    AlertFired,
    Declared,
    Fact,
    Paged,
    RoleAssigned,
    SeverityChanged,
    Staged,
    StatusChanged,
)
from bot.domain.facts.base import Role
from bot.domain.incident import Incident, evolve, replay
from bot.domain.jobs import Kind
from bot.domain.likeness import alike, repeats
from bot.domain.names import channel_names
from bot.domain.overview import overview
from bot.domain.owing import owed
from bot.domain.policy import Policy
from bot.domain.practice import SOURCE, policy_of, real, times
from bot.domain.severity import Severity
from bot.domain.statistics import Period, statistics
from bot.domain.status import Status
from tests.samples import (
    ANA,
    BO,
    DECLARED,
    DRILLED,
    ID,
    ONCALL,
    PUT_AWAY,
    RESOLVED,
    ROOM,
    SUGGESTED,
    TAKEN,
    UPDATED,
    T,
    stamp,
)

SHOP = {"shop": Service("shop", owners=("UEVE",), on_call=("UEVE",), user_groups=("S1",))}
TEAM = Policy(
    on_call_people=("UCY",),
    announcements="C9",
    operators="COPS",
    bridge="https://example.com/bridge",
    services={"checkout": Service("checkout", on_call=("UCY",))},
    practice={ID: SHOP},
)
DRILL, REAL = replay(ID, [DRILLED, ROOM]), replay(ID, [DECLARED, ROOM])
OTHER = replace(REAL, id="INC-20260115-002")
OTHER_DRILL = replace(DRILL, id="INC-20260115-002")


def told(source: str) -> Group:
    return Group(source, "g", (Alert("f1", "ErrorsHigh", T, labels={"severity": "critical"}),))


def practise(by: Any = ANA, severity: Severity | None = None) -> Declare:
    return Declare(by, "orders fail", severity, practice="bad-deploy")


@pytest.mark.parametrize("by", [ANA, ONCALL])
@pytest.mark.parametrize("severity", [None, *Severity])
def test_a_drill_begins_with_nobody_paged_and_nothing_acknowledged(
    by: Any, severity: Severity | None
) -> None:
    facts = decide(Incident(ID), practise(by, severity), TEAM, T)
    assert [type(fact) for fact in facts] == [Declared]
    assert isinstance(facts[0], Declared)
    assert (facts[0].practice, facts[0].page_by) == ("bad-deploy", None)


AFTER_HOURS = T + timedelta(hours=1)
GIVEN_WHEN_THEN: list[tuple[Command, list[type[Fact]]]] = [
    (ChangeSeverity(BO, Severity.P0), [SeverityChanged]),
    (CheckPaged(BOT), []),
    (TakeAlerts(BOT, told(SOURCE)), [AlertFired]),
    (NoteStage(BOT, ("kubectl get pods",)), [Staged]),
    (EndDrill(BOT), [StatusChanged]),
]


@pytest.mark.parametrize(("when", "then"), GIVEN_WHEN_THEN)
def test_what_happens_in_a_drill_calls_nobody(when: Command, then: list[type[Fact]]) -> None:
    assert [type(fact) for fact in decide(DRILL, when, TEAM, AFTER_HOURS)] == then


def test_a_drill_that_nobody_takes_is_escalated_to_nobody() -> None:
    found = decide(DRILL, CheckAnswered(BOT), TEAM, AFTER_HOURS)
    assert found
    assert not [fact for fact in found if isinstance(fact, Paged)]
    assert [f for f in decide(REAL, CheckAnswered(BOT), TEAM, AFTER_HOURS) if isinstance(f, Paged)]


def test_a_drill_ends_in_time_without_having_been_resolved() -> None:
    ended = replay(ID, [DRILLED, *decide(DRILL, EndDrill(BOT), TEAM, AFTER_HOURS)])
    assert ended.status is Status.CLOSED
    assert "resolved" not in ended.milestones
    assert decide(ended, EndDrill(BOT), TEAM, AFTER_HOURS) == []
    assert decide(REAL, EndDrill(BOT), TEAM, AFTER_HOURS) == []
    assert decide(REAL, NoteStage(BOT, ("x",)), TEAM, AFTER_HOURS) == []


REFUSED: list[tuple[Incident, Command]] = [
    (DRILL, Merge(BO, OTHER)),
    (OTHER, Merge(BO, DRILL)),
    (DRILL, Merge(BO, OTHER_DRILL)),
    (DRILL, Absorb(BO, OTHER)),
    (OTHER, Absorb(BO, DRILL)),
    (replay("INC-20260115-003", [SUGGESTED]), FoldInto(BO, DRILL)),
    (DRILL, TakeAlerts(BOT, told("alertmanager"))),
    (DRILL, TakeAlerts(BOT, told("watch"))),
    (REAL, TakeAlerts(BOT, told(SOURCE))),
    (Incident(ID), TakeAlerts(BOT, told(SOURCE))),
]


@pytest.mark.parametrize(("given", "when"), REFUSED)
def test_a_drill_and_what_is_real_stay_apart(given: Incident, when: Command) -> None:
    with pytest.raises(Refused, match="by itself"):
        decide(given, when, TEAM, T)


def test_nothing_is_split_off_a_drill() -> None:
    known = replay(ID, [DRILLED, *decide(DRILL, TakeAlerts(BOT, told(SOURCE)), TEAM, T)])
    with pytest.raises(Refused, match="by itself"):
        decide(known, SplitOff(BO, SOURCE, "g", "INC-20260115-002"), TEAM, T)


def test_the_services_of_a_drill_are_those_of_its_production() -> None:
    assert decide(DRILL, NameServices(BO, ("shop",)), TEAM, T)
    with pytest.raises(Refused, match="It has: shop"):
        decide(DRILL, NameServices(BO, ("checkout",)), TEAM, T)


def test_what_is_shown_of_a_drill_is_of_its_own_production() -> None:
    shop = {**SHOP, "web": Service("web", depends_on=("shop",))}
    named = replace(DRILL, services=("shop", "checkout"))
    policy = replace(TEAM, practice={ID: shop})
    assert overview(named, policy, T).dependants == ("web",)


def test_the_rules_of_a_drill_name_nobody_and_no_place() -> None:
    rules = policy_of(DRILL, TEAM)
    assert [rules.announcements, rules.operators, rules.bridge] == [None] * 3
    assert [*rules.services] == ["shop"]
    assert not rules.alerts.silenced_at
    named = [getattr(rules, field.name) for field in fields(rules) if field.name != "practice"]
    assert not [one for one in map(str, named) if "UCY" in one or "UEVE" in one or "S1" in one]
    assert all(rules.to_page(severity, ["shop", "checkout"]) == () for severity in Severity)
    assert policy_of(REAL, TEAM) is TEAM


OUTSIDE = {Kind.ANNOUNCEMENT, Kind.GATHER, Kind.BOOKMARKS, Kind.PAGE, Kind.PAGE_DUE, Kind.TRIAGE}


def kinds(*facts: Fact) -> list[Kind]:
    found, before = list[Kind](), Incident(ID)
    for fact in facts:
        after = evolve(before, fact)
        found += [job.kind for job in owed(before, fact, after, TEAM)]
        before = after
    return found


def test_a_drill_owes_nothing_to_anybody_outside_it() -> None:
    course = (ROOM, TAKEN, replace(RESOLVED, status=Status.MITIGATING), UPDATED, RESOLVED)
    assert OUTSIDE & {*kinds(DECLARED, *course)} >= {Kind.ANNOUNCEMENT, Kind.BOOKMARKS}
    assert not OUTSIDE & {*kinds(DRILLED, *course)}


def test_a_drill_owes_its_end_and_its_times_once() -> None:
    closed = replace(RESOLVED, status=Status.CLOSED)
    assert kinds(DRILLED).count(Kind.DRILL_DUE) == 1
    assert kinds(DRILLED, ROOM, RESOLVED, closed).count(Kind.DEBRIEF) == 1
    assert Kind.DEBRIEF not in kinds(DECLARED, ROOM, RESOLVED, closed)
    assert Kind.DRILL_DUE not in kinds(DECLARED)


def test_a_drill_is_counted_in_nothing_and_is_like_nothing() -> None:
    both = [REAL, OTHER_DRILL]
    assert real(both) == [REAL]
    assert statistics(both, Period(), T) == statistics([REAL], Period(), T)
    assert not alike(DRILL, (), T)
    assert not repeats(DRILL, Declare(ANA, "orders fail"), T)
    assert repeats(DRILL, practise(), T)


def test_a_drill_says_so_in_its_title_and_its_channel() -> None:
    assert DRILL.called == "Drill: orders fail"
    assert REAL.called == "checkout is down"
    assert next(channel_names(DRILL)) == "drill-20260115-001-orders-fail"
    assert replay(ID, [replace(PUT_AWAY, practice="bad-deploy")]).called.startswith("Drill: ")


def test_the_times_of_a_drill_are_reckoned_from_its_beginning() -> None:
    def after(minutes: int, fact: Fact) -> Fact:
        return replace(
            fact, stamp=replace(stamp("UBO"), occurred_at=T + timedelta(minutes=minutes))
        )

    role = RoleAssigned(stamp("UBO"), Role.SCRIBE, "UEVE")
    facts = [DRILLED, after(2, Acknowledged(stamp("UBO"))), after(3, role), after(5, UPDATED)]
    facts += [after(9, replace(RESOLVED, status=Status.MONITORING)), after(12, RESOLVED)]
    found = {step.name: step.after for step in times(ID, facts)}
    assert found == {
        "acknowledged": timedelta(minutes=2),
        "assigned": timedelta(minutes=3),
        "updated": timedelta(minutes=5),
        "mitigated": timedelta(minutes=9),
        "resolved": timedelta(minutes=12),
    }
    assert {step.after for step in times(ID, [DRILLED])} == {None}


def test_a_stage_is_no_change_of_the_incident() -> None:
    assert decide(DRILL, ChangeStatus(BO, Status.INVESTIGATING), TEAM, T)
    staged = evolve(DRILL, Staged(stamp("bot"), ()))
    assert replace(staged, seq=DRILL.seq) == DRILL
