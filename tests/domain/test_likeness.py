"""Which open incidents might be the one that somebody declares."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import Declare
from bot.domain.facts import Fact
from bot.domain.incident import replay
from bot.domain.likeness import alike, repeats
from bot.domain.policy import Marking, Policy
from tests.samples import ANA, BO, CLOSED, DECLARED, PRIVATE, RESOLVED, SERVICES, T

MINUTE = timedelta(minutes=1)
LONG = replace(DECLARED, details="since ten")


@pytest.mark.parametrize(
    ("given", "services", "minutes", "then"),
    [
        ([DECLARED], (), 0, True),
        ([DECLARED], (), 59, True),
        ([DECLARED], (), 60, False),
        ([DECLARED, SERVICES], ("search",), 60, False),
        ([DECLARED, SERVICES], ("search", "checkout"), 6000, True),
        ([DECLARED, RESOLVED], (), 0, False),
        ([DECLARED, SERVICES, CLOSED], ("checkout",), 0, False),
        ([], (), 0, False),
    ],
)
def test_what_is_open_of_the_last_hour_or_of_the_same_service_might_be_the_same(
    given: list[Fact], services: tuple[str, ...], minutes: int, *, then: bool
) -> None:
    assert alike(replay("I", given), services, T + minutes * MINUTE) is then


@pytest.mark.parametrize(
    ("given", "command", "seconds", "then"),
    [
        ([DECLARED], Declare(ANA, " Checkout  is\nDOWN"), 119, True),
        ([DECLARED], Declare(ANA, "checkout is down"), 120, False),
        ([DECLARED], Declare(BO, "checkout is down"), 0, False),
        ([DECLARED], Declare(ANA, "checkout is slow"), 0, False),
        ([DECLARED], Declare(ANA, "checkout is down", private=True), 0, False),
        ([PRIVATE], Declare(ANA, "checkout is down", private=True), 0, True),
        ([PRIVATE], Declare(ANA, "checkout is down"), 0, False),
        ([DECLARED], Declare(ANA, "checkout is down", details="since ten"), 0, False),
        ([LONG], Declare(ANA, "checkout is down", details=" Since  ten"), 0, True),
        ([DECLARED, RESOLVED], Declare(ANA, "checkout is down"), 0, False),
    ],
)
def test_the_same_words_of_the_same_person_a_moment_later_are_no_other_incident(
    given: list[Fact], command: Declare, seconds: int, *, then: bool
) -> None:
    at = T + timedelta(seconds=seconds)
    assert repeats(replay("I", given), command, at) is then


@pytest.mark.parametrize(
    ("emoji", "marking"),
    [
        ("pushpin", Marking.TIMELINE),
        ("memo", Marking.ACTION),
        ("mega::skin-tone-3", Marking.UPDATE),
        ("tada", None),
        ("", None),
    ],
)
def test_a_reaction_means_one_thing_in_whatever_skin_tone(
    emoji: str, marking: Marking | None
) -> None:
    assert Policy().marking(emoji) is marking
