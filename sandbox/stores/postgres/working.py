"""How operators work, as SQL has it: what is done with null is null."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from .context import Scope
from .errors import DIVISION_BY_ZERO, SqlError
from .kinds import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INTEGER,
    INTERVAL,
    LIMITS,
    MOMENT,
    NUMERIC,
    UNKNOWN,
    Kind,
    Value,
)
from .texts import fitting, parse, show

Work = Callable[[Scope], Value]
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
LIKE = ("like", "ilike", "not like", "not ilike")
ARITHMETIC: Mapping[str, Mapping[tuple[str, str], tuple[Kind, Kind, Kind]]] = {
    "+": {
        ("moment", "interval"): (MOMENT, INTERVAL, MOMENT),
        ("interval", "moment"): (INTERVAL, MOMENT, MOMENT),
        ("interval", "interval"): (INTERVAL, INTERVAL, INTERVAL),
    },
    "-": {
        ("moment", "moment"): (MOMENT, MOMENT, INTERVAL),
        ("moment", "interval"): (MOMENT, INTERVAL, MOMENT),
        ("interval", "interval"): (INTERVAL, INTERVAL, INTERVAL),
    },
    "*": {
        ("interval", "number"): (INTERVAL, DOUBLE, INTERVAL),
        ("number", "interval"): (DOUBLE, INTERVAL, INTERVAL),
    },
    "/": {("interval", "number"): (INTERVAL, DOUBLE, INTERVAL)},
}
NO_TIME = timedelta()


def strict(work: Callable[..., Value], *works: Work) -> Work:
    """Return what is null where one of its operands is."""

    def worked(scope: Scope) -> Value:
        values = [one(scope) for one in works]
        return None if any(value is None for value in values) else work(*values)

    return worked


def all_of(found: Sequence[Value]) -> Value:
    """Return whether all are true, or null where that cannot be known."""
    return False if False in found else None if None in found else True


def any_of(found: Sequence[Value]) -> Value:
    """Return whether one is true, or null where that cannot be known."""
    return True if True in found else None if None in found else False


def liking(sign: str, text: Work, pattern: Work) -> Work:
    """Return whether a text is like a pattern."""
    ignores, negated = sign.endswith("ilike"), sign.startswith("not")

    def work(one: str, other: str) -> bool:
        return bool(_pattern(other, ignores=ignores).fullmatch(one)) is not negated

    return strict(work, text, pattern)


def calculating(sign: str, one: Work, other: Work) -> Work:
    """Return what two values come to."""
    return strict(_SIGNS[sign], one, other)


def within(value: Value, kind: Kind) -> Value:
    """Return the value, if it fits into its type."""
    if isinstance(value, int) and kind.name in LIMITS:
        return fitting(value, kind)
    return value


def gathered(name: str, values: list[Any], *, distinct: bool) -> Value:
    """Return what an aggregate makes of values, none of them null."""
    kept = list(dict.fromkeys(values)) if distinct else values
    if name == "count":
        return len(kept)
    if not kept:
        return None
    if name == "sum":
        found: Value = sum(kept[1:], kept[0])
    else:
        found = max(kept) if name == "max" else min(kept)
    return found


def converted(value: Value, kind: Kind) -> Value:
    """Return a value as one of another type."""
    if kind.family == "text":
        return show(value) if not isinstance(value, bool) else str(value).lower()
    if isinstance(value, str):
        return parse(value, kind)
    if isinstance(value, int | float) and kind.family == "number":
        return float(value) if kind in (DOUBLE, NUMERIC) else fitting(round(value), kind)
    return value


def kind_of(value: Value) -> Kind:
    """Return the type that a constant has by itself."""
    match value:
        case bool():
            return BOOLEAN
        case int():
            return INTEGER if abs(value) < LIMITS["integer"] else BIGINT
        case float():
            return NUMERIC
        case _:
            return UNKNOWN


@lru_cache(maxsize=256)
def _pattern(pattern: str, *, ignores: bool) -> re.Pattern[str]:
    parts = re.findall(r"\\.|%+|_|[^\\%_]+|\\$", pattern, re.DOTALL)
    words = "".join(_piece(part) for part in parts)
    return re.compile(words, re.DOTALL | (re.IGNORECASE if ignores else re.NOFLAG))


def _piece(part: str) -> str:
    if part.startswith("%"):
        return ".*"
    return "." if part == "_" else re.escape(part[1:] if part.startswith("\\") else part)


def _divided(one: Any, other: Any) -> Value:
    if other == 0:
        raise SqlError(DIVISION_BY_ZERO, "division by zero")
    if isinstance(one, int) and isinstance(other, int):
        found = abs(one) // abs(other)
        return found if (one < 0) == (other < 0) else -found
    result: Value = one / other
    return result


def _rest(one: Any, other: Any) -> Value:
    if other == 0:
        raise SqlError(DIVISION_BY_ZERO, "division by zero")
    rest: Value = abs(one) % abs(other)
    return -rest if one < 0 and isinstance(rest, int | float) else rest


_SIGNS: Mapping[str, Callable[[Any, Any], Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "%": _rest,
}
