"""Moments and spans of time, as people type them. Without an offset a time of day is UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from bot.domain.errors import Refused

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST = timedelta(days=7)  # an update may be promised for then, at the latest
NEAR = timedelta(hours=12)  # a time of day that is still to come was yesterday's, within these

_SPAN = r"(\d{1,4})\s?(m|mins?|minutes?|h|hrs?|hours?|d|days?)"
SPAN = re.compile(rf"{_SPAN}\b", re.IGNORECASE)
AGO = re.compile(rf"{_SPAN} ago\b[:,]?\s*", re.IGNORECASE)
CLOCK = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2}|today|yesterday)[ tT]+(?:at )?)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?!:?\d)"
    r" ?(?P<zone>z\b|utc\b|[+-]\d{2}:?\d{2}\b)?[:,]?(?:\s+|$)",
    re.IGNORECASE,
)


def span(text: str) -> timedelta | None:
    """Read "30m", "2 hours"; None if it is none, or none that makes sense."""
    found = SPAN.fullmatch(text.strip())
    length = _length(found) if found else None
    return length if length and timedelta() < length <= LONGEST else None


def moment(text: str, now: datetime) -> tuple[datetime, str] | None:
    """Read the moment a text begins with, and return it with the rest; None if there is none.

    "14:05", "14:05+02:00", "yesterday 23:50", "2026-01-15 14:05", "10m ago". Refused if it has
    not come yet.
    """
    text = text.strip()
    if found := AGO.match(text):
        return now - _length(found), text[found.end() :].strip()
    if found := CLOCK.match(text):
        at = _at(found, now)
        if at is None:
            msg = "Nothing was done: `{quote}` is no time. Say it as `14:05` or `10m ago`."
            raise Refused(msg, about="at", quote=found[0].strip())
        return past(at, now, found[0].strip()), text[found.end() :].strip()
    return None


def past(at: datetime, now: datetime, quote: str) -> datetime:
    """Return the moment, or refuse one that has not come yet."""
    if at > now + timedelta(minutes=1):
        msg = (
            f"`{{quote}}` is read as {at:%Y-%m-%d %H:%M} UTC, and that has not come yet; "
            f"now it is {now:%H:%M} UTC. Say it with your offset, `14:05+02:00`, or `10m ago`."
        )
        raise Refused(msg, about="at", quote=quote)
    return at


def _length(found: re.Match[str]) -> timedelta:
    return int(found[1]) * UNITS[found[2][0].lower()]


def _at(found: re.Match[str], now: datetime) -> datetime | None:
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    try:
        at_time = time(hour, minute, second)
        day, zone = _day(found["day"], now), _zone(found["zone"])
        at = datetime.combine(day or now.astimezone(zone).date(), at_time, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    before = at - timedelta(days=1)
    return before if day is None and at > now and now - before <= NEAR else at


def _day(word: str | None, now: datetime) -> date | None:
    match (word or "").lower():
        case "":
            return None
        case "today":
            return now.date()
        case "yesterday":
            return now.date() - timedelta(days=1)
        case iso:
            return date.fromisoformat(iso)


def _zone(word: str | None) -> timezone:
    if word is None or word[0] not in "+-":
        return UTC
    ahead = timedelta(hours=int(word[1:3]), minutes=int(word[-2:]))
    return timezone(-ahead if word[0] == "-" else ahead)
