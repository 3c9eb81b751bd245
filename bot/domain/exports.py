"""An incident as data, for whoever works on it with other tools. A file format: it only grows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .events import event_type
from .facts import Fact
from .incident import Incident
from .milestones import durations
from .postmortem import Postmortem, Task, participants
from .records import to_record
from .state import Alarm
from .transcript import Message

SCHEMA = 1
STAMPED = {"type", "v", "occurred_at"}  # said beside the payload, or of the store only


def exported(
    story: Postmortem, facts: Sequence[Fact], said: Sequence[Message], names: Mapping[str, str]
) -> dict[str, Any]:
    """Return all that is known of the incident as plain values, but for what is left out."""
    incident = story.incident
    return {
        "schema": SCHEMA,
        "as_of": story.at,
        "incident": _summary(incident),
        "milestones": {
            str(milestone): {"at": passed.at, "by": passed.by, "said": passed.said}
            for milestone, passed in incident.milestones.items()
        },
        "durations_seconds": {
            name: span.total_seconds() for name, span in durations(incident.milestones).items()
        },
        "people": _people(incident, names),
        "action_items": [_task(task) for task in story.tasks],
        "open_questions": [asdict(question) for question in story.questions],
        "events": [_event(incident, seq, fact) for seq, fact in enumerate(facts, 1)],
        "alerts": [_alert(alarm) for alarm in incident.alarms.values()],
        "cost": asdict(incident.cost) if incident.cost else None,
        "transcript": [asdict(message) for message in said],
    }


def _summary(incident: Incident) -> dict[str, Any]:
    learned = incident.conclusion
    return {
        "id": incident.id,
        "title": incident.title,
        "details": incident.details,
        "severity": incident.severity,
        "status": incident.status,
        "private": incident.audience is not None,
        "practice": incident.practice,
        "services": incident.services,
        "impact": incident.impact,
        "declared_at": incident.declared_at,
        "declared_by": incident.declared_by,
        "commander": incident.commander,
        "channel": incident.channel,
        "merged_into": incident.into,
        "absorbed": incident.absorbed,
        "postmortem": incident.postmortem,
        **asdict(learned),
    }


def _alert(alarm: Alarm) -> dict[str, Any]:
    return {
        "source": alarm.source,
        "group": alarm.group,
        "fingerprint": alarm.fingerprint,
        "name": alarm.name,
        "summary": alarm.summary,
        "severity": alarm.severity,
        "services": alarm.services,
        "labels": dict(alarm.labels),
        "link": alarm.link,
        "started_at": alarm.started_at,
        "ended_at": alarm.ended_at,
        "fired": alarm.fired,
    }


def _people(incident: Incident, names: Mapping[str, str]) -> list[dict[str, Any]]:
    roles = participants(incident)
    return [
        {
            "id": person,
            "name": names.get(person, person),
            "roles": [role for role, people in roles.items() if person in people],
        }
        for person in sorted({person for people in roles.values() for person in people})
    ]


def _task(task: Task) -> dict[str, Any]:
    item, source = task.item, task.source
    return {
        "number": item.number,
        "text": item.text or (source.words if source else None) or "",
        "owner": item.owner,
        "due": item.due,
        "urgency": item.urgency,
        "by": item.by,
        "done_at": item.done_at,
        "link": source.link if source else None,
    }


def _event(incident: Incident, seq: int, fact: Fact) -> dict[str, Any]:
    payload = {k: v for k, v in to_record(fact).items() if k not in STAMPED}
    return {
        "event_id": f"{incident.id}/{seq}",
        "type": event_type(fact),
        "timestamp": fact.stamp.occurred_at,
        "payload": payload,
    }
