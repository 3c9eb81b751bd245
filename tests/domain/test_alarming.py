"""The rules of alerts, one row each: given, when, then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alarming import going_on, news
from bot.domain.alert_commands import (
    Accept,
    Dismiss,
    DisputeRule,
    FoldInto,
    OpenApart,
    Silence,
    SplitOff,
    TakeAlerts,
    TakeOver,
)
from bot.domain.alerts import Alert, AlertRules, Raise, services_of, severity_of
from bot.domain.authority import BOT
from bot.domain.catalogue import Service
from bot.domain.commands import Absorb, Acknowledge, CheckAnswered, CheckCalm, Command
from bot.domain.decisions import decide
from bot.domain.errors import Refused
from bot.domain.facts import (
    Absorbed,
    Acknowledged,
    AlertFired,
    Declared,
    Dismissed,
    Fact,
    Paged,
    Reopened,
    SeverityChanged,
    StatusChanged,
    StoodDown,
    Suggested,
)
from bot.domain.incident import Incident, evolve, replay
from bot.domain.jobs import Kind
from bot.domain.kinship import kin
from bot.domain.overview import overview
from bot.domain.owing import owed
from bot.domain.policy import Policy
from bot.domain.ringing import AT_ONCE
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.domain.timeline import timeline
from tests.alarms import MINUTE, alert, group
from tests.samples import (
    BO,
    CLEARED,
    CLOSED,
    DECLARED,
    DISMISSED,
    DISPUTED,
    FIRED,
    ID,
    LATE,
    MERGED,
    MOVED,
    PRIVATE,
    PROPOSED,
    QUIET,
    RESOLVED,
    ROOM,
    SILENCED,
    SUGGESTED,
    SUGGESTION,
    TAKEN,
    T,
    declared,
    stamp,
)

P0, P1, P2, P3 = Severity
WARNING = alert(severity="warning")
WARNED = replace(FIRED, severity=P2, labels=WARNING.labels)
OPENED = replace(
    declared("bot", P1, 15), title="one order in ten fails", services=("checkout",), page_by=None
)
ENDED = alert(ended=T)
OTHER = replay("INC-20260115-002", [declared("UEVE")])
HIDDEN = replay("INC-20260115-003", [PRIVATE])
STORM = replace(SUGGESTED, storm=True, severity=P1, acknowledge_by=T + 15 * MINUTE)
ON_CALL = Policy(
    on_call_people=("UCY",), alerts=AlertRules(silenced_at=frozenset({"alertmanager"}))
)
RAISED = SeverityChanged(stamp("bot"), P1, T + 15 * MINUTE, T + 30 * MINUTE)
LATER = replace(FIRED, stamp=replace(FIRED.stamp, occurred_at=T - MINUTE))
AGAIN = replace(stamp("bot"), occurred_at=T + MINUTE)
NEW = TakeAlerts(BOT, group(alert("f2"), key="others"), new=True)
ELSEWHERE = replace(FIRED, group="g2", fingerprint="f2")
QUIETER = replace(MOVED, group="g2", quiet_by=T + 5 * MINUTE)
OFTEN: list[Fact] = [FIRED, CLEARED] * 4


def type_of(fact: Fact) -> str:
    return type(fact).__name__


@pytest.mark.parametrize(
    ("given", "when", "then"),
    [
        ([], TakeAlerts(BOT, group()), [OPENED, FIRED]),
        ([], TakeAlerts(BOT, group(WARNING)), [SUGGESTED, WARNED]),
        ([], TakeAlerts(BOT, group(), storm=True), [STORM, FIRED]),
        (
            [],
            TakeAlerts(BOT, group(WARNING), storm=True),
            [replace(SUGGESTED, storm=True), WARNED],
        ),
        ([], TakeAlerts(BOT, group(ENDED)), []),
        ([SUGGESTED, WARNED], TakeAlerts(BOT, group(WARNING)), []),
        ([SUGGESTED, WARNED], TakeAlerts(BOT, group()), [replace(OPENED, severity=P1), FIRED]),
        ([OPENED, FIRED], TakeAlerts(BOT, group(WARNING)), []),
        ([OPENED, FIRED, SeverityChanged(stamp("UBO"), P2, T)], TakeAlerts(BOT, group()), []),
        (
            [replace(OPENED, severity=P2), WARNED, CLEARED, replace(WARNED, stamp=AGAIN)],
            TakeAlerts(BOT, group()),
            [],
        ),  # late
        ([OPENED, FIRED], TakeAlerts(BOT, group()), []),
        ([OPENED, FIRED], TakeAlerts(BOT, group(ENDED)), [CLEARED]),
        ([OPENED, FIRED, CLEARED], TakeAlerts(BOT, group(ENDED)), []),
        ([OPENED, FIRED, CLEARED], TakeAlerts(BOT, group(alert(at=T + MINUTE))), [FIRED]),
        ([OPENED, FIRED, CLEARED], TakeAlerts(BOT, group(alert(at=T - MINUTE))), []),  # late
        ([OPENED, FIRED], TakeAlerts(BOT, group(alert(at=T - 2 * MINUTE, ended=T - MINUTE))), []),
        ([OPENED, LATER], TakeAlerts(BOT, group(alert(at=T - 2 * MINUTE, ended=T))), [CLEARED]),
        ([OPENED, replace(LATER, source="generic")], TakeAlerts(BOT, group(
            alert(at=T - 2 * MINUTE, ended=T), source="generic")), []),
        ([DECLARED], TakeAlerts(BOT, group()), [FIRED]),  # undecided counts as P1
        (
            [replace(OPENED, severity=P2)],
            TakeAlerts(BOT, group()),
            [FIRED, RAISED],
        ),
        ([OPENED, FIRED, SeverityChanged(stamp("UBO"), P2, T)], TakeAlerts(BOT, group(
            ENDED, alert(at=T + MINUTE))), [FIRED]),  # what somebody said of it stands
        (
            [SUGGESTED, WARNED],
            TakeAlerts(BOT, group(alert("f2"))),
            [replace(OPENED, severity=P1), replace(FIRED, fingerprint="f2",
                link="https://example.com/f2")],
        ),
        ([STORM, FIRED], TakeAlerts(BOT, group(alert("f2"))), [replace(FIRED, fingerprint="f2",
                link="https://example.com/f2")]),
        (
            [replace(SUGGESTED, severity=P3), replace(FIRED, severity=P3)],
            TakeAlerts(BOT, group(WARNING)),
            [WARNED, replace(RAISED, severity=P2, acknowledge_by=T + 60 * MINUTE,
                update_by=T + 60 * MINUTE)],
        ),
        ([OPENED, FIRED, CLEARED, CLOSED], TakeAlerts(BOT, group(alert(at=T + MINUTE))), [FIRED]),
        ([SUGGESTED, WARNED], Dismiss(BO, " a test "), [DISMISSED]),
        ([SUGGESTED, WARNED], FoldInto(BO, OTHER), [replace(DISMISSED, reason="",
            into="INC-20260115-002")]),
        ([DECLARED], TakeOver(BO, tuple(replay(ID, [OPENED, FIRED]).firing)), [FIRED]),
        (
            [DECLARED],
            Absorb(BO, replay("INC-20260115-003", [declared("UEVE"), FIRED])),
            [Absorbed(stamp("UBO"), "INC-20260115-003", ("UEVE",)), FIRED],
        ),
        ([OPENED, FIRED, ELSEWHERE],
            SplitOff(BO, "alertmanager", "errors", "INC-20260115-002"), [MOVED]),
        ([OPENED, FIRED, CLEARED, ELSEWHERE],
            SplitOff(BO, "alertmanager", "g2", "INC-20260115-002"), [QUIETER]),
        ([OPENED, FIRED, CLEARED, ELSEWHERE, replace(CLEARED, fingerprint="f2")],
            SplitOff(BO, "alertmanager", "errors", "INC-20260115-002"), [MOVED]),
        ([OPENED, FIRED], DisputeRule(BO, "memory.oom"), [DISPUTED]),
        ([OPENED, FIRED, DISPUTED], DisputeRule(BO, "memory.oom"), []),
    ],
)  # fmt: skip
def test_alerts_make_true(given: list[Fact], when: Command, then: list[Fact]) -> None:
    facts = decide(replay(ID, given), when, Policy(), T)
    expected = [
        replace(f, stamp=facts[n].stamp) if n < len(facts) else f for n, f in enumerate(then)
    ]
    assert facts == expected


def test_what_is_accepted_is_an_incident_that_somebody_has_taken() -> None:
    facts = decide(replay(ID, [SUGGESTED, WARNED]), Accept(BO, P1), Policy(), T)
    assert [type(fact) for fact in facts] == [Declared, Acknowledged, StatusChanged]
    after = replay(ID, [SUGGESTED, WARNED, *facts])
    assert (after.status, after.severity, after.commander) == (Status.TRIAGING, P1, "UBO")
    assert after.services == ("checkout",)
    assert len(after.firing) == 1
    assert after.suggestion is not None
    assert not after.suggestion.open


def test_a_group_opened_apart_is_an_incident_of_its_own() -> None:
    alarms = tuple(replay(ID, [OPENED, FIRED]).firing)
    facts = decide(Incident("INC-20260115-002"), OpenApart(BO, alarms), Policy(), T)
    after = replay("INC-20260115-002", facts)
    assert (after.title, after.severity, after.declared_by) == (
        "one order in ten fails",
        P1,
        "UBO",
    )
    assert len(after.firing) == 1


def test_what_fires_again_reopens_what_was_resolved() -> None:
    again = TakeAlerts(BOT, group(alert(at=T + MINUTE)))
    facts = decide(replay(ID, [OPENED, FIRED, CLEARED, RESOLVED]), again, Policy(), T)
    assert [type(fact) for fact in facts] == [Reopened, AlertFired]


@pytest.mark.parametrize(
    ("given", "when", "then"),
    [
        ([], TakeAlerts(BOT, group()), [Declared, AlertFired, Paged]),
        ([], TakeAlerts(BOT, group(WARNING)), [Suggested, AlertFired]),
        ([], TakeAlerts(BOT, group(), storm=True), [Suggested, AlertFired, Paged]),
        ([STORM, FIRED, Paged(stamp("bot"), ("UCY",))], Dismiss(BO), [Dismissed, StoodDown]),
        ([SUGGESTED], Silence(BO, "alertmanager", "errors"), "no such alerts"),
        ([SUGGESTED, WARNED], Silence(BO, "pagerduty", "errors"), "no address"),
        ([SUGGESTED], Acknowledge(BO), "Accept it first"),
        ([SUGGESTED, DISMISSED], Accept(BO), "no suggestion any more"),
        ([OPENED], Accept(BO), "an incident already"),
        ([DECLARED], Dismiss(BO), "an incident already"),
        ([SUGGESTED], FoldInto(BO, replay("X", [declared(), CLOSED])), "not open any more"),
        ([SUGGESTED], FoldInto(BO, HIDDEN), "not open any more"),
        ([SUGGESTED], FoldInto(BOT, HIDDEN), "private"),
        ([OPENED, FIRED], SplitOff(BO, "alertmanager", "errors", "X"), "nothing to split"),
        ([OPENED, FIRED], SplitOff(BO, "alertmanager", "g9", "X"), "no such alerts"),
        ([OPENED, FIRED, CLOSED], NEW, "no other alerts"),
        ([OPENED, FIRED, RESOLVED], NEW, "no other alerts"),
        ([SUGGESTED, WARNED, DISMISSED], NEW, "no other alerts"),
        ([PRIVATE], NEW, "no other alerts"),
    ],
)
def test_who_is_paged_and_what_is_refused(
    given: list[Fact], when: Command, then: list[type[Fact]] | str
) -> None:
    if isinstance(then, str):
        with pytest.raises(Refused, match=then):
            decide(replay(ID, given), when, ON_CALL, T)
    else:
        facts = decide(replay(ID, given), when, ON_CALL, T)
        assert [type(fact) for fact in facts] == then


def test_a_group_is_kept_quiet_by_what_all_its_alerts_share() -> None:
    other = replace(FIRED, fingerprint="f2", labels={**FIRED.labels, "service": "mail"})
    facts = decide(
        replay(ID, [OPENED, FIRED, other]), Silence(BO, "alertmanager", "errors"), ON_CALL, T
    )
    shared = {"alertname": "ErrorsHigh", "severity": "critical"}
    assert facts == [replace(QUIET, labels=shared)]


@pytest.mark.parametrize(
    ("given", "minutes", "then"),
    [
        ([OPENED, FIRED], 60, []),
        ([OPENED, FIRED, CLEARED], 4, []),
        ([OPENED, FIRED, CLEARED], 5, ["ResolveProposed"]),
        ([OPENED, FIRED, CLEARED, PROPOSED], 9, []),
        ([OPENED, FIRED, CLEARED, FIRED], 9, []),
        ([OPENED, FIRED, CLEARED, RESOLVED], 5, []),
        ([OPENED, FIRED, CLEARED, ELSEWHERE, QUIETER], 4, []),
        ([OPENED, FIRED, CLEARED, ELSEWHERE, QUIETER], 5, ["ResolveProposed"]),
        ([OPENED, FIRED, ELSEWHERE, QUIETER], 5, []),
        ([SUGGESTED, WARNED, CLEARED, ELSEWHERE, QUIETER], 5, ["Dismissed"]),
        ([SUGGESTED, WARNED, CLEARED], 5, ["Dismissed"]),
        ([SUGGESTED, WARNED, CLEARED, DISMISSED], 5, []),
    ],
)
def test_what_has_been_quiet_for_long_may_be_over(
    given: list[Fact], minutes: int, then: list[str]
) -> None:
    facts = decide(replay(ID, given), CheckCalm(BOT), Policy(), T + minutes * MINUTE)
    assert [type_of(fact) for fact in facts] == then


def test_a_suggestion_that_nobody_answers_is_told_of_once() -> None:
    given: list[Fact] = [SUGGESTED, WARNED]
    late = T + timedelta(hours=1)
    facts = decide(replay(ID, given), CheckAnswered(BOT), ON_CALL, late)
    assert [type_of(fact) for fact in facts] == ["Escalated"]
    assert not decide(replay(ID, [*given, *facts]), CheckAnswered(BOT), ON_CALL, late)


K = Kind


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([], SUGGESTED, [K.ACKNOWLEDGEMENT_DUE, K.HOMES, K.TRIAGE]),
        ([SUGGESTED], WARNED, [K.TRIAGE]),
        ([SUGGESTED, SUGGESTION, WARNED], DISMISSED, [K.HOMES, K.TRIAGE]),
        ([SUGGESTED, WARNED], LATE, [K.TRIAGE, K.UNANSWERED]),
        ([OPENED], FIRED, []),
        ([OPENED, ROOM], FIRED, [K.CARD]),
        ([OPENED, ROOM, FIRED], CLEARED, [K.CALM, K.CARD]),
        ([OPENED, ROOM, *OFTEN, FIRED], replace(CLEARED, quiet_by=None), [K.TALLY]),
        ([OPENED, FIRED, ROOM], PROPOSED, [K.ALL_CLEAR]),
        ([OPENED, FIRED], PROPOSED, []),
        ([OPENED, FIRED, ROOM], QUIET, [K.CARD, K.SILENCE]),
        ([OPENED, FIRED, QUIET], SILENCED, []),
        ([OPENED, FIRED, QUIET, RESOLVED], SILENCED, [K.LIFT]),
        ([OPENED, FIRED, QUIET, SILENCED], MOVED, [K.LIFT]),
        ([OPENED, FIRED, CLEARED, ELSEWHERE], QUIETER, [K.CALM]),
        ([SUGGESTED, SUGGESTION, FIRED, QUIET, SILENCED], DISMISSED, [K.HOMES, K.LIFT, K.TRIAGE]),
    ],
)  # fmt: skip
def test_alerts_owe(given: list[Fact], fact: Fact, then: list[Kind]) -> None:
    before = replay(ID, given)
    jobs = owed(before, fact, evolve(before, fact), Policy())
    assert sorted(job.kind for job in jobs) == sorted(then)


@pytest.mark.parametrize("ended", [RESOLVED, MERGED])
def test_what_is_over_is_not_kept_quiet(ended: Fact) -> None:
    before = replay(ID, [OPENED, FIRED, QUIET, SILENCED, TAKEN])
    jobs = owed(before, ended, evolve(before, ended), Policy())
    lifts = [job.reply for job in jobs if job.kind is Kind.LIFT]
    assert [reply.channel for reply in lifts if reply] == ["s1"]


def test_many_alerts_are_counted_now_and_then() -> None:
    many: list[Fact] = [replace(FIRED, fingerprint=f"f{n}") for n in range(AT_ONCE)]
    before = replay(ID, [OPENED, ROOM, *many])
    new = replace(FIRED, fingerprint="new")
    jobs = owed(before, new, evolve(before, new), Policy())
    assert [(job.kind, job.due - T) for job in jobs] == [(Kind.TALLY, timedelta(seconds=30))]


def test_the_worst_that_is_told_at_once_counts_and_what_flipped_twice_is_as_it_ended() -> None:
    both = group(alert(), alert(ended=T + MINUTE))
    assert news(replay(ID, [OPENED, FIRED]), both, Policy())[0].ended_at == T + MINUTE
    facts = decide(Incident(ID), TakeAlerts(BOT, group(WARNING, alert("f2"))), Policy(), T)
    assert isinstance(facts[0], Declared)
    assert facts[0].severity is P1


@pytest.mark.parametrize(
    ("given", "when", "hours", "then"),
    [
        ([OPENED, FIRED], alert("f2"), 99, True),
        ([OPENED, FIRED, RESOLVED], alert("f2"), 99, True),
        ([OPENED, FIRED, CLOSED], alert(), 23, True),
        ([OPENED, FIRED, CLOSED], alert(), 24, False),
        ([OPENED, FIRED, CLOSED], alert("f2"), 1, False),
        ([OPENED, FIRED, CLOSED], alert("f2", ended=T), 1, True),
        ([OPENED, FIRED, CLOSED], alert(ended=T + MINUTE), 1, True),
        ([OPENED, FIRED, RESOLVED, CLOSED], alert(at=T + MINUTE), 1, False),
        ([OPENED, FIRED, CLEARED, CLOSED], alert(), 1, False),
        ([SUGGESTED, WARNED], alert("f2"), 99, True),
        ([SUGGESTED, WARNED, DISMISSED], WARNING, 1, True),
        ([SUGGESTED, WARNED, DISMISSED], alert("f2"), 1, False),
        ([SUGGESTED, WARNED, CLEARED, DISMISSED], WARNING, 1, False),
    ],
)
def test_what_is_over_keeps_what_still_fires_for_a_while_and_nothing_that_begins_anew(
    given: list[Fact],
    when: Alert,
    hours: int,
    then: bool,  # noqa: FBT001 -- a row
) -> None:
    at = T + timedelta(hours=hours)
    assert going_on(replay(ID, given), group(when), at, Policy()) is then


RULES = AlertRules(raises=(Raise({"service": "pay.*", "severity": "critical"}, P0),))
SERVICES = [Service("checkout"), Service("payments", labels={"team": "money|billing"})]


@pytest.mark.parametrize(
    ("labels", "severity", "services"),
    [
        ({"severity": "critical", "service": "checkout"}, P1, ("checkout",)),
        ({"severity": "critical", "service": "payments"}, P0, ("payments",)),
        ({"severity": "CRITICAL ", "app": "Checkout"}, P1, ("checkout",)),
        ({"severity": "warning", "team": "billing"}, P2, ("payments",)),
        ({"severity": "info"}, None, ()),
        ({"severity": "none", "service": "unknown"}, None, ()),
        ({"priority": "P3"}, P3, ()),
        ({"severity": "odd", "priority": "sev1"}, P1, ()),
        ({}, P2, ()),
    ],
)
def test_labels_mean(
    labels: dict[str, str], severity: Severity | None, services: tuple[str, ...]
) -> None:
    assert severity_of(labels, RULES) == severity
    assert services_of(labels, RULES, SERVICES) == services


CATALOGUE = {
    "web": Service("web", depends_on=("checkout",)),
    "checkout": Service("checkout", depends_on=("db",)),
    "mail": Service("mail", depends_on=("db",)),
    "db": Service("db"),
    "search": Service("search"),
}


@pytest.mark.parametrize(
    ("services", "then"),
    [
        (("checkout",), True),
        (("web",), True),  # needs it
        (("mail",), True),  # needs what it needs
        (("db",), True),  # it needs that
        (("search",), False),
        ((), False),
    ],
)
def test_what_shares_a_service_or_a_need_belongs_together(
    services: tuple[str, ...],
    then: bool,  # noqa: FBT001 -- a row
) -> None:
    policy = Policy(services=CATALOGUE)
    known = replay(ID, [replace(OPENED, services=("checkout",))])
    assert (kin(services, [known], policy) is not None) is then


def test_a_circle_of_needs_ends() -> None:
    policy = Policy(
        services={"a": Service("a", depends_on=("b",)), "b": Service("b", depends_on=("a",))}
    )
    assert policy.dependencies(["a"]) == {"a", "b"}
    assert policy.dependants(["a"]) == ("b",)


@pytest.mark.parametrize(
    ("given", "when"),
    [
        ([SUGGESTED, WARNED], Accept(BO)),
        ([SUGGESTED, WARNED], TakeAlerts(BOT, group(alert("f2", service="mail")))),
        ([], OpenApart(BO, replay(ID, [OPENED, FIRED]).firing)),
    ],
)
def test_a_service_that_the_catalogue_has_no_more_stops_nothing(
    given: list[Fact], when: Command
) -> None:
    policy = Policy(services={"mail": Service("mail")})
    after = decide(replay(ID, given), when, policy, T)
    [opened] = [fact for fact in after if isinstance(fact, Declared)]
    assert "checkout" not in opened.services


def test_what_a_source_leaves_out_is_counted_once_for_each_group() -> None:
    many = replace(group(alert(), alert("f2")), untold=7)
    few = replace(group(alert("f3"), key="slow"), untold=2)
    incident = replay(ID, [])
    for told in (many, few):
        for fact in decide(incident, TakeAlerts(BOT, told), Policy(), T):
            incident = evolve(incident, fact)
    assert overview(incident, Policy(), T).untold == 9
    over = group(alert("f3", ended=T), key="slow")
    for fact in decide(incident, TakeAlerts(BOT, over), Policy(), T):
        incident = evolve(incident, fact)
    assert overview(incident, Policy(), T).untold == 7


def test_what_gets_worse_came_once() -> None:
    facts = decide(replay(ID, [SUGGESTED, WARNED]), TakeAlerts(BOT, group()), Policy(), T)
    after = replay(ID, [SUGGESTED, WARNED, *facts])
    assert [(alarm.severity, alarm.fired) for alarm in after.firing] == [(P1, 1)]
    told = [entry.alerts for entry in timeline(after, [SUGGESTED, WARNED, *facts])]
    assert [alert.times for alerts in told for alert in alerts] == [1]
