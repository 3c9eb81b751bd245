"""Days to come, as people type them."""

import re
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SAID = {"today": 0, "tomorrow": 1, "next week": 7}  # days from now
FAR = 3650  # days: nobody plans beyond
IN = re.compile(r"in (\d{1,4}|a|an|one|two|three) (day|week)s?", re.IGNORECASE)
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
DUE = re.compile(
    r"[,;]?\s*\bdue:?\s+(?:(?:on|by)\s+)?"
    r"(\d{4}-\d{2}-\d{2}|in \w+ (?:day|week)s?|next \w+|today|tomorrow|[a-z]+)(?=[\s,;.!]|$)",
    re.IGNORECASE,
)


def day(words: str, today: date) -> date | None:
    """Read "2026-01-22", "friday" (the next one), "tomorrow", "in 3 days", "next week"."""
    said = " ".join(words.lower().split())
    if said in SAID:
        return today + timedelta(days=SAID[said])
    if found := IN.fullmatch(said):
        number = NUMBERS.get(found[1]) or int(found[1])
        days = number * (7 if found[2] == "week" else 1)
        return today + timedelta(days=days) if days <= FAR else None
    named = [
        n for n, name in enumerate(WEEKDAYS) if said.removeprefix("next ") in {name, name[:3]}
    ]
    if named:
        return today + timedelta(days=(named[0] - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def due(text: str, today: date) -> tuple[date | None, str]:
    """Return the day for which "due …" asks, and the text without that; None if there is none."""
    for found in DUE.finditer(text):
        if (on := day(found[1], today)) is not None:
            left = f"{text[: found.start()]} {text[found.end() :]}"
            return on, left.strip()
    return None, text
