"""What is wrong shows, only what is right mends it, and each seed tells the same story twice."""

import copy
import functools
from collections.abc import Sequence

import pytest

from sandbox.production.flow import Flow
from sandbox.production.scenarios import SCENARIOS
from sandbox.production.shop import SHOP
from sandbox.production.story import Act
from tests.sandbox.production.twins import Simple

MINUTE = 60.0
WELL, ILL = 0.005, 0.02  # shares of requests of any service that fail
HURTS = [name for name in SCENARIOS if name != "false-alarm"]
ROWS = [
    pytest.param(name, acts, kind, id=f"{name}-{kind}-{'+'.join(a.target for a in acts)}")
    for name in HURTS
    for kind, rows in (
        ("mended", SCENARIOS[name].truth.mended_by),
        ("vain", SCENARIOS[name].truth.in_vain),
        ("a while", SCENARIOS[name].truth.for_a_while),
        ("vain", ((),)),
    )
    for acts in rows
]


def worst(flows: Sequence[Flow]) -> float:
    """Return the share that failed of the service that fared worst, in its worst minute."""
    minutes = [flows[n : n + 6] for n in range(0, len(flows), 6)]
    return max(
        sum(flow.services[name].errors for flow in minute) / len(minute)
        for minute in minutes
        for name in SHOP
    )


@functools.cache
def _lived(name: str) -> Simple:
    shop = Simple(name)
    shop.live(5 * MINUTE + shop.scenario.before + 2 * MINUTE)
    return shop


def lived(name: str) -> Simple:
    """Return a shop at the time its people have noticed, and some have thought about it."""
    return copy.deepcopy(_lived(name))


@pytest.mark.parametrize(("name", "acts", "then"), ROWS)
def test_only_the_right_remediation_heals(name: str, acts: tuple[Act, ...], then: str) -> None:
    shop = lived(name)
    for act in acts:
        shop.act(act)
        shop.live(MINUTE)
    shop.live(3 * MINUTE)
    match then:
        case "mended":
            assert worst(shop.live(10 * MINUTE)) < WELL
        case "a while":
            assert worst(shop.live(2 * MINUTE)) < WELL
            assert worst(shop.live(80 * MINUTE)) > ILL
        case _:
            assert worst(shop.live(10 * MINUTE)) > ILL


@pytest.mark.parametrize("name", SCENARIOS)
def test_all_is_well_before_and_a_seed_tells_the_same_story(name: str) -> None:
    shop, again, other = Simple(name), Simple(name), Simple(name, seed=2)
    before = [*shop.live(4 * MINUTE)]
    assert worst(before) < WELL
    assert [*again.live(4 * MINUTE)] == before
    assert [*other.live(4 * MINUTE)] != before


def test_nobody_suffers_from_a_false_alarm() -> None:
    shop = lived("false-alarm")
    assert shop.samples.last["mail_queue_length"] > 10_000
    assert worst(shop.done) < WELL
    shop.live(12 * MINUTE)
    assert shop.samples.last["mail_queue_length"] < 100


def test_the_wrong_remediation_does_what_it_would_in_life() -> None:
    cold = lived("overload")
    cold.act(Act("flush", "*"))
    assert cold.live(20)[-1].queries > 2 * cold.done[-5].queries
    crowded = lived("slow-database")
    crowded.act(Act("scale", "checkout", "9"))
    assert crowded.live(60)[-1].connections > crowded.done[-10].connections
