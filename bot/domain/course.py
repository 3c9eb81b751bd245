"""The course of an incident, to be read a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from .timeline import Entry

PAGE = 20  # each may have a button, and all of them fit into one message


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a timeline, oldest first; `earlier` is how many entries were before those."""

    number: int
    shown: Sequence[Entry]
    earlier: int
    total: int


def page(timeline: Sequence[Entry], number: int) -> Page:
    """Return that page, counted from the end: the first has the newest. Beyond all it is empty."""
    end = max(0, len(timeline) - (number - 1) * PAGE)
    begin = max(0, end - PAGE)
    return Page(number, timeline[begin:end], begin, len(timeline))
