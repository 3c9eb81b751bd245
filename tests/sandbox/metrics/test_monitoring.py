"""Alerts from the first sign to the end, as Prometheus and Alertmanager tell them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.alerts import Group
from handlers.web.alerts import alertmanager as door
from sandbox.metrics.alerts import fingerprint
from sandbox.metrics.matching import labels
from sandbox.metrics.rule_files import RuleFileError, rule_groups
from tests.sandbox.metrics.monitored import scene

FIRES = ("firing", [("mail", "firing")])
IS_OVER = ("resolved", [("mail", "resolved")])


async def test_what_holds_for_so_long_fires_is_told_and_is_over() -> None:
    async with scene() as s:
        await s.steps(1, mail=2000)
        [alert] = [a for a in await alerts(s) if a["labels"]["alertname"] == "QueueGrows"]
        assert alert["state"] == "pending"
        assert alert["value"] == "2e+03"
        assert alert["annotations"] == {"summary": "mail has 2k waiting"}
        await s.steps(1, mail=2000)
        assert await count(s, 'ALERTS{alertstate="firing",alertname="QueueGrows"}') == 0
        await s.steps(1, mail=2000)
        assert await count(s, 'ALERTS{alertstate="firing",alertname="QueueGrows"}') == 1
        assert await count(s, 'ALERTS{alertstate="pending",alertname="QueueGrows"}') == 0
        assert s.said() == []  # group_wait
        await s.steps(2, mail=2000)
        assert s.said() == [FIRES]
        await s.steps(10, mail=2000)
        assert s.said() == [FIRES]
        await s.steps(5, mail=1)
        assert s.said() == [FIRES, IS_OVER]
        await s.steps(50, mail=1)
        assert s.said() == [FIRES, IS_OVER]
        assert await count(s, 'ALERTS{alertname="QueueGrows"}') == 0


async def test_what_does_not_last_or_stops_being_measured_is_no_alert_any_more() -> None:
    async with scene() as s:
        await s.steps(2, mail=2000)
        await s.steps(5, mail=1)
        assert s.said() == []
        await s.steps(5, mail=2000)
        await s.steps(5)  # nobody measures it
        assert s.said() == [FIRES, IS_OVER]


async def test_it_is_told_again_after_a_time_and_a_group_has_all_of_its_alerts() -> None:
    rules = """
groups: [{name: g, rules: [{alert: Down, expr: queue > 0, labels: {service: all}}]}]
"""
    async with scene(rules) as s:
        await s.steps(4, mail=1)
        assert [len(body["alerts"]) for body in s.told] == [1]
        await s.steps(6, mail=1, shop=1)
        assert [len(body["alerts"]) for body in s.told] == [1, 2]
        await s.steps(6, shop=1)
        last = s.told[-1]
        assert [a["status"] for a in last["alerts"]] == ["firing", "resolved"]
        assert last["status"] == "firing"
        assert last["groupKey"] == '{}:{alertname="Down", service="all"}'
        assert last["commonLabels"] == {"alertname": "Down", "service": "all"}
        before = len(s.told)
        await s.steps(26, shop=1)  # repeat_interval
        assert len(s.told) == before + 1


async def test_what_could_not_be_told_is_told_at_the_next_step() -> None:
    async with scene() as s:
        s.status = 503
        await s.steps(8, mail=2000)
        assert s.said() == []
        assert s.monitoring.trouble == "HTTP 503"
        s.status = 200
        await s.steps(1, mail=2000)
        assert s.said() == [FIRES]
        assert s.monitoring.trouble == ""
        s.status = 500
        await s.steps(6, mail=1)
        assert s.said() == [FIRES]
        s.status = 200
        await s.steps(1, mail=1)
        assert s.said() == [FIRES, IS_OVER]


async def test_who_does_not_answer_holds_nothing_up_and_is_told_again() -> None:
    async with scene() as s:
        await s.steps(4, mail=2000)
        s.answers.clear()
        s.heard.clear()
        s.step(mail=2000)
        await s.heard.wait()
        s.step(mail=2000)  # goes on
        s.step(mail=2000)  # ten seconds later
        await s.monitoring.settled()
        assert s.monitoring.trouble == "no answer within 10 seconds"
        assert s.said() == []
        await s.steps(1, mail=2000)
        assert s.said() == [FIRES]


@pytest.mark.parametrize("server", ["prometheus", "alertmanager"])
async def test_pages_of_other_sites_are_refused_and_what_is_unknown_too(server: str) -> None:
    async with scene() as s:
        url = getattr(s.monitoring, f"{server}_url")
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            async with s.http.get(f"{url}/-/healthy", headers=headers) as answer:
                assert answer.status == 403
        async with s.http.get(f"{url}/-/healthy") as answer:
            assert answer.status == 200
        async with s.http.get(f"{url}/api/v1/targets") as answer:
            assert answer.status == 404
            assert "upported are /api/v" in await answer.text()


async def test_what_is_silenced_is_not_told_nor_its_end() -> None:
    async with scene() as s:
        await s.steps(5, mail=2000, shop=2000)
        assert s.said() == [FIRES, ("firing", [("shop", "firing")])]
        id_ = await s.silence(1000, service="mail")
        quiet = await s.ask("alertmanager", "/api/v2/alerts", silenced="true", active="false")
        assert [a["labels"]["service"] for a in quiet] == ["mail"]
        assert quiet[0]["status"] == {
            "inhibitedBy": [],
            "silencedBy": [id_],
            "state": "suppressed",
        }
        await s.steps(8, mail=1, shop=1)
        assert s.said()[2:] == [("resolved", [("shop", "resolved")])]
        url = f"{s.monitoring.alertmanager_url}/api/v2/silence/{id_}"
        async with s.http.delete(url) as answer:
            assert answer.status == 200
        async with s.http.delete(url) as answer:
            assert answer.status == 500  # as the real one: it has expired already
        await s.steps(8, mail=1, shop=1)
        assert len(s.told) == 3
        [kept] = await s.ask("alertmanager", "/api/v2/silences")
        assert kept["status"] == {"state": "expired"}


async def test_a_silence_ends_by_itself_and_what_fires_then_is_told() -> None:
    async with scene() as s:
        await s.silence(60, service="mail")
        await s.steps(11, mail=2000)
        assert s.said() == []
        await s.steps(5, mail=2000)
        assert s.said() == [FIRES]


async def test_the_bot_understands_it() -> None:
    async with scene() as s:
        await s.steps(5, mail=2000)
        [body] = s.told
        [group] = door.groups(body, datetime.now(UTC))
        assert isinstance(group, Group)
        found = await s.ask("prometheus", "/api/v1/rules")
        [watched] = found["data"]["groups"]
        assert [rule["state"] for rule in watched["rules"]] == ["firing", "firing"]
        assert body["alerts"][0]["generatorURL"].startswith(
            f"{s.monitoring.prometheus_url}/graph?g0.expr=queue%20%3E%201000"
        )


async def test_a_link_of_an_alert_leads_to_what_its_query_gives() -> None:
    async with scene() as s:
        await s.steps(5, mail=2000)
        url = s.told[0]["alerts"][0]["generatorURL"]
        async with s.http.get(url) as answer:
            assert answer.status == 200
            assert (await answer.json())["data"]["result"][0]["value"][1] == "2000"


def test_an_alert_is_called_as_alertmanager_calls_it() -> None:
    assert fingerprint(()) == "cbf29ce484222325"
    given = labels({"alertname": "QueueGrows", "severity": "warning", "service": "mail"})
    assert fingerprint(given) == fingerprint(tuple(sorted(given)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("groups: {", "no YAML"),
        ("[]", "not as they should be"),
        ("groups: [{name: g}]", "groups.0.rules: Field required"),
        ("groups: [{name: g, rules: [{alert: A, expr: 'rate(up'}]}]", "parse error"),
        ("groups: [{name: g, rules: [{alert: A, expr: 'up[5m]'}]}]", "range vector"),
        ("groups: [{name: g, rules: [{record: a, expr: up}]}]", "alert: Field required"),
        ("groups: [{name: g, rules: [{alert: A, expr: up, for: soon}]}]", "not a valid duration"),
        ("groups: [{name: g, interval: 0s, rules: []}]", "greater than 0"),
        ("groups: [{name: g, rules: [{alert: A, expr: up, labels: {a-b: c}}]}]", "label name"),
        (
            "groups: [{name: g, rules: [{alert: A, expr: up, annotations: {a: '{{ query }}'}}]}]",
            "supported are",
        ),
    ],
)
def test_rules_with_mistakes_are_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        rule_groups(text)


async def alerts(s: Any) -> list[Any]:
    return list((await s.ask("prometheus", "/api/v1/alerts"))["data"]["alerts"])


async def count(s: Any, query: str) -> int:
    return len((await s.ask("prometheus", "/api/v1/query", query=query))["data"]["result"])
