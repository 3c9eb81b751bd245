"""How bad an incident is. Undecided is None."""

import enum
import re

from .errors import Refused


class Severity(enum.StrEnum):
    """P0 is the worst."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


def severity_in(word: str) -> Severity | None:
    """Read "P1", "p1", "sev1", "SEV-1" or "1"; None if the word names no severity."""
    found = re.fullmatch(r"(?:p|sev-?)?([0-3])", word.strip().lower())
    return Severity(f"P{found[1]}") if found else None


def severity_named(text: str) -> Severity:
    """Read a severity, or refuse and name those there are."""
    severity = severity_in(text)
    if severity is None:
        given = "`{quote}` is no severity." if text.strip() else "Which severity?"
        msg = f"{given} Say one of: {', '.join(Severity)}, as in `/incident severity P1`."
        raise Refused(msg, about="severity", quote=text.strip())
    return severity
