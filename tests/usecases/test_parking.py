"""Kinds that wait, and those that feel their way back."""

from datetime import timedelta

from bot.domain.jobs import Kind
from bot.usecases.parking import LONG, TRIALS, Parking
from tests.samples import T

SECOND = timedelta(seconds=1)


def parked() -> Parking:
    parking = Parking()
    parking.park(Kind.SEAL, T + SECOND)
    return parking


def test_a_parked_kind_is_shut_and_then_goes_one_at_a_time() -> None:
    parking = parked()
    assert parking.shut(T, ()) == {Kind.SEAL}
    assert parking.ends(T) == T + SECOND
    assert not parking.careful(parking.shut(T, ()), T)
    later = T + 2 * SECOND
    assert parking.shut(later, ()) == frozenset()
    assert parking.shut(later, (Kind.SEAL,)) == {Kind.SEAL}
    assert parking.careful((), later)
    for _ in range(TRIALS):
        parking.went(Kind.SEAL, later)
    assert not parking.careful((), later)


def test_a_kind_that_is_rare_does_not_make_all_careful_for_ever() -> None:
    parking = parked()
    assert parking.careful((), T + LONG)
    assert not parking.careful((), T + SECOND + LONG)
    assert parking.shut(T + SECOND + LONG, (Kind.SEAL,)) == frozenset()
