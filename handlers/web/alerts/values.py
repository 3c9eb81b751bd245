"""What sources say of times, links and labels, made to fit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, Field

from bot.domain.alerts import Alert

NEVER = {1, 1970}  # years that say: not yet
FIRST, LAST = 2000, 2100
NAME, LABEL, SUMMARY, DESCRIPTION = 200, 1000, 500, 5000  # characters
LINK = 3000  # characters; what is cut leads nowhere
LABELS = 100
KEY = 300  # bytes: the store has to find it again
IN_LINKS = "!#$%&'()*+,/:;=?@[]~"  # what may stand in one as it is


def moment(text: Any) -> datetime | None:
    """Read a time in ISO 8601; None is the zero of Go or of Unix. Raises ValueError."""
    if text is None or text == "":
        return None
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("is no time as in 2026-01-15T12:00:00Z") from None
    if at.year in NEVER:
        return None
    if at.tzinfo is None:
        raise ValueError("has no time zone: 2026-01-15T12:00:00Z has one")
    if not FIRST <= at.year < LAST:
        msg = f"is not between the years {FIRST} and {LAST}"
        raise ValueError(msg)
    return at.astimezone(UTC)


Moment = Annotated[datetime | None, BeforeValidator(moment)]
Labels = Mapping[str, str]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


def fit(text: str, most: int) -> str:
    """Return a text that can be kept, cut if it is longer."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"


def key(text: str) -> str:
    """Return a key that a store can find again: a long one ends in what tells it from others."""
    whole = fit(text, len(text))
    if len(whole.encode()) <= KEY:
        return whole
    start = whole.encode()[: KEY - 40].decode(errors="ignore")
    return f"{start}…{sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"


def link(*texts: str | None) -> str | None:
    """Return the first that is an address of the web, such that it may stand in a message."""
    for text in texts:
        if text and (found := _link(text)):
            return found
    return None


def _link(text: str) -> str | None:
    try:
        parts = urlsplit(text.strip())
        safe = quote(text.strip(), safe=IN_LINKS)
    except ValueError:
        return None
    usable = parts.scheme in {"http", "https"} and parts.hostname and len(safe) <= LINK
    return safe if usable else None


def labels(told: Iterable[tuple[str, str]]) -> Labels:
    """Return the labels, the first of very many."""
    fitting = ((fit(name, NAME), fit(value, LABEL)) for name, value in told)
    return dict(sorted(fitting)[:LABELS])


def shared(alerts: Sequence[Alert]) -> Labels:
    """Return the labels that all of them have."""
    common = reduce(lambda one, other: one & other, (set(a.labels.items()) for a in alerts))
    return dict(sorted(common))


def fingerprint(told: Labels) -> str:
    """Tell alerts apart by their labels, where the source does not."""
    return sha256(repr(sorted(told.items())).encode("utf-8", "replace")).hexdigest()[:16]
