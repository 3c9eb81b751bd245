"""What incidents and their channels are called."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from .incident import Incident

LONGEST = 80
SPARES = 9


def incident_id(day: datetime, number: int) -> str:
    """Return e.g. INC-20260115-001; the day is the date in UTC."""
    return f"INC-{day:%Y%m%d}-{number:03}"


def incident_id_in(word: str) -> str | None:
    """Return the incident's id if the word is one, however it is written."""
    return word.upper() if re.fullmatch(r"inc-\d{8}-\d{3,}", word.lower()) else None


def channel_names(incident: Incident) -> Iterator[str]:
    """Return e.g. inc-20260115-001-checkout-down, then what to take if that is taken.

    That of a drill begins with drill-.
    """
    plain = unicodedata.normalize("NFKD", incident.title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    known = incident.id.lower()
    known = known if incident.practice is None else known.replace("inc-", "drill-", 1)
    name = f"{known}-{slug}"[: LONGEST - 2].strip("-")
    names = (name, *(f"{name}-{spare}" for spare in range(2, SPARES + 1)))
    return iter(names[min(len(incident.former_channels), SPARES - 1) :])
