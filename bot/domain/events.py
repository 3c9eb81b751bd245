"""Facts as events for whoever reads the event log. A file format: what a fact says stays so."""

from datetime import UTC, timedelta
from typing import NamedTuple

from .authority import Authority, Source
from .event_types import TYPES
from .facts import Fact, StatusChanged
from .incident import Incident, evolve
from .records import Record, from_record
from .status import Status
from .visibility import visible

MINUTE = timedelta(minutes=1)
AGENT = "incident-response-agent"
NOBODY = Authority("", Source.SLACK)  # the log's reader is nobody in particular

Event = dict[str, object]


class Place(NamedTuple):
    """The store's position of a fact, and the fact's number among its incident's, from 1."""

    position: int
    number: int


def told(before: Incident, record: Record, place: Place) -> tuple[Incident, Event]:
    """Tell one fact, as it was written, as an event; return the incident after it too.

    Nothing else counts, so that the same facts give the same events for ever.
    """
    fact = from_record(record)
    after = evolve(before, fact)
    return after, {
        "event_id": f"{before.id}/{place.number}",
        "position": place.position,
        "type": event_type(fact),
        "agent": AGENT,
        "timestamp": fact.stamp.occurred_at.astimezone(UTC).isoformat(),
        "payload": _payload(fact, record, after),
    }


def event_type(fact: Fact) -> str:
    """Return what the fact is called in the event log and in exports."""
    match fact:
        case StatusChanged(_, Status.RESOLVED):
            return "INCIDENT_RESOLVED"
        case _:
            return TYPES[type(fact)]


def _payload(fact: Fact, record: Record, after: Incident) -> dict[str, object]:
    """Return what the record says, not what a newer bot reads in it: lines outlive upcasters."""
    if not visible(after, NOBODY):
        return {"incident_id": after.id, "private": True}
    own = {name: value for name, value in record.items() if name not in OUTSIDE}
    practised = {} if after.practice is None else {"practice": after.practice}
    return {"incident_id": after.id, **own, **practised, **_resolution(fact, after)}


OUTSIDE = frozenset({"type", "v", "occurred_at"})  # said beside the payload, or of the store only


def _resolution(fact: Fact, after: Incident) -> dict[str, object]:
    """Sum up an incident that is resolved; None is what nobody knows."""
    match fact:
        case StatusChanged(stamp, Status.RESOLVED):
            began = after.declared_at
            lasted = max(0, (stamp.occurred_at - began) // MINUTE) if began else None
            learned = after.conclusion
            return {
                "severity": after.severity,
                "duration_minutes": lasted,
                "root_cause": learned.root_cause or None,
                "mitigation": learned.immediate_fix or None,
                "data_loss": learned.data_loss,
            }
        case _:
            return {}
