"""Payloads of each source, as its documentation describes them, and what they come to."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.alerts import Fields
from handlers.web.alerts import alertmanager, generic, grafana, pagerduty, values
from handlers.web.alerts.mistakes import Malformed
from tests import alerts
from tests.samples import T

FIELDS = Fields()


def at(hour: int, minute: int, second: float = 0) -> datetime:
    return datetime(2026, 1, 15, hour, minute, tzinfo=UTC) + timedelta(seconds=second)


def wrong(translate: Any, *arguments: Any) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as malformed:
        translate(*arguments)
    return [(mistake.at, mistake.what) for mistake in malformed.value.mistakes]


def test_a_group_of_alertmanagers() -> None:
    [group] = alertmanager.groups(alerts.alertmanager(), T)
    assert (group.source, group.untold) == ("alertmanager", 3)
    assert group.key == '{}/{severity="critical"}:{alertname="HighErrorRate"}'
    assert group.link == "http://alertmanager.example.com"
    assert group.labels["service"] == "checkout"
    one, other = group.alerts
    assert (one.fingerprint, one.name) == ("1a30ba71cca2921f", "HighErrorRate")
    assert (one.summary, one.description) == ("5 % of requests fail", "since the rollout")
    assert one.labels["instance"] == "10.0.0.1:8080"
    assert (one.started_at, one.ended_at) == (at(11, 50, 26.739266), None)
    assert one.link == "http://prometheus.example.com/graph?g0.expr=up+%3D%3D+0&g0.tab=1"
    assert other.firing


def test_what_is_resolved_has_ended_and_what_fires_has_not() -> None:
    [group] = alertmanager.groups(alerts.alertmanager("resolved"), T)
    assert [alert.ended_at for alert in group.alerts] == [None, at(11, 58, 30.5)]
    body = alerts.alertmanager("resolved")
    body["alerts"][0]["endsAt"] = "2026-01-15T13:00:00Z"  # until then, if nothing more is heard
    body["alerts"][1]["endsAt"] = alerts.NEVER
    [group] = alertmanager.groups(body, T)
    assert [alert.ended_at for alert in group.alerts] == [None, T]


def test_an_older_alertmanager_tells_alerts_apart_by_their_labels_only() -> None:
    body = alerts.alertmanager()
    for alert in body["alerts"]:
        del alert["fingerprint"]
    [group] = alertmanager.groups(body, T)
    one, other = (alert.fingerprint for alert in group.alerts)
    assert one != other
    assert alertmanager.groups(body, T) == [group]


def test_what_is_wrong_is_told_with_its_place() -> None:
    body = alerts.alertmanager(version="5", externalURL=7, groupLabels=None)
    body["alerts"][1] |= {"status": "burning", "startsAt": "yesterday", "labels": {"a/b": 1}}
    del body["receiver"]
    assert wrong(alertmanager.groups, body, T) == [
        ("/receiver", "Field required"),
        ("/groupLabels", "Input should be a valid dictionary"),
        ("/externalURL", "Input should be a valid string"),
        ("/version", "Input should be '4'"),
        ("/alerts/1/status", "Input should be 'firing' or 'resolved'"),
        ("/alerts/1/labels/a~1b", "Input should be a valid string"),
        ("/alerts/1/startsAt", "is no time as in 2026-01-15T12:00:00Z"),
    ]
    nothing: tuple[object, ...] = (None, [], "x", 1)
    for other in nothing:
        assert [where for where, _ in wrong(alertmanager.groups, other, T)] == [""]
    assert wrong(alertmanager.groups, alerts.alertmanager(alerts=[]), T)[0][0] == "/alerts"


def test_a_group_of_grafanas() -> None:
    [group] = grafana.groups(alerts.grafana(), T)
    assert (group.source, group.key, group.untold) == ("grafana", "{}:{}", 0)
    assert group.link == "https://grafana.example.com/"
    [alert] = group.alerts
    assert (alert.name, alert.labels["zone"]) == ("High memory usage", "us-1")
    assert (alert.started_at, alert.firing) == (at(9, 51, 3.157076), True)
    assert alert.link == "https://grafana.example.com/d/abc?orgId=1&viewPanel=2"
    assert alert.summary == "This alert was triggered for zone us-1"


def test_without_a_panel_grafanas_alert_leads_to_its_rule() -> None:
    body = alerts.grafana()
    body["alerts"][0] |= {"panelURL": "", "values": None}
    [group] = grafana.groups(body, T)
    assert group.alerts[0].link == "https://grafana.example.com/alerting/1afz29v7z/edit"


def test_alertmanager_and_grafana_are_not_taken_for_each_other() -> None:
    assert ("/version", "Input should be '4'") in wrong(alertmanager.groups, alerts.grafana(), T)
    assert ("/version", "Input should be '1'") in wrong(grafana.groups, alerts.alertmanager(), T)


def test_an_incident_of_pagerdutys() -> None:
    [group] = pagerduty.groups(alerts.pagerduty(), T)
    [alert] = group.alerts
    assert (group.source, group.key, alert.fingerprint) == ("pagerduty", "PGR0VU2", "PGR0VU2")
    assert group.link == alert.link == "https://acme.pagerduty.com/incidents/PGR0VU2"
    assert (alert.name, alert.started_at) == ("A little bump in the road", at(11, 40))
    assert alert.labels == {
        "alertname": "A little bump in the road",
        "escalation_policy": "Default",
        "priority": "P1",
        "service": "API Service",
        "severity": "P1",
        "urgency": "high",
    }


@pytest.mark.parametrize(
    ("kind", "status", "firing"),
    [
        ("incident.triggered", "triggered", True),
        ("incident.acknowledged", "acknowledged", True),
        ("incident.unacknowledged", "triggered", True),
        ("incident.escalated", "triggered", True),
        ("incident.resolved", "resolved", False),
        ("incident.reopened", "triggered", True),
        ("incident.priority_updated", "resolved", False),
        ("incident.of_another_year", "acknowledged", True),
    ],
)
def test_every_event_of_an_incident_says_how_it_is(
    kind: str, status: str, *, firing: bool
) -> None:
    [group] = pagerduty.groups(alerts.pagerduty(kind, status=status), T)
    ended = None if firing else at(11, 45, 22.169)
    assert [alert.ended_at for alert in group.alerts] == [ended]


def test_urgency_is_how_bad_it_is_where_there_are_no_priorities() -> None:
    body = alerts.pagerduty(priority=None, urgency="low", service=None, escalation_policy=None)
    [group] = pagerduty.groups(body, T)
    assert group.labels["severity"] == "low"
    assert "priority" not in group.labels


@pytest.mark.parametrize("body", alerts.NO_INCIDENT)
def test_what_is_no_incident_is_no_alert(body: Any) -> None:
    assert pagerduty.groups(body, T) == []


def test_an_event_that_has_to_be_of_an_incident_is() -> None:
    body = alerts.pagerduty(type="service", status=None)
    assert [where for where, _ in wrong(pagerduty.groups, body, T)] == [
        "/event/data/type",
        "/event/data/status",
    ]
    assert wrong(pagerduty.groups, {"messages": []}, T) == [("/event", "Field required")]


def test_any_of_pagerdutys_signatures_will_do() -> None:
    right = f"v1={hmac.new(b's3cret', b'{}', 'sha256').hexdigest()}"
    assert pagerduty.signed(b"{}", right, "s3cret")
    assert pagerduty.signed(b"{}", f"v1=00, {right}", "s3cret")
    for given in ("", "v1=", right[3:], f"v0={right[3:]}", f"{right}0", "v1=é"):
        assert not pagerduty.signed(b"{}", given, "s3cret")
    assert not pagerduty.signed(b"{ }", right, "s3cret")


def test_one_alert_in_the_words_that_hold_where_nothing_is_mapped() -> None:
    [group] = generic.groups(alerts.generic(), T, FIELDS)
    [alert] = group.alerts
    assert (group.source, group.key, alert.fingerprint) == ("generic", "disk-db1", "disk-db1")
    assert (alert.name, alert.summary) == ("DiskFull", "3 % left on /var")
    assert (alert.started_at, alert.ended_at) == (at(11, 30), None)
    assert group.link == alert.link == "https://checks.example.com/disk-db1"
    assert alert.labels == {
        "alertname": "DiskFull",
        "host": "db1",
        "paged": "false",
        "percent": "3",
        "service": "database",
        "severity": "warning",
    }


def test_alerts_are_found_where_the_configuration_says() -> None:
    fields = Fields(
        *("payload.events", "/check/id~1no", "check.names.0", "/ok"),
        resolved=frozenset({"true"}),
        severity="prio",
        started_at="since",
        ended_at="",
        labels="",
        group="check.group",
    )
    check = {"id/no": 7, "names": ["Ping", "ICMP"], "group": "net"}
    events = [
        {"check": check, "ok": False, "prio": "high", "since": 1768476600},
        {"check": {**check, "id/no": 8}, "ok": True, "since": 1768476600000},
        {"check": {**check, "group": None}, "since": "2026-01-15 11:30:00"},
    ]
    net, seven = generic.groups({"payload": {"events": events}}, T, fields)
    assert (net.key, seven.key) == ("net", "7")
    one, other = net.alerts
    assert (one.fingerprint, one.name, one.labels["severity"]) == ("7", "Ping", "high")
    assert (one.ended_at, other.ended_at) == (None, T)
    assert one.started_at == other.started_at == seven.alerts[0].started_at == at(11, 30)
    assert net.labels == {"alertname": "Ping"}


def test_what_is_told_twice_counts_as_it_was_told_last() -> None:
    body = [alerts.generic(), alerts.generic(status="OK", ended_at="2026-01-15T11:59:00Z")]
    [group] = generic.groups(body, T, FIELDS)
    assert [alert.ended_at for alert in group.alerts] == [at(11, 59)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, [("/fingerprint", "is missing or empty"), ("/name", "is missing or empty")]),
        ([], [("", "is neither an alert nor a list of alerts")]),
        ("x", [("", "is neither an alert nor a list of alerts")]),
        ([1, {}], [("/0", "is no object")]),
        ([alerts.generic(name=[])], [("/0/name", "is no text")]),
        (alerts.generic(labels=[]), [("/labels", "is no object")]),
        (alerts.generic(labels={"a": {}}), [("/labels/a", "is no text")]),
        (alerts.generic(started_at=1e300), [("/started_at", "is no time of this century")]),
        (
            alerts.generic(started_at=True),
            [("/started_at", "is no time as in 2026-01-15T12:00:00Z")],
        ),
        (
            alerts.generic(ended_at="2226-01-15T12:00:00Z"),
            [("/ended_at", "is not between the years 2000 and 2100")],
        ),
    ],
)
def test_what_cannot_be_mapped_is_told_with_its_place(body: Any, said: Any) -> None:
    assert wrong(generic.groups, body, T, FIELDS) == said


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-15T12:00:00Z", T),
        ("2026-01-15T13:00:00+01:00", T),
        (alerts.NEVER, None),
        ("0001-01-01T00:00:00+02:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_the_zero_of_time_is_no_time(text: str, read: datetime | None) -> None:
    assert values.moment(text) == read


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "2026-01-15T12:30:00", "now", 7])
def test_what_is_no_time_is_refused_without_being_repeated(text: Any) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 -- its words are what is looked at
        values.moment(text)
    assert str(text) not in str(error.value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://example.com/a?b=c&d=%20#e", "https://example.com/a?b=c&d=%20#e"),
        (" https://example.com/a b|c>d ", "https://example.com/a%20b%7Cc%3Ed"),
        ("javascript:alert(1)", None),
        ("ftp://example.com/a", None),
        ("/graph?g0.expr=up", None),
        ("https://[", None),
        ("https://example.com/" + "a" * 3000, None),
        ("", None),
    ],
)
def test_a_link_may_stand_in_a_message(text: str, kept: str | None) -> None:
    assert values.link(text) == kept


def test_whatever_is_told_can_be_kept() -> None:
    long = "é" * 10_000
    body = alerts.alertmanager(groupKey=long, commonLabels={long: long, "a\0b": "c\0d"})
    body["alerts"][0] |= {"fingerprint": long + "1", "annotations": {"description": long}}
    body["alerts"][1] |= {"fingerprint": long + "2", "labels": {f"l{n}": "" for n in range(500)}}
    [group] = alertmanager.groups(body, T)
    one, other = group.alerts
    assert one.fingerprint != other.fingerprint
    for key in (group.key, one.fingerprint, other.fingerprint):
        assert len(key.encode()) <= values.KEY
    assert len(one.description) == values.DESCRIPTION
    assert len(other.labels) == values.LABELS
    assert group.labels["ab"] == "cd"
    [again] = alertmanager.groups(body | {"groupKey": long + "!"}, T)
    assert again.key != group.key
