"""Values as people write them."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_interface

from .errors import INVALID_TEXT, INVALID_TIME, INVALID_VALUE, OUT_OF_RANGE, UNSUPPORTED, SqlError
from .kinds import LIMITS, Kind, Value, elements

MOST = 1000  # elements of an array
EXACT = 1e15  # whole numbers up to here are written without an exponent
YES = ("t", "true", "y", "yes", "on", "1")
NO = ("f", "false", "n", "no", "off", "0")
UNITS = {
    **dict.fromkeys(("us", "usec", "usecs", "microsecond", "microseconds"), 1e-6),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 86400.0),
}
LONG_UNITS = ("mon", "mons", "month", "months", "y", "year", "years")
_PART = re.compile(
    r"\s*(?:(?P<clock>[-+]?\d+:\d\d(?::\d\d(?:\.\d+)?)?)"
    r"|(?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+))\s*(?P<unit>[a-z]*))",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}"\s][^,{}"]*)')


def parse(text: str, kind: Kind) -> Value:
    """Return what a text says as a value of that type, or refuse as PostgreSQL does."""
    if kind.family == "array":
        return _array(text, kind)
    reader = _READERS.get(kind.family)
    if reader is None:
        return text
    try:
        return reader(text.strip(), kind)
    except (ValueError, OverflowError) as error:
        code = INVALID_TIME if kind.family in ("moment", "interval") else INVALID_TEXT
        words = f'invalid input syntax for type {kind.name}: "{text}"'
        raise SqlError(code, words) from error


def fitting(value: int, kind: Kind) -> int:
    """Return the number, if it fits into its type."""
    limit = LIMITS.get(kind.name, 1 << 63)
    if not -limit <= value < limit:
        raise SqlError(OUT_OF_RANGE, f"{kind.name} out of range")
    return value


def show(value: Value) -> str:
    """Return a value as PostgreSQL writes it."""
    match value:
        case None:
            return ""
        case bool():
            return "t" if value else "f"
        case float():
            return _number(value)
        case datetime():
            return _moment_text(value)
        case timedelta():
            return _interval_text(value)
        case list():
            return "{" + ",".join(_element(item) for item in value) + "}"
        case _:
            return str(value)


def _boolean(text: str, _kind: Kind) -> Value:
    if text.lower() not in YES + NO:
        raise ValueError(text)
    return text.lower() in YES


def _read_number(text: str, kind: Kind) -> Value:
    if kind.name in ("double precision", "numeric"):
        if "_" in text:
            raise ValueError(text)
        return float(text)
    if not re.fullmatch(r"[-+]?[0-9]+", text):
        raise ValueError(text)
    value, limit = int(text), LIMITS.get(kind.name, 1 << 63)
    if not -limit <= value < limit:
        words = f'value "{text}" is out of range for type {kind.name}'
        raise SqlError(OUT_OF_RANGE, words)
    return value


def _moment(text: str, _kind: Kind) -> Value:
    if re.fullmatch(r".*[+-]\d\d", text) and ":" in text:
        text += ":00"
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _interval(text: str, _kind: Kind) -> Value:
    seconds, place = 0.0, 0
    if not text:
        raise ValueError(text)
    while place < len(text):
        part = _PART.match(text, place)
        if not part:
            raise ValueError(text)
        seconds += _clock(part["clock"]) if part["clock"] else _length(part)
        place = part.end()
    return timedelta(seconds=seconds)


def _length(part: re.Match[str]) -> float:
    unit = part["unit"].lower()
    if unit in LONG_UNITS:
        words = "intervals of months and years are not supported"
        raise SqlError(UNSUPPORTED, words, "Say it in weeks, days, hours, minutes or seconds.")
    if unit and unit not in UNITS:
        raise ValueError(unit)
    return float(part["number"]) * UNITS.get(unit, 1.0)


def _clock(text: str) -> float:
    sign = -1.0 if text.startswith("-") else 1.0
    hours, minutes, *seconds = text.lstrip("+-").split(":")
    return sign * (int(hours) * 3600 + int(minutes) * 60 + float(seconds[0] if seconds else 0))


def _inet(text: str, _kind: Kind) -> Value:
    return show_address(str(ip_interface(text)))


def show_address(text: str) -> str:
    """Return an address as inet is written: a single host without its mask."""
    return text.removesuffix("/32") if "." in text else text.removesuffix("/128")


def _array(text: str, kind: Kind) -> Value:
    inner = text.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        hint = 'Array value must start with "{".'
        raise SqlError(INVALID_TEXT, f'malformed array literal: "{text}"', hint)
    found = list[Value]()
    for match in _ELEMENT.finditer(inner[1:-1]):
        if match[1] is None and match[2].strip().upper() == "NULL":
            found.append(None)
            continue
        item = re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2].strip()
        found.append(parse(item, elements(kind)))
    if len(found) > MOST:
        raise SqlError(INVALID_VALUE, f"an array may have {MOST} elements here")
    return found  # type: ignore[return-value]


def _number(value: float) -> str:
    if not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)


def _moment_text(value: datetime) -> str:
    text = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    fraction = f".{value.microsecond:06}".rstrip("0").rstrip(".")
    return f"{text}{fraction}+00"


def _interval_text(value: timedelta) -> str:
    total = value // timedelta(microseconds=1)
    days, rest = divmod(abs(total), 86400 * 10**6)
    seconds, micros = divmod(rest, 10**6)
    sign = "-" if total < 0 else ""
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    clock += f".{micros:06}".rstrip("0").rstrip(".")
    shown = f"{sign}{days} day{'s' if days != 1 or sign else ''}" if days else ""
    if days and not rest:
        return shown
    return f"{shown} {sign}{clock}".strip()


def _element(item: int | str | None) -> str:
    if item is None:
        return "NULL"
    text = str(item)
    plain = re.fullmatch(r"[^\s{},\"\\]+", text) and text.upper() != "NULL"
    return text if plain else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


_READERS: dict[str, Callable[[str, Kind], Value]] = {
    "boolean": _boolean,
    "number": _read_number,
    "xid": _read_number,
    "moment": _moment,
    "interval": _interval,
    "inet": _inet,
}
