"""Days to come, as people type them."""

import re
from datetime import date, datetime, timedelta

from bot.domain.errors import Refused

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# days from now
SAID = {"yesterday": -1, "today": 0, "tomorrow": 1, "next week": 7, "last week": -7}
FAR = 3650  # days: nobody plans beyond
IN = re.compile(r"in (\d{1,4}|a|an|one|two|three) (day|week)s?", re.IGNORECASE)
AGO = re.compile(r"(\d{1,4}|a|an|one|two|three) (day|week)s? ago", re.IGNORECASE)
BEHIND = timedelta(hours=12)  # somewhere it is still that day
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
DUE = re.compile(
    r"[,;]?\s*\bdue:?\s+(?:(?:on|by)\s+)?"
    r"(\d{4}-\d{2}-\d{2}|in \w+ (?:day|week)s?|\w+ (?:day|week)s? ago|(?:next|last) \w+"
    r"|today|tomorrow|[a-z]+)(?=[\s,;.!]|$)",
    re.IGNORECASE,
)


def day(words: str, today: date) -> date | None:
    """Read "2026-01-22", "friday" (the next one), "tomorrow", "in 3 days", "3 days ago"."""
    said = " ".join(words.lower().split())
    if said in SAID:
        return today + timedelta(days=SAID[said])
    if found := IN.fullmatch(said) or AGO.fullmatch(said):
        number = NUMBERS.get(found[1]) or int(found[1])
        days = number * (7 if found[2] == "week" else 1)
        ahead = -days if said.endswith("ago") else days
        return today + timedelta(days=ahead) if days <= FAR else None
    named = [
        n
        for n, name in enumerate(WEEKDAYS)
        if said.removeprefix("next ").removeprefix("last ") in {name, name[:3]}
    ]
    if named and said.startswith("last "):
        return today - timedelta(days=(today.weekday() - named[0] - 1) % 7 + 1)
    if named:
        return today + timedelta(days=(named[0] - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def due(text: str, now: datetime) -> tuple[date | None, str]:
    """Return the day for which "due …" asks, and the text without that; None if there is none.

    Refused if that day has gone by.
    """
    for found in DUE.finditer(text):
        if (on := day(found[1], now.date())) is not None:
            ahead(on, now, found[1])
            left = f"{text[: found.start()]} {text[found.end() :]}"
            return on, left.strip()
    return None, text


def ahead(on: date, now: datetime, quote: str) -> date:
    """Return the day, or refuse one that has gone by; a date, where it has everywhere."""
    earliest = now - BEHIND if quote == on.isoformat() else now
    if on < earliest.date():
        msg = (
            f"`{{quote}}` has gone by: today is {now:%Y-%m-%d}. Until when? `due friday`, "
            "`due in 3 days`, or leave it out. Nothing was done."
        )
        raise Refused(msg, about="due", quote=quote)
    return on
