"""Where in a body of any form the things are that make an alert."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fields:
    """Paths into each alert, as `a.b.0` or `/a/b/0`; "" is that it does not say.

    `alerts` leads to the alerts, from the whole body; "" is the body itself. One that is no list
    is one alert. `resolved` are the values of `status`, in small letters, of one that is over.
    """

    alerts: str = ""
    fingerprint: str = "fingerprint"
    name: str = "name"
    status: str = "status"
    resolved: frozenset[str] = frozenset({"resolved", "ok", "closed"})
    severity: str = "severity"
    service: str = "service"
    summary: str = "summary"
    description: str = "description"
    link: str = "link"
    started_at: str = "started_at"
    ended_at: str = "ended_at"
    labels: str = "labels"
    group: str = "group"
