"""Alerts that many tests speak of."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.alerts import Alert, Group
from tests.samples import T

MINUTE = timedelta(minutes=1)


def alert(
    fingerprint: str = "f1",
    severity: str = "critical",
    service: str = "checkout",
    *,
    at: datetime = T,
    ended: datetime | None = None,
    summary: str = "one order in ten fails",
    **labels: str,
) -> Alert:
    told = {"alertname": "ErrorsHigh", "severity": severity, "service": service, **labels}
    link = f"https://example.com/{fingerprint}"
    return Alert(fingerprint, "ErrorsHigh", at, ended, told, summary, "", link)


def group(*alerts: Alert, key: str = "errors", source: str = "alertmanager") -> Group:
    shared: Mapping[str, str] = {"alertname": "ErrorsHigh"}
    return Group(source, key, alerts or (alert(),), shared, "https://example.com")
