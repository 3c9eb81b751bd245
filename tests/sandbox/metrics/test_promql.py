"""PromQL without a server: whatever is asked, there is a value or a refusal in words."""

import contextlib
import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.metrics.asking import MOST_NUMBERS, at_once, over_time
from sandbox.metrics.matching import NAME, pattern
from sandbox.metrics.parser import DEEPEST, MOST_SIGNS, parse
from sandbox.metrics.refusals import Refusal
from sandbox.metrics.tokens import LONGEST
from tests.sandbox.metrics.data import BEGAN, NOW, filled
from tests.sandbox.metrics.test_promql_contract import QUERIES, WRONG, queries

STORE = filled()
NODES = queries(QUERIES)
PIECES = re.split(
    r"\s+",
    r"""up sum( rate( http_requests_total [5m] [5m:1m] offset by without (job) ) ( + - * / ^ % ==
    bool and or unless on ignoring group_left {job="shop"} {pod=~".*"} { } , = =~ "a" 'b' `c` 1
    0.5 Inf NaN 5m 1h30m @ start() end() histogram_quantile( label_replace( topk(2, absent( -up
    memory_bytes odd scalar( vector( time() [ ] : # ! \ é avg_over_time( quantile( count_values(
    clamp( sparse""",
)


def answer(query: str) -> Any:
    return at_once(STORE, parse(query), NOW)


@pytest.mark.parametrize("query", NODES)
def test_what_is_supported_has_an_answer(query: str) -> None:
    assert answer(query) is not None


@pytest.mark.parametrize("query", queries(WRONG))
def test_what_is_wrong_is_refused_in_words(query: str) -> None:
    with pytest.raises(Refusal) as refused:
        answer(query)
    assert refused.value.words


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=40))
def test_nothing_that_is_asked_is_an_accident(query: str) -> None:
    ask: Callable[[], object]
    for ask in (
        lambda: answer(query),
        lambda: over_time(STORE, parse(query), BEGAN, BEGAN + 60, 30),
    ):
        settle(ask)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NODES), st.integers(0, 90), st.sampled_from(PIECES))
def test_nothing_that_is_mistyped_is_an_accident(query: str, place: int, piece: str) -> None:
    for mistyped in (query[:place], query[:place] + piece + query[place:]):
        settle(partial(answer, mistyped))


def settle(ask: Callable[[], object]) -> None:
    """Ask, whether or not that is refused; anything else is a mistake of ours."""
    with contextlib.suppress(Refusal):
        ask()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("(" * (DEEPEST + 1) + "up", f"up to {DEEPEST} levels"),
        ("-" * 500 + "up", f"up to {DEEPEST} levels"),
        ("+".join(["up"] * (MOST_SIGNS + 2)), f"up to {MOST_SIGNS} operators"),
        ("u" * (LONGEST + 1), f"up to {LONGEST} characters"),
        ("holt_winters(up[5m], 1, 1)", "supported here: abs, absent"),
        ("1 +\n  nosuch(up)", r"^2:3: parse error: unknown function"),
        ("rate(up)", 'expected type range vector in call to function "rate", got instant'),
        ("up > 2 > bool up up", "unexpected name 'up', expected end of input or an operator"),
        (f"max_over_time(up[{MOST_NUMBERS}s:1s])", "too many samples"),
    ],
)
def test_limits_are_said(query: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        answer(query)


def test_the_query_of_the_example_measures_what_fails() -> None:
    requests = 'sum(rate(http_requests_total{app="checkout",code=~"2..",pod="c"}[5m]))'
    (value,) = answer(requests).values()
    assert value == pytest.approx(10, rel=0.01)
    assert answer("min(memory_bytes)") == {(): min(answer("memory_bytes").values())}
    assert math.isnan(answer("scalar(up)"))
    assert answer('up{instance="a"}') == {((NAME, "up"), ("instance", "a"), ("job", "shop")): 1.0}


@pytest.mark.parametrize(
    "text", ["(?=a)", "(?<!a)b", r"(a)\1", "a*+", "(?>a)", "(?P=x)", "[", "(?#)"]
)
def test_patterns_that_prometheus_does_not_know_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        pattern(text)


@pytest.mark.parametrize(
    "text", ["5..", "a|b", r"\(?=", r"[(?=]", "(?i)a", r"\d+\\1", "(?:a)*?", r"x\.+"]
)
def test_patterns_that_prometheus_knows_are_taken(text: str) -> None:
    assert pattern(text)
