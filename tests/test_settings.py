"""Mistakes are told at the door, all at once."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.login import headers
from bot.cli import schema
from bot.domain.alerts import Fields, Maintenance, Raise, Threshold, Watchdog
from bot.domain.assessment import Rule
from bot.domain.catalogue import Measures
from bot.domain.policy import Marking, Policy
from bot.domain.severity import Severity
from bot.domain.spikes import Spike
from bot.domain.watching import Sight, WatchRules
from bot.settings import (
    Configuration,
    ConfiguredRules,
    Mistakes,
    read,
    read_configuration,
    read_environment,
)

ROOT = Path(__file__).parent.parent
NAMES = [
    "INCIDENT_CONFIG",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "DATABASE_URL",
    "EVENTS_FILE",
    "PORT",
    "ALERTMANAGER_TOKEN",
    "HEARTBEAT_URL",
]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", PORT="9")
    environment = read_environment()
    assert environment.slack_bot_token.get_secret_value() == "xoxb-1"
    assert (environment.port, environment.data_dir) == (9, Path("data"))
    assert "xoxb-1" not in repr(environment)


def test_the_event_log_is_beside_the_data_unless_it_is_told_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", DATA_DIR="there")
    assert read_environment().event_log == Path("there/events.ndjson")
    given(monkeypatch, EVENTS_FILE="/var/log/events.ndjson")
    assert read_environment().event_log == Path("/var/log/events.ndjson")


@pytest.mark.parametrize("url", ["postgresql://u:p@h/d", "postgres://h1:5432,h2/d"])
def test_a_database_may_be_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", DATABASE_URL=url)
    environment = read_environment()
    assert environment.database_url
    assert environment.database_url.get_secret_value() == url
    assert url not in repr(environment)


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_SIGNING_SECRET=s\n")
    assert read_environment().slack_signing_secret is not None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "SLACK_BOT_TOKEN: Field required"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SEC"),
        (
            {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xapp-1"},
            "SLACK_BOT_TOKEN does not begin with xoxb-",
        ),
        (
            {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1", "DATABASE_URL": "pg"},
            "?\nSLACK_APP_TOKEN does not begin with xapp-; is it another token?\nDATABASE_URL do",
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"},
            "SLACK_APP_TOKEN does not begin with xapp-",
        ),
        (
            {"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "xapp-1", "PORT": "high"},
            "PORT: Input should be a valid integer",
        ),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_APP_TOKEN": "xapp-1",
                "HEARTBEAT_URL": "pg://u:p",
            },
            "HEARTBEAT_URL does not begin with https:// or http://",
        ),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_APP_TOKEN": "x",
                "ALERTMANAGER_TOKEN": "pg://u:p",
            },
            "ALERTMANAGER_TOKEN: Value should have at least 16 items",
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": "pg://u:p"},
            "DATABASE_URL does not begin with postgresql:// or postgres://",
        ),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    given(monkeypatch, **values)
    with pytest.raises(Mistakes) as mistakes:
        read_environment()
    assert said in str(mistakes.value)
    assert "pg://u:p" not in str(mistakes.value)


def test_without_a_file_the_defaults_of_the_design_hold() -> None:
    assert read_configuration(None).policy() == Policy()


def test_the_example_is_valid_and_says_nothing_but_the_defaults() -> None:
    example = read_configuration(ROOT / "incident.example.yml")
    assert example == Configuration()


def test_every_setting_is_in_the_example() -> None:
    text = (ROOT / "incident.example.yml").read_text()
    properties = json.loads(schema.text())["properties"]
    assert [name for name in properties if f"{name}:" not in text] == []


def test_the_published_schema_is_the_one_in_force() -> None:
    published = (ROOT / "docs" / "incident.schema.json").read_text()
    assert published.strip() == schema.text()


def test_what_a_team_configures_becomes_its_policy(tmp_path: Path) -> None:
    (tmp_path / "incident.yml").write_text(
        """
        channels: {announcements: C1, operators: C2}
        severities: {P0: {acknowledge_within_minutes: 2}}
        undecided_counts_as: P2
        groups: {on-call: [UANA, UBO], security: [USUE], legal: []}
        private_incidents: {readers: [security, legal]}
        """
    )
    rules = ConfiguredRules(None)
    policy = rules.policy()
    assert (policy.announcements, policy.operators) == ("C1", "C2")
    assert policy.acknowledge_within[Severity.P0] == timedelta(minutes=2)
    assert policy.acknowledge_within[Severity.P1] == timedelta(minutes=15)
    assert policy.undecided_is is Severity.P2
    assert policy.private_readers == ("security", "legal")
    assert rules.authority("UBO").groups == {"on-call"}
    assert rules.authority("UEVE").groups == frozenset()


def test_what_alerts_mean_is_configured(tmp_path: Path) -> None:
    file = tmp_path / "incident.yml"
    file.write_text(
        """
        channels: {triage: C3}
        alerts:
          severities: {Page: P0, debug: null}
          unlabelled: null
          raises: [{match: {alertname: "Data.*"}, severity: P0}]
          opens: [P0]
          storm: {after: 5, within_minutes: 1}
          thresholds: [{match: {alertname: Retried}, times: 3, within_minutes: 30}]
          maintenance:
            - match: {service: checkout}
              begins: 2026-07-15T22:00:00
              ends: 2026-07-16 02:00:00
              time_zone: Europe/Berlin
              reason: a new database
          watchdogs: {grafana: {match: {alertname: Alive}, within_minutes: 3}}
          generic: {alerts: /events, resolved: [Fine, " OK "]}
        services:
          payments: {labels: {app: "pay.*"}, health: "https://pay.example.com/up"}
          checkout: {depends_on: [payments], logs: [/var/log/*.log], measures: {failed: f}}
        """
    )
    configuration = read_configuration(file)
    policy = configuration.policy()
    rules = policy.alerts
    assert (rules.triage, rules.unlabelled, [*rules.opens]) == ("C3", None, [Severity.P0])
    assert (rules.severities["page"], rules.severities["debug"]) == (Severity.P0, None)
    assert rules.severities["critical"] is Severity.P1
    assert (rules.storm_after, rules.storm_within) == (5, timedelta(minutes=1))
    assert rules.raises == (Raise({"alertname": "Data.*"}, Severity.P0),)
    half_an_hour = timedelta(minutes=30)
    assert rules.thresholds == (Threshold({"alertname": "Retried"}, 3, half_an_hour),)
    begins, ends = datetime(2026, 7, 15, 20, tzinfo=UTC), datetime(2026, 7, 16, tzinfo=UTC)
    window = Maintenance({"service": "checkout"}, begins, ends, "a new database")
    assert rules.maintenance == (window,)
    assert rules.watchdogs == {"grafana": Watchdog({"alertname": "Alive"}, timedelta(minutes=3))}
    assert configuration.alerts.generic.fields() == Fields(
        alerts="/events", resolved=frozenset({"fine", "ok"})
    )
    payments, checkout = policy.services["payments"], policy.services["checkout"]
    assert (payments.labels, payments.health) == ({"app": "pay.*"}, "https://pay.example.com/up")
    assert (checkout.depends_on, checkout.logs) == (("payments",), ("/var/log/*.log",))
    assert checkout.measures == Measures(failed="f")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chanels: {}", "chanels: Extra inputs are not permitted"),
        ("channels: {announcements: '#incidents'}", "channels.announcements: String should match"),
        ("severities: {P9: {}}", "severities.P9"),
        ("severities: {P1: {acknowledge_within_minutes: 0}}", "acknowledge_within_minutes: Input"),
        ("command: incident", "command: String should match pattern"),
        ("operators: {webhook: nowhere}", "operators.webhook: Input should be a valid URL"),
        ("a: [", "is not YAML"),
        ("on_call: 2024-02-30", "is not YAML"),
        ("on_call: oncal", "on_call names oncal, which groups does not have"),
        ("on_call: oncal\ngroups: {on-call: [UBO]}", "on_call names oncal, which groups does"),
        (
            "private_incidents: {readers: [legal]}\ngroups: {on-call: [UBO]}",
            "private_incidents.readers names legal",
        ),
        (
            "alerts: {raises: [{match: {a: '('}, severity: P0}]}",
            "alerts.raises.0.match.a: is no pat",
        ),
        ("alerts: {raises: [{match: {}, severity: P0}]}", "alerts.raises.0.match: Dictionary sh"),
        ("alerts: {watchdogs: {nagios: {match: {a: b}, within_minutes: 1}}}", "alerts.watchdogs."),
        ("alerts: {generic: {name: ''}}", "alerts.generic.name: String should have at least 1"),
        (
            "alerts: {maintenance: [{match: {a: b}, begins: 2026-01-15T22:00:00, "
            "ends: 2026-01-15T23:00:00}]}",
            "alerts.maintenance.0: begins needs an offset, as in 2026-01-15T22:00:00+01:00, or",
        ),
        (
            "alerts: {maintenance: [{match: {a: b}, begins: 2026-01-15T22:00:00, "
            "ends: 2026-01-15T23:00:00, time_zone: Middle/Earth}]}",
            "alerts.maintenance.0: time_zone is none that this machine knows",
        ),
        (
            "alerts: {maintenance: [{match: {a: b}, begins: 2026-01-15T22:00:00+01:00, "
            "ends: 2026-01-15T21:30:00+00:00}, {match: {a: b}, begins: 2026-01-15T22:00:00+01:00, "
            "ends: 2026-01-15T20:00:00Z}]}",
            "alerts.maintenance.1: it ends before it begins",
        ),
        ("services: {a: {depends_on: [b]}}", "services.a.depends_on names b, which services does"),
        ("services: {a: {depends_on: [a]}}", "services need each other in a circle: a -> a"),
        (
            "services: {a: {depends_on: [b, c]}, b: {depends_on: [c]}, c: {depends_on: [a]}}",
            "services need each other in a circle: a -> c -> a",
        ),
        ("services: {a: {labels: {app: '['}}}", "services.a.labels.app: is no pattern"),
        ("services: {a: {measures: {lost: x}}}", "services.a.measures: lost is an amount: say in"),
        ("heartbeat: {url: nowhere}", "heartbeat.url: Input should be a valid URL"),
        ("just words", "Input should be a valid dictionary"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(text)
    with pytest.raises(Mistakes) as mistakes:
        read_configuration(file)
    assert str(mistakes.value).startswith(str(file))
    assert said in str(mistakes.value)


def test_a_reaction_means_one_thing(tmp_path: Path) -> None:
    file = tmp_path / "incident.yml"
    file.write_text("reactions: {timeline: [pushpin, memo], update: [tada]}")
    with pytest.raises(Mistakes, match="memo is in timeline and in action; a reaction can mean"):
        read_configuration(file)
    file.write_text("reactions: {timeline: [pushpin, round_pushpin], action: [], update: ['+1']}")
    policy = read_configuration(file).policy()
    assert policy.marking("round_pushpin") is policy.marking("pushpin") is Marking.TIMELINE
    assert policy.marking("+1::skin-tone-2") is Marking.UPDATE
    assert policy.marking("memo") is None
    file.write_text("reactions: {timeline: [':pushpin:']}")
    with pytest.raises(Mistakes, match=r"reactions\.timeline\.0: String should match"):
        read_configuration(file)


def test_offers_are_made_where_that_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "incident.yml"
    file.write_text("offers: {channels: [C1, C2]}")
    assert read_configuration(file).policy().offered_in == {"C1", "C2"}
    assert Configuration().policy().offered_in == frozenset()


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("x: 1\ny: 2\ncommand: 3")
    with pytest.raises(Mistakes) as mistakes:
        read_configuration(file)
    assert len(str(mistakes.value).splitlines()) == 3


def test_mistakes_of_the_environment_and_of_the_file_are_told_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mine.yml").write_text("chanels: {}")
    given(monkeypatch, SLACK_BOT_TOKEN="wrong", INCIDENT_CONFIG=str(tmp_path / "mine.yml"))
    with pytest.raises(Mistakes) as mistakes:
        read()
    assert "SLACK_BOT_TOKEN does not begin" in str(mistakes.value)
    assert "chanels: Extra inputs" in str(mistakes.value)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match="No such file"):
        read_configuration(tmp_path / "nowhere.yml")


def test_an_invalid_file_keeps_what_was_read_before(tmp_path: Path) -> None:
    file = tmp_path / "incident.yml"
    file.write_text("channels: {announcements: C1}\ngroups: {on-call: [UBO]}")
    rules = ConfiguredRules(file)
    file.write_text("channels: 7")
    with pytest.raises(Mistakes):
        rules.reload()
    assert rules.policy().announcements == "C1"
    assert rules.authority("UBO").groups == {"on-call"}
    file.write_text("channels: {announcements: C2}")
    rules.reload()
    assert rules.policy().announcements == "C2"


def test_a_broken_file_is_told_without_what_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / "incident.yml"
    file.write_text("operators: {webhook: https://example.com/SECRETKEY: x")
    with pytest.raises(Mistakes) as mistakes:
        read_configuration(file)
    assert "is not YAML, line 1" in str(mistakes.value)
    assert "SECRETKEY" not in str(mistakes.value)


def watching(tmp_path: Path, text: str) -> WatchRules | None:
    (tmp_path / "incident.yml").write_text(text)
    return read_configuration(None).policy().watch


def test_nothing_is_watched_unless_it_is_switched_on(tmp_path: Path) -> None:
    assert watching(tmp_path, "watch: {every_seconds: 60}") is None
    assert watching(tmp_path, "watch: {enabled: true}") == WatchRules()


def test_what_is_watched_is_configured(tmp_path: Path) -> None:
    rules = watching(
        tmp_path,
        """
        watch:
          enabled: true
          every_seconds: 60
          severities: {health: warning}
          errors:
            declined: {words: [acquirer declined], times: 5, within_minutes: 10}
            timeout: {words: [timed out]}
            rate limit: null
        """,
    )
    assert rules
    assert rules.every == timedelta(seconds=60)
    assert rules.severities == {**WatchRules().severities, Sight.HEALTH: "warning"}
    first, second, *rest = rules.spikes
    assert first == Spike("declined", ("acquirer declined",), 5, timedelta(minutes=10))
    assert second == Spike("timeout", ("timed out",))
    assert [spike.name for spike in rest] == ["memory", "connection", "database"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("watch: {every_seconds: 1}", "watch.every_seconds"),
        ("watch: {severities: {what: critical}}", "watch.severities.what"),
        ("watch: {errors: {a: {words: []}}}", "watch.errors.a.words"),
        ("watch: {errors: {a: {words: [x]}}}", "watch.errors.a.words.0"),
        ("watch: {errors: {a: {words: [xx], times: 0}}}", "watch.errors.a.times"),
        ("watch: {on: true}", "watch"),
        ("prometheus: {url: prometheus}", "prometheus.url"),
        ("alertmanager: http://alertmanager:9093", "alertmanager"),
    ],
)
def test_mistakes_in_what_is_watched_are_named(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(Mistakes, match=re.escape(f"incident.yml: {where}")):
        watching(tmp_path, text)


def test_who_the_bot_is_elsewhere_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    assert read_environment().secret("PROMETHEUS_LOGIN") is None
    given(monkeypatch, PROMETHEUS_LOGIN="bot:hunter2", ALERTMANAGER_LOGIN="t0k")
    environment = read_environment()
    assert environment.secret("PROMETHEUS_LOGIN") == "bot:hunter2"
    assert environment.secret("ALERTMANAGER_LOGIN") == "t0k"
    assert "hunter2" not in repr(environment)


def test_a_login_is_a_token_or_a_user_with_a_password() -> None:
    assert headers(None) == headers("") == {}
    assert headers("t0k.en") == {"Authorization": "Bearer t0k.en"}
    assert headers("bot:hunter2") == {"Authorization": "Basic Ym90Omh1bnRlcjI="}


OWN = {"name": "own", "words": ["flux compensator"], "cause": "flux"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "memory.oom"}, "assessment: there are two rules called memory.oom"),
        ({"name": "Own Rule"}, "assessment.rules.0.name: String should match pattern"),
        ({"words": []}, "assessment.rules.0: say for which words or labels"),
        ({"words": ["... flux"]}, "assessment.rules.0.words.0: it has to begin with a word"),
        ({"words": ["!!!"]}, "assessment.rules.0.words.0: it has to begin with a word"),
        ({"cause": None}, "assessment.rules.0: say which cause it tells, or which severity"),
        (
            {"cause": None, "severity": "P1", "actions": ["restart"]},
            "assessment.rules.0: actions fit a cause: say which",
        ),
        ({"actions": ["pray"]}, "assessment.rules.0.actions.0: Input should be 'restart'"),
        ({"labels": {"a": "("}}, "assessment.rules.0.labels.a: "),
    ],
)
def test_a_rule_of_ones_own_has_to_tell_something(
    tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    (tmp_path / "i.yml").write_text(json.dumps({"assessment": {"rules": [{**OWN, **changed}]}}))
    with pytest.raises(Mistakes) as mistakes:
        read_configuration(tmp_path / "i.yml")
    assert said in str(mistakes.value)


def test_rules_of_ones_own_and_aliases_are_read(tmp_path: Path) -> None:
    given = {"assessment": {"rules": [OWN]}, "services": {"checkout": {"aliases": ["shop"]}}}
    (tmp_path / "i.yml").write_text(json.dumps(given))
    policy = read_configuration(tmp_path / "i.yml").policy()
    assert policy.assessment == (Rule("own", ("flux compensator",), cause="flux"),)
    assert policy.services["checkout"].aliases == ("shop",)


def test_alerts_can_be_silenced_where_an_address_is_known(tmp_path: Path) -> None:
    assert read_configuration(None).policy().alerts.silenced_at == frozenset()
    (tmp_path / "i.yml").write_text("alertmanager: {url: 'http://127.0.0.1:9093'}")
    policy = read_configuration(tmp_path / "i.yml").policy()
    assert policy.alerts.silenced_at == {"alertmanager"}
