"""What monitoring systems post, field by field as their documentation describes it."""

from typing import Any

Body = dict[str, Any]
NEVER = "0001-01-01T00:00:00Z"


def alertmanager(status: str = "firing", **changed: Any) -> Body:
    """Two alerts of one group, of which the second is as told."""
    labels = {"alertname": "HighErrorRate", "service": "checkout", "severity": "critical"}
    ended = "2026-01-15T11:58:30.5Z" if status == "resolved" else NEVER
    one: Body = {
        "status": "firing",
        "labels": {**labels, "instance": "10.0.0.1:8080"},
        "annotations": {"summary": "5 % of requests fail", "description": "since the rollout"},
        "startsAt": "2026-01-15T12:50:26.739266876+01:00",
        "endsAt": NEVER,
        "generatorURL": "http://prometheus.example.com/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
        "fingerprint": "1a30ba71cca2921f",
    }
    other = {
        **one,
        "status": status,
        "labels": {**labels, "instance": "10.0.0.2:8080"},
        "endsAt": ended,
        "fingerprint": "bc97ff14869b13e3",
    }
    return {
        "version": "4",
        "groupKey": '{}/{severity="critical"}:{alertname="HighErrorRate"}',
        "truncatedAlerts": 3,
        "status": "firing",
        "receiver": "incidents",
        "groupLabels": {"alertname": "HighErrorRate"},
        "commonLabels": labels,
        "commonAnnotations": {"summary": "5 % of requests fail"},
        "externalURL": "http://alertmanager.example.com",
        "alerts": [one, other],
    } | changed


def grafana(**changed: Any) -> Body:
    alert: Body = {
        "status": "firing",
        "labels": {"alertname": "High memory usage", "team": "blue", "zone": "us-1"},
        "annotations": {
            "description": "The system has high memory usage",
            "runbook_url": "https://runbooks.example.com/1234",
            "summary": "This alert was triggered for zone us-1",
        },
        "startsAt": "2026-01-15T11:51:03.157076+02:00",
        "endsAt": NEVER,
        "values": {"B": 44.23943737541908, "C": 1},
        "valueString": "[ metric='' labels={} value=14151.331895396988 ]",
        "generatorURL": "https://grafana.example.com/alerting/1afz29v7z/edit",
        "fingerprint": "c6eadffa33fcdf37",
        "silenceURL": "https://grafana.example.com/alerting/silence/new?alertmanager=grafana",
        "dashboardURL": "",
        "panelURL": "https://grafana.example.com/d/abc?orgId=1&viewPanel=2",
        "imageURL": "https://grafana.example.com/shots/1.png",
    }
    return {
        "receiver": "incidents",
        "status": "firing",
        "orgId": 1,
        "alerts": [alert],
        "groupLabels": {},
        "commonLabels": {"team": "blue"},
        "commonAnnotations": {},
        "externalURL": "https://grafana.example.com/",
        "version": "1",
        "groupKey": "{}:{}",
        "truncatedAlerts": 0,
        "title": "[FIRING:1]  (blue)",
        "state": "alerting",
        "message": "**Firing** …",
    } | changed


def reference(kind: str, name: str, ident: str = "PF9KMXH") -> Body:
    return {
        "html_url": f"https://acme.pagerduty.com/{kind}/{ident}",
        "id": ident,
        "self": f"https://api.pagerduty.com/{kind}/{ident}",
        "summary": name,
        "type": f"{kind}_reference",
    }


def pagerduty(kind: str = "incident.triggered", **changed: Any) -> Body:
    """An event of an incident."""
    data: Body = {
        "id": "PGR0VU2",
        "type": "incident",
        "self": "https://api.pagerduty.com/incidents/PGR0VU2",
        "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2",
        "number": 2,
        "status": "triggered",
        "incident_key": "d3640fbd41094207a1c11e58e46b1662",
        "created_at": "2026-01-15T11:40:00Z",
        "title": "A little bump in the road",
        "service": reference("service", "API Service"),
        "assignees": [reference("user", "User 123", "PTUXL6G")],
        "escalation_policy": reference("escalation_policy", "Default", "PUS0KTE"),
        "teams": [reference("team", "Engineering", "PFCVPS0")],
        "priority": reference("priority", "P1", "PSO75BM"),
        "urgency": "high",
        "conference_bridge": {
            "conference_number": "+1 1234123412,,987654321#",
            "conference_url": "https://example.com",
        },
        "resolve_reason": None,
    } | changed
    return of_pagerduty(kind, data)


def of_pagerduty(kind: str, data: Body) -> Body:
    return {
        "event": {
            "id": "5ac64822-4adc-4fda-ade0-410becf0de4f",
            "event_type": kind,
            "resource_type": kind.partition(".")[0],
            "occurred_at": "2026-01-15T11:45:22.169Z",
            "agent": reference("user", "Tenex Engineer", "PLH1HKV"),
            "client": {"name": "PagerDuty"},
            "data": data,
        }
    }


NO_INCIDENT = [
    of_pagerduty(
        "incident.annotated",
        {
            "incident": reference("incident", "A little bump in the road", "PGR0VU2"),
            "id": "P2LA89X",
            "content": "I sure am glad",
            "trimmed": False,
            "type": "incident_note",
        },
    ),
    of_pagerduty("service.updated", {"id": "PF9KMXH", "type": "service", "teams": []}),
    of_pagerduty("pagey.ping", {"message": "Hello from your friend Pagey!", "type": "ping"}),
]


def generic(**changed: Any) -> Body:
    """One alert in the words that hold where nothing is mapped."""
    return {
        "fingerprint": "disk-db1",
        "name": "DiskFull",
        "status": "firing",
        "severity": "warning",
        "service": "database",
        "summary": "3 % left on /var",
        "description": "It was 10 % an hour ago.",
        "link": "https://checks.example.com/disk-db1",
        "started_at": "2026-01-15T11:30:00Z",
        "labels": {"host": "db1", "percent": 3, "paged": False, "rack": None},
    } | changed
