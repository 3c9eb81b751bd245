"""What of an incident is assessed."""

from dataclasses import replace

from .assessment import Subject, of_alerts
from .state import Incident


def subject_of(incident: Incident) -> Subject:
    """Return what people and alerts say of it; how bad it is counts as stated once declared."""
    alerts = of_alerts(incident.alarms.values())
    texts = (incident.title, incident.details, incident.impact, *alerts.texts)
    return replace(
        alerts,
        texts=tuple(dict.fromkeys(text for text in texts if text.strip())),
        services=incident.services,
        stated=incident.severity if incident.status else None,
    )
