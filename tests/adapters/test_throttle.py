"""Turns at Slack's methods."""

import re
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

import bot.adapters.slack
from bot.adapters.throttle import METHODS, Rate, Throttle
from bot.ports import Unavailable
from tests.fakes.clock import SteppedClock

POST = "chat.postMessage"


def turns(throttle: Throttle, method: str = "m", channel: str = "") -> int:
    """Take turns until there is none; return how many there were."""
    for taken in range(1000):
        try:
            throttle.take(method, channel)
        except Unavailable:
            return taken
    raise AssertionError


def wait(throttle: Throttle, method: str = "m", channel: str = "") -> float:
    with pytest.raises(Unavailable) as unavailable:
        throttle.take(method, channel)
    assert unavailable.value.retry_after
    return unavailable.value.retry_after.total_seconds()


@pytest.fixture
def throttle(clock: SteppedClock) -> Throttle:
    rates = {"m": Rate(timedelta(seconds=3), 10), "n": Rate(timedelta(seconds=3), 1)}
    return Throttle(clock, rates)


def test_many_at_once_and_then_one_each_so_long(throttle: Throttle, clock: SteppedClock) -> None:
    assert turns(throttle) == 10
    assert wait(throttle) == 3
    clock.advance(2)
    assert wait(throttle) == 1
    clock.advance(7)
    assert turns(throttle) == 3
    clock.advance(3600)
    assert turns(throttle) == 10


def test_who_comes_back_when_told_has_a_turn(throttle: Throttle, clock: SteppedClock) -> None:
    turns(throttle)
    for _ in range(20):
        clock.advance(wait(throttle))
        assert turns(throttle) == 1


def test_one_method_does_not_wait_for_another(throttle: Throttle) -> None:
    throttle.park("m", timedelta(seconds=30))
    assert wait(throttle) == 30
    assert turns(throttle, "n") == 1


def test_a_wait_that_slack_asked_for_is_not_shortened(
    throttle: Throttle, clock: SteppedClock
) -> None:
    throttle.park("m", timedelta(seconds=30))
    clock.advance(5)
    throttle.park("m", timedelta(seconds=1))
    assert wait(throttle) == 25
    with pytest.raises(Unavailable):
        throttle.take("m", more=True)
    clock.advance(25)
    assert turns(throttle) == 10


def test_a_search_goes_on_and_pays_afterwards(throttle: Throttle, clock: SteppedClock) -> None:
    throttle.take("n")
    for _ in range(49):
        throttle.take("n", more=True)
    assert wait(throttle, "n") == 150
    clock.advance(150)
    assert turns(throttle, "n") == 1


def test_a_channel_has_its_own_turns_and_all_together_have_some(clock: SteppedClock) -> None:
    throttle = Throttle(clock)
    assert turns(throttle, POST, "C1") == 5
    assert wait(throttle, POST, "C1") == 1
    others = sum(turns(throttle, POST, f"C{n}") for n in range(2, 100))
    assert others + 5 == METHODS[POST].burst


def test_who_wants_several_turns_gets_them_in_the_end(clock: SteppedClock) -> None:
    throttle = Throttle(clock, {"look": Rate(timedelta(seconds=1), 10, together=2)}, {})
    for _ in range(10):
        throttle.take("look")
    look = partial(throttle.take, "look")
    with pytest.raises(Unavailable) as told:
        look()
    assert told.value.retry_after == timedelta(seconds=2)
    clock.advance(2)
    look()
    look()


def test_full_buckets_are_forgotten(clock: SteppedClock) -> None:
    throttle = Throttle(clock, {POST: Rate(timedelta(), 10_000)})
    for n in range(5000):
        throttle.take(POST, f"C{n}")
        clock.advance(1)
    assert len(throttle._full) <= 1100


def test_every_method_that_is_called_has_a_rate() -> None:
    adapters = Path(bot.adapters.slack.__file__ or "").parent.glob("slack*.py")
    source = "".join(path.read_text() for path in adapters)
    called = set(re.findall(r'"([a-z]+\.[a-zA-Z.]+)"', source))
    assert called == set(METHODS)


def test_a_clock_that_was_set_back_makes_nobody_wait(
    throttle: Throttle, clock: SteppedClock
) -> None:
    turns(throttle)
    throttle.park("m", timedelta(hours=1))
    clock.advance(-3600)
    assert turns(throttle) == 10
