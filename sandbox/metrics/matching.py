"""Labels, and what has to be true of one: = != =~ !~."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

NAME = "__name__"
OPERATORS = ("=", "!=", "=~", "!~")
# What Python's patterns know and those of RE2 do not: looking around, references, groups that
# keep what they took.
_FOREIGN = re.compile(
    r"""(?:\\\\|\\[^1-9zZ]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[])*?
    (\(\?(?![:a-zA-Z-])(?!P<)|\(\?P[^<]|\(\?[aLux]|\\[1-9Z]|[*+?}]\+|[*+?}]\*|[*+}?]\?\?)""",
    re.VERBOSE | re.DOTALL,
)

Labels: TypeAlias = tuple[tuple[str, str], ...]
NONE: Labels = ()


def labels(given: Mapping[str, str]) -> Labels:
    """Return labels in their one order; an empty value is none."""
    return tuple(sorted((name, value) for name, value in given.items() if value))


def without(found: Labels, *names: str) -> Labels:
    """Return the labels but for these."""
    return tuple(pair for pair in found if pair[0] not in names)


def only(found: Labels, *names: str) -> Labels:
    """Return these of the labels."""
    return tuple(pair for pair in found if pair[0] in names)


def nameless(found: Labels) -> Labels:
    """Return the labels without the metric's name."""
    return tuple(pair for pair in found if pair[0] != NAME)


@lru_cache(maxsize=500)
def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern as RE2 understands it. Raises ValueError for any other."""
    if foreign := _FOREIGN.match(text):
        msg = f"invalid or unsupported Perl syntax: `{foreign[1]}`"
        raise ValueError(msg)
    try:
        return re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Matcher:
    """One of the conditions between the braces of a selector. Raises ValueError for no pattern."""

    name: str
    operator: str
    value: str
    _pattern: re.Pattern[str] | None = field(init=False, default=None, compare=False)

    def __post_init__(self) -> None:
        if self.operator in {"=~", "!~"}:
            object.__setattr__(self, "_pattern", pattern(self.value))

    def fits(self, value: str) -> bool:
        """Tell whether a label with this value ("" where there is none) is meant."""
        if self._pattern is None:
            return (value == self.value) == (self.operator == "=")
        return bool(self._pattern.fullmatch(value)) == (self.operator == "=~")

    def __str__(self) -> str:
        value = self.value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        return f'{self.name}{self.operator}"{value}"'
