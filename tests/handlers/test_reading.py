"""Moments, spans, days and people, as they are typed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from handlers.reading.days import due
from handlers.reading.moments import LONGEST, moment, span
from handlers.reading.names import person_in

NOW = datetime(2026, 1, 15, 12, 0, 30, tzinfo=UTC)  # a Thursday
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def at(hour: int, minute: int = 0, *, day: int = 15) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("11:50 the cache was full", (at(11, 50), "the cache was full")),
        ("11:50: the cache", (at(11, 50), "the cache")),
        ("12:01", (at(12, 1), "")),  # clocks differ a little
        ("9:05", (at(9, 5), "")),
        ("11:50Z x", (at(11, 50), "x")),
        ("11:50 utc x", (at(11, 50), "x")),
        ("14:05+02:30 x", (at(11, 35), "x")),
        ("06:00-0500 x", (at(11), "x")),
        ("23:50+13:00 x", (at(10, 50), "x")),  # the day that it is there
        ("yesterday 23:50 x", (at(23, 50, day=14), "x")),
        ("today at 11:50 x", (at(11, 50), "x")),
        ("2026-01-14 14:05 x", (at(14, 5, day=14), "x")),
        ("2026-01-14T14:05:00Z x", (at(14, 5, day=14), "x")),
        ("10m ago x", (NOW - timedelta(minutes=10), "x")),
        ("2 hours ago: x", (NOW - timedelta(hours=2), "x")),
        ("1 day ago", (NOW - timedelta(days=1), "")),
        ("the cache was full at 11:50", None),
        ("11:505 is no time", None),
        ("10 m", None),
        ("", None),
    ],
)
def test_a_moment_is_read_where_a_text_begins(
    text: str, read: tuple[datetime, str] | None
) -> None:
    assert moment(text, NOW) == read


def test_a_time_of_day_may_have_been_before_midnight() -> None:
    early = at(0, 10)
    assert moment("23:55 x", early) == (at(23, 55, day=14), "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("14:05 x", "2026-01-15 14:05 UTC, and that has not come yet; now it is 12:00 UTC"),
        ("tomorrow 14:05", None),
        ("2027-01-01 10:00 x", "has not come yet"),
        ("25:00 x", "Nothing was done: `25:00` is no time. Say it as"),
        ("2026-02-31 10:00 x", "is no time. Say it as"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(text: str, words: str | None) -> None:
    if words is None:
        assert moment(text, NOW) is None
        return
    with pytest.raises(Refused, match=words):
        moment(text, NOW)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = moment(text, NOW)
    except Refused:
        return
    assert read is None or read[0] <= NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("2 hours", timedelta(hours=2)),
        ("1 day", timedelta(days=1)),
        ("7d", LONGEST),
        ("8d", None),
        ("0m", None),
        ("soon", None),
    ],
)
def test_a_span_is_read(text: str, length: timedelta | None) -> None:
    assert span(text) == length


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("alert on it due 2026-01-22", (date(2026, 1, 22), "alert on it")),
        ("alert due friday, please", (date(2026, 1, 16), "alert , please")),
        ("due thu: alert", (None, "due thu: alert")),
        ("alert, due thursday", (date(2026, 1, 22), "alert")),  # not today
        ("alert due next monday", (date(2026, 1, 19), "alert")),
        ("alert due tomorrow", (date(2026, 1, 16), "alert")),
        ("alert due today", (NOON.date(), "alert")),
        ("alert due by next week", (date(2026, 1, 22), "alert")),
        ("alert due in 3 days", (date(2026, 1, 18), "alert")),
        ("alert due in two weeks", (date(2026, 1, 29), "alert")),
        ("alert due in 9999 weeks", (None, "alert due in 9999 weeks")),
        ("alert due 2026-13-40", (None, "alert due 2026-13-40")),
        ("it broke due to the cache", (None, "it broke due to the cache")),
        ("due to that, alert due friday", (date(2026, 1, 16), "due to that, alert")),
    ],
)
def test_a_due_day_is_read_wherever_it_stands(text: str, read: tuple[date | None, str]) -> None:
    assert due(text, NOON) == read


@pytest.mark.parametrize(
    "said",
    [
        *("yesterday", "2020-01-01", "2026-01-13", "3 days ago", "a week ago", "last friday"),
        *("last week", "last thu"),
    ],
)
def test_a_day_that_has_gone_by_is_refused(said: str) -> None:
    with pytest.raises(Refused, match="has gone by: today is 2026-01-15") as refused:
        due(f"alert on it due {said} !high", NOON)
    assert (refused.value.about, refused.value.quote) == ("due", said)


def test_where_it_is_still_yesterday_that_day_can_be_chosen() -> None:
    early = NOON - timedelta(hours=1)
    assert due("alert due 2026-01-14", early)[0] == date(2026, 1, 14)


@pytest.mark.parametrize(
    ("word", "person"),
    [("<@UBO>", "UBO"), ("<@UBO|bo>,", "UBO"), ("me", "UANA"), ("Me", "UANA"), ("@bo", None)],
)
def test_a_person_is_who_is_mentioned(word: str, person: str | None) -> None:
    assert person_in(word, "UANA") == person
