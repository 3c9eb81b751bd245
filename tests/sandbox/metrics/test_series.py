"""What a store keeps of what was measured, and for how long it counts."""

import pytest

from sandbox.metrics.asking import at_once
from sandbox.metrics.matching import NAME, Labels, Matcher
from sandbox.metrics.parser import parse
from sandbox.metrics.series import Store

T = 1_760_000_000.0


def now(store: Store, query: str, at: float) -> object:
    return at_once(store, parse(query), at)


UP: Labels = ((NAME, "up"), ("job", "shop"))


def test_a_number_counts_for_five_minutes() -> None:
    store = Store()
    store.append("up", {"job": "shop"}, T, 1)
    assert now(store, "up", T - 0.001) == {}
    assert now(store, "up", T) == {UP: 1.0}
    assert now(store, "up", T + 300) == {UP: 1.0}
    assert now(store, "up", T + 300.001) == {}


def test_what_a_source_tells_no_more_is_over_at_once_and_may_come_back() -> None:
    store = Store()
    store.scrape("shop", T, [("up", {"job": "shop"}, 1.0), ("down", {}, 2.0)])
    store.scrape("other", T + 5, [("else", {}, 1.0)])
    store.scrape("shop", T + 10, [("down", {}, 2.0)])
    assert now(store, "up", T + 9) == {UP: 1.0}
    assert now(store, "up", T + 10) == {}
    assert now(store, "count_over_time(up[1m])", T + 10) == {(("job", "shop"),): 1.0}
    store.scrape("shop", T + 20, [("up", {"job": "shop"}, 3.0)])
    assert now(store, "up", T + 20) == {UP: 3.0}
    assert now(store, "else", T + 20) != {}


def test_what_is_old_is_forgotten_and_empty_series_are_no_more() -> None:
    store = Store(hours=1)
    for step in range(0, 7201, 600):
        store.append("up", {}, T + step, step)
    store.append("gone", {}, T, 1)
    store.forget(T + 7200)
    assert store.names() == ["up"]
    assert now(store, "count_over_time(up[3h])", T + 7200) == {(): 7.0}


def test_time_never_goes_back() -> None:
    store = Store()
    store.append("up", {}, T, 1)
    with pytest.raises(ValueError, match="up: there is a number"):
        store.append("up", {}, T, 2)


def test_an_empty_label_is_none() -> None:
    store = Store()
    store.append("up", {"job": "shop", "pod": ""}, T, 1)
    assert [s.labels for s in store.select([Matcher("pod", "=", "")])] == [UP]
