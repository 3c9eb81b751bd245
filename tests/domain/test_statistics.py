"""What is counted over which incidents, as rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.domain.facts import Fact, StatusChanged
from bot.domain.incident import Incident, replay
from bot.domain.severity import Severity
from bot.domain.statistics import DAYS, Period, Took, period, statistics
from bot.domain.status import Status
from tests.samples import DECLARED, MERGED, PUT_AWAY, RESOLVED, SERVICES, TAKEN, WORSE, T, stamp

M = timedelta(minutes=1)
MONITORING = StatusChanged(stamp(), Status.MONITORING)
NOW = T + timedelta(days=2)


def at(fact: Fact, minutes: float) -> Fact:
    return replace(fact, stamp=replace(fact.stamp, occurred_at=T + minutes * M))


def story(*facts: Fact, id: str = "I") -> Incident:
    return replay(id, facts)


QUICK = story(DECLARED, at(TAKEN, 2), SERVICES, WORSE, at(MONITORING, 8), at(RESOLVED, 10))
SLOW = story(DECLARED, at(TAKEN, 10), at(RESOLVED, 60))
OPEN_ONE = story(DECLARED)
DOUBLE = story(DECLARED, at(TAKEN, 999), MERGED)


@pytest.mark.parametrize(
    ("given", "name", "then"),
    [
        ([], "to_acknowledge", Took(0)),
        ([OPEN_ONE], "to_resolve", Took(0)),
        ([QUICK], "to_acknowledge", Took(1, 2 * M, 2 * M)),
        ([QUICK, SLOW, OPEN_ONE], "to_acknowledge", Took(2, 6 * M, 6 * M)),
        ([QUICK, SLOW, SLOW], "to_resolve", Took(3, timedelta(seconds=2600), 60 * M)),
        ([QUICK, SLOW], "to_mitigate", Took(1, 8 * M, 8 * M)),
        ([QUICK, DOUBLE], "to_acknowledge", Took(1, 2 * M, 2 * M)),
    ],
)
def test_it_took(given: Sequence[Incident], name: str, then: Took) -> None:
    assert statistics(given, Period(), NOW).every.took[name] == then


def test_incidents_are_counted_by_severity_status_and_service() -> None:
    told = statistics([QUICK, SLOW, OPEN_ONE, DOUBLE], Period(), NOW)
    assert told.every.count == 4
    assert told.severities == {Severity.P0: 1, None: 3}
    assert told.statuses == {Status.DETECTED: 1, Status.RESOLVED: 2, Status.MERGED: 1}
    assert {name: tally.count for name, tally in told.services.items()} == {
        "checkout": 1,
        "payments": 1,
    }


def test_what_was_declared_earlier_or_of_other_services_is_not_counted() -> None:
    assert statistics([QUICK], Period(1), NOW).every.count == 0
    assert statistics([QUICK], Period(2), NOW).every.count == 1
    assert statistics([QUICK, SLOW], Period(service="checkout"), NOW).every.count == 1


def test_what_was_put_away_counts_as_before() -> None:
    told = replace(PUT_AWAY, declared_at=T, acknowledged_at=T + M, resolved_at=T + 9 * M)
    shelved = replay("I", [DECLARED, at(TAKEN, 1), told])
    assert statistics([shelved], Period(), NOW).every.took["to_resolve"].mean == 9 * M


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("", Period(DAYS)),
        ("7d", Period(7)),
        ("90", Period(90)),
        ("checkout 7D", Period(7, "checkout")),
        ("30d Checkout", Period(30, "checkout")),
    ],
)
def test_a_period_is_read(text: str, then: Period) -> None:
    assert period(text, {"checkout"}) == then


@pytest.mark.parametrize("text", ["0", "0d", "-7", "99999", "d", "7dd", "payments", "²", "9" * 99])
def test_what_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match="stats 90d checkout"):
        period(text, {"checkout"})
