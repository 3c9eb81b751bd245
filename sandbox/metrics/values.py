"""What a query gives: numbers, series of them, words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .matching import Labels

Vector: TypeAlias = dict[Labels, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The numbers of one series from `begin` to `end`, in milliseconds."""

    times: Sequence[int]
    values: Sequence[float]
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Ranges:
    """Stretches of numbers, by the labels of their series."""

    of: dict[Labels, Stretch]


Value: TypeAlias = float | Vector | Ranges | str
