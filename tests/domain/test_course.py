"""The course of an incident, as it is read a page at a time."""

import pytest

from bot.domain.course import PAGE, page
from bot.domain.incident import replay
from bot.domain.timeline import timeline
from tests.samples import TAKEN


@pytest.mark.parametrize(
    ("entries", "number", "shown", "earlier"),
    [
        (0, 1, (0, 0), 0),
        (3, 1, (0, 3), 0),
        (3, 2, (0, 0), 0),
        (PAGE, 1, (0, PAGE), 0),
        (PAGE + 3, 1, (3, PAGE + 3), 3),
        (PAGE + 3, 2, (0, 3), 0),
        (PAGE * 3, 2, (PAGE, PAGE * 2), PAGE),
        (PAGE + 3, 999_999, (0, 0), 0),
    ],
)
def test_the_first_page_has_the_newest(
    entries: int, number: int, shown: tuple[int, int], earlier: int
) -> None:
    every = timeline(replay("I", [TAKEN] * entries), [TAKEN] * entries)
    found = page(every, number)
    assert list(found.shown) == list(every[slice(*shown)])
    assert (found.number, found.earlier, found.total) == (number, earlier, entries)
