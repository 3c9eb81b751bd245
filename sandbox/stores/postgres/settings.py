"""The settings of a session."""

import re
from collections.abc import Mapping

from .errors import (
    FIXED_SETTING,
    INVALID_VALUE,
    UNDEFINED_OBJECT,
    SqlError,
)

VERSION = "15.8"
BANNER = f"PostgreSQL {VERSION} (the sandbox's, not the real one)"
ZONES = {zone.lower(): zone for zone in ("UTC", "GMT", "Etc/UTC")}
DURATIONS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
CHANGED = {
    "application_name": "",
    "client_encoding": "UTF8",
    "client_min_messages": "notice",
    "datestyle": "ISO, MDY",
    "default_transaction_read_only": "off",
    "extra_float_digits": "1",
    "intervalstyle": "postgres",
    "search_path": '"$user", public',
    "timezone": "UTC",
    **dict.fromkeys(DURATIONS, "0"),
}
FIXED = {
    "integer_datetimes": "on",
    "server_encoding": "UTF8",
    "server_version": VERSION,
    "server_version_num": "150008",
    "standard_conforming_strings": "on",
    "superuser_reserved_connections": "3",
    "transaction_isolation": "read committed",
    "track_activity_query_size": "1kB",
}
AT_START = ("max_connections", "superuser_reserved_connections", "track_activity_query_size")
ONLY = {  # those of which this server knows one value
    "client_encoding": ("utf8", "utf-8", "unicode"),
    "datestyle": ("iso", "iso, mdy"),
    "intervalstyle": ("postgres",),
}
REPORTED = {
    "server_version": "server_version",
    "server_encoding": "server_encoding",
    "client_encoding": "client_encoding",
    "datestyle": "DateStyle",
    "intervalstyle": "IntervalStyle",
    "timezone": "TimeZone",
    "integer_datetimes": "integer_datetimes",
    "is_superuser": "is_superuser",
    "standard_conforming_strings": "standard_conforming_strings",
    "application_name": "application_name",
    "session_authorization": "session_authorization",
}
UNITS = {"": 1, "us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
SHOWN = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1000}


class Settings:
    """What one session has set, and what the server tells."""

    def __init__(self, told: Mapping[str, str], fixed: Mapping[str, str]) -> None:
        self._fixed = {**FIXED, **fixed}
        self._first = dict(CHANGED)
        self._values = dict(CHANGED)
        for name, value in told.items():
            self.set(name, value)
        self._first = dict(self._values)

    def show(self, name: str) -> str:
        """Return what a setting is."""
        name = name.lower()
        if name in self._fixed:
            return self._fixed[name]
        if name not in self._values:
            known = ", ".join(sorted({**self._fixed, **self._values}))
            words = f'unrecognized configuration parameter "{name}"'
            raise SqlError(UNDEFINED_OBJECT, words, f"This server knows {known}.")
        return self._values[name]

    def set(self, name: str, value: str | None) -> None:
        """Change a setting, or put it back to what it was at first."""
        name = name.lower()
        self.show(name)
        if name in self._fixed:
            how = "without restarting the server" if name in AT_START else "now"
            words = f'parameter "{name}" cannot be changed {how}'
            raise SqlError(FIXED_SETTING, words)
        self._values[name] = self._first[name] if value is None else _value(name, value)

    def limit(self) -> float:
        """Return how many seconds a statement may take; 0 is for ever."""
        return _milliseconds(self._values["statement_timeout"]) / 1000

    def reported(self) -> dict[str, str]:
        """Return what a client is told of by itself."""
        return {shown: self.show(name) for name, shown in REPORTED.items()}


def _value(name: str, value: str) -> str:
    if name in DURATIONS:
        return _duration(name, value)
    if name == "timezone" and value.lower() in ZONES:
        return ZONES[value.lower()]
    if name == "default_transaction_read_only":
        return "on" if value.lower() in ("on", "true", "yes", "1") else "off"
    if name in ONLY and value.lower() in ONLY[name]:
        return CHANGED[name]
    if name == "timezone" or name in ONLY:
        hint = f"This server knows only {CHANGED[name]}."
        raise SqlError(INVALID_VALUE, f'invalid value for parameter "{name}": "{value}"', hint)
    return value


def _duration(name: str, value: str) -> str:
    try:
        total = round(_milliseconds(value))
    except (ValueError, KeyError) as error:
        words = f'invalid value for parameter "{name}": "{value}"'
        hint = 'Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".'
        raise SqlError(INVALID_VALUE, words, hint) from error
    for unit, size in SHOWN.items():
        if total and total % size == 0:
            return f"{total // size}{unit}"
    return f"{total}ms" if total else "0"


def _milliseconds(text: str) -> float:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", text)
    if not match:
        raise ValueError(text)
    return float(match[1]) * UNITS[match[2]]
