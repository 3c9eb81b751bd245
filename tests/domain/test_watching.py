"""When what is seen of a thing is worth telling."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Service
from bot.domain.looks import (
    condition_of,
    errors_look,
    health_look,
    shown_address,
    target_look,
    things,
)
from bot.domain.policy import Policy
from bot.domain.spikes import LONGEST_EXAMPLE, Errors, Spike, Tally, errors_of, sorted_out, tallied
from bot.domain.watching import (
    Condition,
    Look,
    Sight,
    Watched,
    WatchRules,
    group_of,
    named_by,
    over,
    seen,
)
from tests.samples import T

RULES = WatchRules()
EVERY = RULES.every
M = timedelta(minutes=1)
CHECKOUT = Service("checkout", health="https://checkout.example.com/healthz", logs=("/c.log",))
POLICY = Policy(services={"checkout": CHECKOUT, "plain": Service("plain")}, watch=RULES)


def look(trouble: str = "", *, certain: bool = False) -> Look:
    return Look("thing", "group", Sight.HEALTH, "name", trouble, certain=certain)


def course(signs: str, rules: WatchRules = RULES) -> tuple[str, Watched]:
    """Return what is told after each look: F that it fails, . that it works, - nothing."""
    told, watched = "", None
    for index, sign in enumerate(signs):
        watched = seen(watched, look("no" * (sign == "F")), T + index * EVERY, rules)
        told += "-" if not watched.news else "F" if watched.failing else "."
        watched = replace(watched, told=watched.failing)
    assert watched
    return told, watched


@pytest.mark.parametrize(
    ("signs", "told"),
    [
        ("F", "-"),
        ("FF", "-F"),
        ("FFFF", "-F--"),
        ("....", "-.--"),  # it is told once that it works: nobody knows what was told before
        ("..FF..", "-.-F-."),
        ("..F.F.F.F.", "-.--------"),
        ("FF.F.F.F", "-F------"),
        ("FF..FF..FF..FF..", "-F-.-F----------"),  # who fails again has to work for longer
        ("FF..FF....FF....", "-F-.-F---.-F----"),
    ],
)
def test_what_is_told(signs: str, told: str) -> None:
    assert course(signs)[0] == told


def test_who_works_for_long_is_believed_again() -> None:
    calm = "." * 70
    assert course(f"FF..FF....{calm}FF..")[0][-4:] == "-F-."


@given(st.text(st.sampled_from("F."), min_size=120, max_size=120))
def test_an_hour_of_flapping_is_told_a_few_times(signs: str) -> None:
    assert course(signs)[0].count("F") <= 10


@given(st.text(st.sampled_from("F."), max_size=60))
def test_in_the_end_it_is_told_how_it_is(signs: str) -> None:
    assert course(signs + "FF")[1].failing is True
    assert course(signs + "." * 64)[1].failing is False


def test_what_is_certain_is_told_at_once() -> None:
    assert seen(None, look("no", certain=True), T, RULES).news
    assert not seen(None, look("no"), T, RULES).news


def test_it_fails_since_it_was_first_seen() -> None:
    _, watched = course("..FFF")
    assert watched.since == T + 2 * EVERY
    group = group_of("group", [watched])
    assert (group.source, group.key) == ("watch", "group")
    (alert,) = group.alerts
    assert (alert.fingerprint, alert.summary) == ("thing", "no")
    assert (alert.started_at, alert.ended_at) == (T + 2 * EVERY, None)


def test_it_works_again_since_it_was_first_seen_to() -> None:
    (alert,) = group_of("group", [course("..FFF..")[1]]).alerts
    assert (alert.started_at, alert.ended_at) == (T + 2 * EVERY, T + 5 * EVERY)
    (alert,) = group_of("group", [course("..")[1]]).alerts
    assert alert.started_at == alert.ended_at == T


def test_one_failure_is_none() -> None:
    assert course("..F..")[1].since == T


def test_a_thing_that_is_no_longer_looked_at_fails_no_more() -> None:
    ended = over(course("FF")[1], T + M)
    (alert,) = group_of("group", [ended]).alerts
    assert (ended.news, alert.started_at, alert.ended_at) == (True, T, T + M)


def test_a_group_has_the_labels_that_all_share() -> None:
    one, two = course("FF")[1], course("FF")[1]
    one = replace(one, look=replace(one.look, labels={"a": "1", "b": "2"}, link="https://x/"))
    two = replace(two, look=replace(two.look, labels={"a": "1", "b": "3"}, link="https://y/"))
    assert group_of("group", [one, two]).labels == {"a": "1"}
    assert group_of("group", [one, two]).link is None
    assert group_of("group", [one]).link == "https://x/"


def test_only_what_worked_for_long_may_be_forgotten() -> None:
    assert course("..")[1].forgettable
    assert not course("FF")[1].forgettable
    assert not course("FF..")[1].forgettable
    assert course("FF" + "." * 70)[1].forgettable


@given(st.dictionaries(st.text(), st.text()))
def test_a_series_is_called_the_same_however_it_is_told(labels: dict[str, str]) -> None:
    assert named_by(labels) == named_by(dict(reversed(labels.items())))
    assert named_by(labels) != named_by({**labels, "another": "one"})


def test_a_service_that_is_not_healthy_is_named() -> None:
    found = health_look(CHECKOUT, "answered 503", RULES)
    assert (found.thing, found.group) == ("health/checkout", "checkout")
    assert found.labels["service"] == "checkout"
    assert found.labels["severity"] == "critical"
    assert found.link == CHECKOUT.health


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://checkout:8080/healthz", True),
        ("https://u:p@checkout/", False),
        ("https://u@checkout/", False),
        ("https://checkout/?token=s3cret", False),
        ("", False),
    ],
)
def test_an_address_with_a_secret_is_not_shown(address: str, shown: bool) -> None:  # noqa: FBT001
    assert shown_address(address) == (address if shown else None)


def test_a_target_is_of_the_service_that_its_labels_name() -> None:
    series = {"__name__": "up", "job": "checkout", "instance": "10.0.0.1:80", "alertname": "x"}
    down = target_look(series, 0, POLICY, RULES)
    assert (down.group, down.name) == ("checkout", "10.0.0.1:80 is down")
    assert down.trouble
    assert down.labels == {
        "job": "checkout",
        "instance": "10.0.0.1:80",
        "severity": "warning",
        "alertname": "TargetDown",
    }
    up = target_look({**series, "job": "other"}, 1, POLICY, RULES)
    assert (up.group, up.trouble) == ("job other", "")
    assert up.thing != down.thing
    own = target_look({**series, "severity": "critical"}, 0, POLICY, RULES)
    assert own.labels["severity"] == "critical"


def test_what_is_looked_at() -> None:
    few = replace(POLICY, watch=replace(RULES, spikes=(Spike("timeout", ("timeout",)),)))
    assert things(few) == {"health/checkout", "errors/checkout/timeout"}
    assert things(Policy(services=POLICY.services)) == frozenset()


SLOW, GONE = Spike("timeout", ("timed out", "Timeout")), Spike("gone", ("refused", "out"))


@pytest.mark.parametrize(
    ("lines", "then"),
    [
        ([], ([], [])),
        (["all is well"], ([], [])),
        (["TIMED OUT", "it Timed Out"], ([0, 1], [])),
        (["refused", "connection timed out", "OUT"], ([1], [0, 2])),
        (["İ refused", "ß timeout"], ([1], [0])),
    ],
)
def test_lines_are_sorted_by_their_words(lines: list[str], then: Sequence[list[int]]) -> None:
    found = sorted_out(lines, [SLOW, GONE])
    assert [found["timeout"], found["gone"]] == [[lines[i] for i in kind] for kind in then]


def test_what_is_old_is_not_counted() -> None:
    tally = Tally()
    for minute in range(10):
        tally = tallied(tally, ["timed out"] * 2, SLOW, T + minute * M)
    assert tally.total == 10
    assert errors_of(SLOW, tally, T + 12 * M) == Errors("timeout", 4, 5 * M, "timed out")
    assert errors_of(SLOW, tally, T + 20 * M) == Errors("timeout", 0, 5 * M, "")


def test_the_example_has_no_secret_and_is_short() -> None:
    line = f"timed out: password=hunter2hunter2 {'x' * 1_000_000}"
    example = tallied(Tally(), ["first", line], SLOW, T).example
    assert example.startswith("timed out: password=[redacted")
    assert "hunter2" not in example
    assert len(example) == LONGEST_EXAMPLE


def test_too_many_errors_are_told_with_one_of_them() -> None:
    spike = replace(SLOW, times=3)
    few = errors_look(CHECKOUT, spike, Tally(((T, 2),), "timed out"), RULES)
    many = errors_look(CHECKOUT, spike, Tally(((T, 3),), "timed out"), RULES)
    assert few.trouble == ""
    assert many.trouble == "3 in 5 min, such as: timed out"
    assert many.certain
    assert (many.thing, many.labels["errors"]) == ("errors/checkout/timeout", "timeout")


def test_a_condition_tells_since_when_it_is_so() -> None:
    _, watched = course("..FF")
    assert condition_of(watched, None, None) == Condition(
        works=False, since=T + 2 * EVERY, said="no"
    )
    _, watched = course("FF...")
    assert condition_of(watched, 204, 0.25) == Condition(
        works=True, since=T + 2 * EVERY, said="answered 204", seconds=0.25
    )
