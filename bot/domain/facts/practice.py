"""Facts of a drill: an incident that is only practised."""

from dataclasses import dataclass

from .base import Stamp


@dataclass(frozen=True, slots=True)
class Staged:
    """The practice production of a drill runs, and these are the ways to change it.

    With a trouble it does not run, and this is why.
    """

    stamp: Stamp
    ways: tuple[str, ...]
    trouble: str = ""
