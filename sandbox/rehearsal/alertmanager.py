"""What Alertmanager posts to a webhook about one alert."""

import hashlib
from datetime import UTC, datetime

from .fields import Json
from .steps import Alert

NEVER = "0001-01-01T00:00:00Z"


def told(alert: Alert, now: float) -> Json:
    """Return the body, version 4, for an alert that begins or ends now."""
    moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    labels, annotations = dict(alert.labels), dict(alert.annotations)
    named = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    group = {"alertname": labels.get("alertname", "")}
    ended = alert.status == "resolved"
    one = {
        "status": alert.status,
        "labels": labels,
        "annotations": annotations,
        "startsAt": moment,
        "endsAt": moment if ended else NEVER,
        "generatorURL": "",
        "fingerprint": hashlib.blake2s(named.encode(), digest_size=8).hexdigest(),
    }
    return {
        "version": "4",
        "groupKey": f"{{}}:{{{named}}}",
        "truncatedAlerts": 0,
        "status": alert.status,
        "receiver": "incidents",
        "groupLabels": group,
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": "",
        "alerts": [one],
    }
