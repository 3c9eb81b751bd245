"""Numbers and moments as Prometheus writes them."""

import math
from datetime import UTC, datetime
from decimal import Decimal

SMALL, LARGE = 1e-6, 1e21  # what is between is written without an exponent


def number(value: float) -> str:
    """Return the shortest number that is this one."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    text = repr(value)
    if value and not SMALL <= abs(value) < LARGE:
        return text.replace(".0e", "e")
    plain = format(Decimal(text), "f")
    return plain.removesuffix(".0")


def scientific(value: float) -> str:
    """Return the number with an exponent, as alerts have it: 1e+00."""
    if not math.isfinite(value):
        return number(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    written = "".join(map(str, digits))
    power = int(exponent) + len(digits) - 1 if value else 0
    tail = f".{written[1:]}" if len(written) > 1 else ""
    return f"{'-' if sign else ''}{written[0]}{tail}e{'-' if power < 0 else '+'}{abs(power):02}"


def general(value: float) -> str:
    """Return the number as templates have it: an exponent only for very small and large ones."""
    if value and not 1e-4 <= abs(value) < LARGE and math.isfinite(value):  # noqa: PLR2004 - Go's
        return scientific(value)
    return number(value)


def at(milliseconds: int) -> float | int:
    """Return a moment in seconds since 1970."""
    seconds, rest = divmod(milliseconds, 1000)
    return milliseconds / 1000 if rest else seconds


def moment(seconds: float) -> str:
    """Return a moment as a date with its time."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
