"""Numbers as computers all calculate them: what cannot be is no error but NaN or infinite."""

import math
import operator
from collections.abc import Callable, Sequence


def divided(a: float, b: float) -> float:
    """Return a / b."""
    if b:
        return a / b
    if not a or math.isnan(a) or math.isnan(b):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def remainder(a: float, b: float) -> float:
    """Return what is left of a, with its sign."""
    return math.nan if not b or math.isinf(a) else math.fmod(a, b)


def power(a: float, b: float) -> float:
    """Return a to the power of b."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        if a:
            return math.nan
        return math.copysign(math.inf, a) if b % 2 == 1 else math.inf


def grown(value: float) -> float:
    """Return e to the power of the value."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def logarithm(log: Callable[[float], float], value: float) -> float:
    """Return the logarithm; there is none of what is below zero."""
    if not value:
        return -math.inf
    return log(value) if value > 0 else math.nan


def root(value: float) -> float:
    """Return the square root."""
    return math.sqrt(value) if value >= 0 else math.nan


def rounded(value: float, to: float) -> float:
    """Return the nearest multiple, the higher of two."""
    inverse = divided(1.0, to)
    return divided(whole(math.floor, value * inverse + 0.5), inverse)


def whole(how: Callable[[float], int], value: float) -> float:
    """Return the whole number beside it; what is not finite stays."""
    return float(how(value)) if math.isfinite(value) else value


def clamped(value: float, low: float, high: float) -> float:
    """Return the value, but not below or above these."""
    if any(map(math.isnan, (value, low, high))):
        return math.nan
    return max(low, min(high, value))


def quantile(of: Sequence[float], share: float) -> float:
    """Return the number that so large a share of the others is below."""
    if not of or math.isnan(share):
        return math.nan
    if not 0 <= share <= 1:
        return math.copysign(math.inf, share)
    ordered = sorted(of, key=lambda v: (not math.isnan(v), v))
    rank = share * (len(ordered) - 1)
    low = int(rank)
    high = min(low + 1, len(ordered) - 1)
    part = rank - low
    return ordered[low] * (1 - part) + ordered[high] * part


CALCULATES: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divided,
    "%": remainder,
    "^": power,
    "atan2": math.atan2,
}
COMPARES: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
