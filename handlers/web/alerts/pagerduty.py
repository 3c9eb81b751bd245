"""PagerDuty's webhooks, version 3: one event, most often of an incident.

What is sent of anything else (notes, responders, services, types of events to come) is no alert.
It is answered as taken all the same: after three refusals PagerDuty sends nothing for a day.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, JsonValue, ValidationError

from bot.domain.alerts import Alert, Group

from . import values
from .mistakes import malformed
from .notifications import Told
from .values import Moment

SOURCE = "pagerduty"
OF_INCIDENTS = {
    f"incident.{what}"
    for what in (
        *("triggered", "acknowledged", "unacknowledged", "resolved", "reopened"),
        *("escalated", "delegated", "reassigned", "priority_updated"),
    )
}

Text = Annotated[str, Field(min_length=1)]


class Reference(Told):
    """Another thing of PagerDuty's, by name."""

    id: str
    summary: str | None = None
    html_url: str | None = None


class Incident(Told):
    """What the data of an event is that is about an incident."""

    type: Literal["incident"]
    id: Text
    title: str
    status: Literal["triggered", "acknowledged", "resolved"]
    created_at: Moment
    html_url: str | None = None
    number: int | None = None
    urgency: Literal["high", "low"] | None = None
    service: Reference | None = None
    priority: Reference | None = None
    escalation_policy: Reference | None = None


class Thing(Told):
    """What the data of any other event is."""

    type: Text


class Event(Told):
    """What happened."""

    id: Text
    event_type: Text
    resource_type: Text
    occurred_at: Moment
    data: Mapping[str, JsonValue]


class Webhook(Told):
    """The whole payload."""

    event: Event


def groups(body: object, at: datetime) -> Sequence[Group]:
    """Return what was told, as of then: nothing if it is of no incident. Raises Malformed."""
    try:
        event = Webhook.model_validate(body).event
    except ValidationError as error:
        raise malformed(error) from None
    about = event.event_type in OF_INCIDENTS or event.data.get("type") == "incident"
    try:
        told = (Incident if about else Thing).model_validate(event.data)
    except ValidationError as error:
        raise malformed(error, "event", "data") from None
    if not isinstance(told, Incident):
        return []
    now = event.occurred_at or at
    anew = event.event_type == "incident.reopened" or told.status == "resolved"
    return [_group(told, now if anew else told.created_at or now, now)]


def signed(body: bytes, signatures: str, secret: str) -> bool:
    """Say whether one of the signatures is PagerDuty's; there are two while a secret changes."""
    right = f"v1={hmac.new(secret.encode(), body, sha256).hexdigest()}".encode()
    given = [each.strip().encode() for each in signatures.split(",")]
    return any([hmac.compare_digest(each, right) for each in given])


def _group(told: Incident, began: datetime, at: datetime) -> Group:
    """Return the incident as an alert that began then; one that is reopened begins anew."""
    link = values.link(told.html_url)
    labels = values.labels(_labels(told))
    alert = Alert(
        values.key(told.id),
        values.fit(told.title or told.id, values.NAME),
        began,
        max(began, at) if told.status == "resolved" else None,
        labels,
        values.fit(told.title, values.SUMMARY),
        link=link,
    )
    return Group(SOURCE, alert.fingerprint, (alert,), labels, link)


def _labels(told: Incident) -> list[tuple[str, str]]:
    """Return what an alert has in labels; its priority says more than its urgency."""
    priority = told.priority.summary if told.priority else None
    said = {
        "alertname": told.title,
        "severity": priority or told.urgency,
        "priority": priority,
        "urgency": told.urgency,
        "service": told.service.summary if told.service else None,
        "escalation_policy": told.escalation_policy.summary if told.escalation_policy else None,
    }
    return [(name, value) for name, value in said.items() if value]
