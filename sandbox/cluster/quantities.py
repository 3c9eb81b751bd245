"""Amounts as Kubernetes writes them: 250m, 512Mi, 25%."""

import math
import re

SUFFIXES = {
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "": 1.0,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
    "Pi": 2.0**50,
}
QUANTITY = re.compile(r"([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:[eE]([+-]?\d+)|([numkMGTP]|[KMGTP]i)?)$")


def amount(written: object) -> float:
    """Return how much is meant, or raise ValueError."""
    match = QUANTITY.match(str(written))
    if match is None:
        raise ValueError(
            "quantities must match the regular expression "
            "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        )
    number, exponent, suffix = match.groups()
    return float(number) * (10.0 ** int(exponent) if exponent else SUFFIXES[suffix or ""])


def share(written: object, of: int, *, up: bool) -> int:
    """Return a number, or a per cent of something as a whole number."""
    if isinstance(written, int):
        return written
    part = of * int(str(written).removesuffix("%")) / 100
    return math.ceil(part) if up else math.floor(part)


def is_share(written: object) -> bool:
    """Tell whether this is a number or a per cent."""
    is_number = isinstance(written, int) and not isinstance(written, bool)
    return is_number or bool(isinstance(written, str) and re.fullmatch(r"\d+%", written))
