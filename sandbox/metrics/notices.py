"""What Alertmanager tells of a group of alerts: version 4 of its webhook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from . import written
from .alerts import Alert, fingerprint
from .matching import Labels

NEVER = "0001-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as it is at the moment; `ends` is when it will be over if nobody says otherwise."""

    labels: Labels
    annotations: Mapping[str, str]
    begins: float
    ends: float
    updated: float
    source: str
    resolved: bool

    @property
    def id(self) -> str:
        """Return its fingerprint."""
        return fingerprint(self.labels)


def told(alert: Alert, now: float, lasting: float) -> Told:
    """Return what Prometheus tells of an alert; without another word it is over after so long."""
    over = alert.state == "inactive"
    ends = alert.resolved_at if over else now + lasting
    return Told(
        alert.labels, dict(alert.annotations), alert.fired_at, ends, now, alert.source, over
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """All that is told of a group at once."""

    key: str
    group: Labels
    alerts: Sequence[Told]

    def body(self, receiver: str, address: str) -> Mapping[str, Any]:
        """Return it as it is posted."""
        alerts = sorted(self.alerts, key=lambda alert: (alert.resolved, alert.labels))
        fires = any(not alert.resolved for alert in alerts)
        return {
            "receiver": receiver,
            "status": "firing" if fires else "resolved",
            "alerts": [_alert(alert) for alert in alerts],
            "groupLabels": dict(self.group),
            "commonLabels": _common([dict(alert.labels) for alert in alerts]),
            "commonAnnotations": _common([alert.annotations for alert in alerts]),
            "externalURL": address,
            "version": "4",
            "groupKey": self.key,
            "truncatedAlerts": 0,
        }


def _alert(alert: Told) -> Mapping[str, Any]:
    return {
        "status": "resolved" if alert.resolved else "firing",
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "startsAt": written.moment(alert.begins),
        "endsAt": written.moment(alert.ends) if alert.resolved else NEVER,
        "generatorURL": alert.source,
        "fingerprint": alert.id,
    }


def _common(given: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    pairs = reduce(lambda a, b: a & b, (set(one.items()) for one in given)) if given else set()
    return dict(sorted(pairs))
