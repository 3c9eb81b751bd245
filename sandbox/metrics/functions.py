"""Functions of numbers and of series at one moment."""

import math
import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from . import arithmetic
from .histograms import quantiles
from .joining import put
from .matching import NONE, Labels, labels, nameless, pattern
from .refusals import cannot
from .tokens import is_label
from .values import Value, Vector

_DOLLAR = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))", re.ASCII)


def called(name: str, given: Sequence[Value], at: float) -> Value:
    """Return what a function gives at that moment. Raises Refusal."""
    match name, given:
        case "time", _:
            return at
        case "vector", [float(number)]:
            return dict.fromkeys([NONE], number)
        case "scalar", [dict(series)]:
            return next(iter(series.values())) if len(series) == 1 else math.nan
        case _, [] if name in CALENDAR:
            return dict.fromkeys([NONE], CALENDAR[name](at))
    return _of_series(name, given)


def _of_series(name: str, given: Sequence[Value]) -> Vector:
    numbers = [value for value in given if isinstance(value, float)]
    words = [value for value in given if isinstance(value, str)]
    series = next(value for value in given if isinstance(value, dict))
    match name:
        case "clamp" if numbers[1] < numbers[0]:
            return {}
        case "clamp" | "clamp_min" | "clamp_max" | "round":
            return _each(series, lambda value: _BOUNDED[name](value, *numbers))
        case "histogram_quantile":
            return quantiles(numbers[0], series)
        case "label_replace":
            return _replaced(series, words)
        case "label_join":
            return _joined(series, words)
        case "sort" | "sort_desc":
            return _sorted(series, -1 if name == "sort_desc" else 1)
        case _:
            return _each(series, {**PLAIN, **CALENDAR}[name])


def _each(series: Vector, function: Callable[[float], float]) -> Vector:
    found = Vector()
    for labels_, value in series.items():
        put(found, nameless(labels_), function(value))
    return found


def _sorted(series: Vector, sign: int) -> Vector:
    def rank(pair: tuple[Labels, float]) -> tuple[bool, float]:
        return math.isnan(pair[1]), sign * pair[1]

    return dict(sorted(series.items(), key=rank))


def _replaced(series: Vector, words: Sequence[str]) -> Vector:
    target, text, source, expression = words
    try:
        wanted = pattern(expression)
    except ValueError as error:
        msg = f"invalid regular expression in label_replace(): {expression}"
        raise cannot(msg) from error
    _check(target, "label_replace()")
    found = Vector()
    for given, value in series.items():
        known = dict(given)
        if match := wanted.fullmatch(known.get(source, "")):
            known[target] = _expanded(text, match)
        put(found, labels(known), value)
    return found


def _expanded(text: str, match: re.Match[str]) -> str:
    def part(dollar: re.Match[str]) -> str:
        name = dollar[1] or dollar[2]
        if name is None:
            return "$"
        try:
            return match[int(name) if name.isdecimal() else name] or ""
        except IndexError:
            return ""

    return _DOLLAR.sub(part, text)


def _joined(series: Vector, words: Sequence[str]) -> Vector:
    target, between, *sources = words
    for name in (target, *sources):
        _check(name, "label_join()")
    found = Vector()
    for given, value in series.items():
        known = dict(given)
        joined = between.join(known.get(name, "") for name in sources)
        put(found, labels({**known, target: joined}), value)
    return found


def _check(name: str, where: str) -> None:
    if not is_label(name):
        msg = f"invalid label name in {where}: {name}"
        raise cannot(msg)


def _on(part: Callable[[datetime], int]) -> Callable[[float], float]:
    def of(seconds: float) -> float:
        try:
            return float(part(datetime.fromtimestamp(seconds, UTC)))
        except (ValueError, OverflowError, OSError):
            return math.nan

    return of


CALENDAR = {
    "day_of_month": _on(lambda t: t.day),
    "day_of_week": _on(lambda t: t.isoweekday() % 7),
    "day_of_year": _on(lambda t: t.timetuple().tm_yday),
    "days_in_month": _on(lambda t: monthrange(t.year, t.month)[1]),
    "hour": _on(lambda t: t.hour),
    "minute": _on(lambda t: t.minute),
    "month": _on(lambda t: t.month),
    "year": _on(lambda t: t.year),
}
PLAIN: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "ceil": lambda v: arithmetic.whole(math.ceil, v),
    "exp": arithmetic.grown,
    "floor": lambda v: arithmetic.whole(math.floor, v),
    "ln": lambda v: arithmetic.logarithm(math.log, v),
    "log10": lambda v: arithmetic.logarithm(math.log10, v),
    "log2": lambda v: arithmetic.logarithm(math.log2, v),
    "sgn": lambda v: v if math.isnan(v) else float((v > 0) - (v < 0)),
    "sqrt": arithmetic.root,
}
_BOUNDED: dict[str, Callable[..., float]] = {
    "clamp": arithmetic.clamped,
    "clamp_max": lambda value, high: arithmetic.clamped(value, -math.inf, high),
    "clamp_min": lambda value, low: arithmetic.clamped(value, low, math.inf),
    "round": lambda value, to=1.0: arithmetic.rounded(value, to),
}
