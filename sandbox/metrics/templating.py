"""The words of alerts: {{ $labels.name }}, {{ $value }}, and what makes numbers readable."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .written import general

_PART = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_LABEL = re.compile(r"(?:\$labels|\.Labels)\.([a-zA-Z_][a-zA-Z0-9_]*)")
_VALUE = re.compile(r"(?:\$value|\.Value)(?:\s*\|\s*(humanize\w*))?")
_PRINTED = re.compile(
    r'printf\s+"([^"%]*%(?:\.\d{1,2})?[fge][^"%]*(?:%%[^"%]*)*)"\s+(?:\$value|\.Value)'
)
SUPPORTED = (
    "{{ $labels.NAME }}, {{ $value }}, {{ $value | humanize }}, humanizePercentage,"
    ' humanizeDuration and {{ printf "%.2f" $value }}'
)
PREFIXES = ("", "k", "M", "G", "T", "P", "E", "Z", "Y")
SMALL = ("", "m", "u", "n", "p", "f", "a", "z", "y")


@dataclass(frozen=True, slots=True)
class Template:
    """Words with places for labels and a value. Raises ValueError for what is not supported."""

    text: str

    def __post_init__(self) -> None:
        for part in _PART.findall(self.text):
            value = _VALUE.fullmatch(part)
            readable = value is not None and (value[1] or "") in READABLE
            if not (readable or _LABEL.fullmatch(part) or _PRINTED.fullmatch(part)):
                msg = f"{{{{ {part} }}}} is not supported; supported are {SUPPORTED}"
                raise ValueError(msg)

    def filled(self, labels: Mapping[str, str], value: float) -> str:
        """Return the words for these labels and this value."""

        def put(match: re.Match[str]) -> str:
            part = match[1]
            if label := _LABEL.fullmatch(part):
                return labels.get(label[1], "")
            if plain := _VALUE.fullmatch(part):
                return READABLE[plain[1] or ""](value)
            printed = _PRINTED.fullmatch(part)
            return str(printed[1] % value) if printed else ""

        return _PART.sub(put, self.text)


def humanize(value: float) -> str:
    """Return it with a prefix for thousands: 1.234k."""
    if not value or not math.isfinite(value):
        return _four(value)
    prefixes, factor = (PREFIXES, 1000.0) if abs(value) >= 1 else (SMALL, 0.001)
    place = 0
    while place < len(prefixes) - 1 and not 1 <= abs(value) < 1000:  # noqa: PLR2004 - a thousand
        value /= factor
        place += 1
    return _four(value) + prefixes[place]


def humanize_duration(value: float) -> str:
    """Return seconds as 1h 2m 3s."""
    if not math.isfinite(value):
        return _four(value)
    if not value:
        return "0s"
    if abs(value) < 1:
        return humanize(value) + "s"
    seconds, sign = int(abs(value)), "-" if value < 0 else ""
    sizes = ((86400, "d"), (3600, "h"), (60, "m"))
    found = list[str]()
    for size, unit in sizes:
        count, seconds = divmod(seconds, size)
        if count or found:
            found.append(f"{count}{unit}")
    if not found:
        return f"{sign}{_four(abs(value))}s"
    return sign + " ".join([*found, f"{seconds}s"])


def _four(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else general(value)


READABLE: dict[str, Callable[[float], str]] = {
    "": general,
    "humanize": humanize,
    "humanizePercentage": lambda value: f"{_four(value * 100)}%",
    "humanizeDuration": humanize_duration,
}
