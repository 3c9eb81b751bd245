"""What an incident costs is reckoned honestly."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import Milestone
from bot.domain.impact import (
    NO_DATA,
    NO_QUERY,
    NO_SERVICE,
    Figure,
    Points,
    Unknown,
    Window,
    more_than_usual,
    most_at_once,
    rounded,
    total,
    window_of,
    worst,
)
from bot.domain.milestones import Passed
from tests.samples import T

M = timedelta(minutes=1)
S = timedelta(seconds=1)
WINDOW = Window(T, T + 10 * M)
BEFORE = [(T - 30 * M, 2.0), (T - 15 * M, 4.0)]


def steady(rate: float, window: Window, step: timedelta) -> Points:
    count = int((window.end - window.begin) / step) + 1
    return [(window.begin + i * step, rate) for i in range(count)]


windows = st.builds(lambda s: Window(T, T + s * S), st.integers(1, 10**6))
rates = st.floats(-1e6, 1e6)
points = st.lists(st.tuples(st.integers(-600, 1200), rates), unique_by=lambda p: p[0]).map(
    lambda found: [(T + s * S, value) for s, value in sorted(found)]
)


@given(st.floats(0, 1e6), windows)
def test_a_steady_rate_gives_rate_times_time(rate: float, window: Window) -> None:
    amount, covered = total(steady(rate, window, window.step), window)
    assert covered == pytest.approx((window.end - window.begin).total_seconds())
    assert amount == pytest.approx(rate * covered)


@given(points, points)
def test_no_figure_is_negative_and_time_is_counted_once(found: Points, before: Points) -> None:
    for value in (more_than_usual(found, before, WINDOW), most_at_once(found, before)):
        assert value is None or value >= 0
    assert 0 <= total(found, WINDOW)[1] <= 600


@given(points)
def test_what_is_as_always_is_no_impact(found: Points) -> None:
    assert more_than_usual([(at, 3.0) for at, _ in found], BEFORE, WINDOW) in {0, None}


@given(points, st.floats(0, 1e6))
def test_the_more_fails_the_more_is_counted(found: Points, more: float) -> None:
    one = more_than_usual(found, BEFORE, WINDOW)
    two = more_than_usual([(at, rate + more) for at, rate in found], BEFORE, WINDOW)
    assert (one is None) == (two is None)
    assert one is None or two is None or two >= one - 1e-3


@pytest.mark.parametrize(
    ("found", "before", "then"),
    [
        ([], [], None),
        ([(T - 5 * S, 5.0)], [], 5 * 10),
        ([(T, 5.0)], [], 5 * 15),  # one point stands for a step
        ([(T, 5.0), (T + 5 * S, 1.0)], [], 5 * 5 + 15),
        ([(T, 5.0), (T + 5 * M, 5.0)], [], 5 * 15 * 2),  # a gap counts as nothing
        ([(T + 10 * M - S, 5.0)], [], 5),
        ([(T + 10 * M, 5.0)], [], None),
        ([(T, 5.0)], BEFORE, 2 * 15),
        ([(T, 2.0)], BEFORE, 0),
    ],
)
def test_failures_above_what_is_usual(found: Points, before: Points, then: float | None) -> None:
    assert more_than_usual(found, before, WINDOW) == then


@pytest.mark.parametrize(
    ("found", "before", "then"),
    [([], BEFORE, None), ([(T, 9.0), (T + M, 8.0)], BEFORE, 6), ([(T, 1.0)], BEFORE, 0)],
)
def test_the_most_people_at_once_above_what_is_usual(
    found: Points, before: Points, then: float | None
) -> None:
    assert most_at_once(found, before) == then


@pytest.mark.parametrize(
    ("value", "counted", "paid"),
    [
        (0.0, "0", "0"),
        (0.004, "0", "0"),
        (0.4, "0", "0.40"),
        (3.14159, "3", "3.14"),
        (12.6, "13", "12.60"),
        (99.96, "100", "100"),
        (987.4, "987", "987"),
        (1234.5, "1,230", "1,230"),
        (8_765_432.1, "8,770,000", "8,770,000"),
    ],
)
def test_a_figure_has_the_digits_that_it_is_worth(value: float, counted: str, paid: str) -> None:
    for whole, text in ((True, counted), (False, paid)):
        assert Figure(rounded(value, whole=whole), "checkout", "q", T, T).text == text


@given(st.floats(0, 1e12))
def test_rounding_changes_little(value: float) -> None:
    assert rounded(value, whole=True) == pytest.approx(value, rel=0.0051, abs=0.5)
    assert rounded(value, whole=False) == pytest.approx(value, rel=0.0051, abs=0.005)


def passed(*milestones: tuple[Milestone, int]) -> dict[Milestone, Passed]:
    return {milestone: Passed(T + m * M, "UANA", said=True) for milestone, m in milestones}


@pytest.mark.parametrize(
    ("milestones", "then"),
    [
        ([], None),
        ([(Milestone.DECLARED, 10)], None),  # that is now
        ([(Milestone.DECLARED, 5)], (5, 10)),
        ([(Milestone.DECLARED, 5), (Milestone.DETECTED, 3)], (3, 10)),
        ([(Milestone.DECLARED, 5), (Milestone.IMPACT_STARTED, 1)], (1, 10)),
        ([(Milestone.IMPACT_STARTED, 1), (Milestone.RESOLVED, 9)], (1, 9)),
        (
            [(Milestone.DECLARED, 1), (Milestone.RESOLVED, 9), (Milestone.IMPACT_ENDED, 7)],
            (1, 7),
        ),
        ([(Milestone.DECLARED, 1), (Milestone.IMPACT_ENDED, 99)], (1, 10)),
        ([(Milestone.IMPACT_STARTED, 5), (Milestone.IMPACT_ENDED, 4)], None),
    ],
)
def test_when_there_was_impact(
    milestones: list[tuple[Milestone, int]], then: tuple[int, int] | None
) -> None:
    window = then and Window(T + then[0] * M, T + then[1] * M)
    assert window_of(passed(*milestones), T + 10 * M) == window


@given(windows)
def test_however_long_it_was_a_server_answers_so_many_points(window: Window) -> None:
    assert (window.end - window.begin) / window.step <= 240
    assert window.usual.step == 15 * S


def test_the_largest_figure_counts_and_else_the_best_reason() -> None:
    small, large = (Figure(value, "checkout", "q", T, T) for value in (1, 2))
    assert worst([small, NO_DATA, large]) == large
    assert worst([NO_QUERY, NO_DATA, Unknown("x")]) == NO_DATA
    assert worst([NO_QUERY, NO_QUERY]) == NO_QUERY
    assert worst([]) == NO_SERVICE
