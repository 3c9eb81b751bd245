"""What an incident looks like to the rules of the assessment, before anybody looked."""

from collections.abc import Iterable
from itertools import islice

from .assessment import Assessment, Subject, assess
from .policy import Policy
from .practice import policy_of
from .state import Alarm, Incident

READ = 50  # alarms, the worst; many tell the same


def subject_of(incident: Incident) -> Subject:
    """Return what people and alerts say of it, the worst alarms as far as they are many."""
    alarms = tuple(islice(worst_first(incident.firing or incident.alarms.values()), READ))
    said = (incident.title, incident.details, incident.impact)
    told = (text for a in alarms for text in (a.name, a.summary, a.description))
    texts = dict.fromkeys(text for text in (*said, *told) if text.strip())
    labels = {tuple(sorted(alarm.labels.items())) for alarm in alarms}
    return Subject(
        tuple(texts), tuple(dict(each) for each in sorted(labels)), tuple(incident.services)
    )


def appraised(incident: Incident, policy: Policy) -> Assessment:
    """Assess it by the rules that nobody disagrees with."""
    return assess(subject_of(incident), policy_of(incident, policy), incident.disputed)


def worst_first(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Return those that fire before the others, the worst first, then the newest."""
    newest = sorted(alarms, key=lambda alarm: alarm.started_at, reverse=True)
    return sorted(newest, key=lambda alarm: (not alarm.firing, alarm.severity or "P9"))
