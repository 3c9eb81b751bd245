"""Which incidents might be the one that somebody declares."""

from datetime import datetime, timedelta

from .commands import Declare
from .state import Incident
from .status import OPEN
from .titles import title_and_details

LATELY = timedelta(hours=1)
AGAIN = timedelta(minutes=2)


def alike(incident: Incident, services: tuple[str, ...], at: datetime) -> bool:
    """Say whether it is open, and of one of these services or of the last hour."""
    if incident.status not in OPEN or incident.declared_at is None or incident.practice:
        return False
    return at - incident.declared_at < LATELY or not set(services).isdisjoint(incident.services)


def repeats(incident: Incident, command: Declare, at: datetime) -> bool:
    """Say whether this person declared just this a moment ago, and it is open."""
    return (
        incident.status in OPEN
        and incident.declared_at is not None
        and at - incident.declared_at < AGAIN
        and incident.declared_by == command.by.person
        and incident.practice == command.practice
        and (incident.audience is not None) is command.private
        and _read(incident.title, incident.details)
        == _read(*title_and_details(command.text, command.details))
    )


def _read(title: str, details: str) -> tuple[str, str]:
    """Return words as a person reads them, who sees neither case nor spaces."""
    return title.casefold(), " ".join(details.casefold().split())
