"""`responder`: each subcommand does one thing and its exit status tells how it went."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import TinyStore
from bot.cli import doctor
from bot.cli.lifecycle import lines
from bot.ports import Commit
from bot.render import Wording
from bot.settings import ConfiguredRules, Environment
from sandbox.seed import Seed
from sandbox.server import Sandbox
from tests.ports import free_port
from tests.prometheus import alertmanager, prometheus
from tests.samples import DECLARED

ROOT = Path(__file__).parent.parent.parent


def responder(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    start = [sys.executable, "-W", "error", "-c", "from bot.cli import main; main()", *words]
    return subprocess.run(start, env=own, capture_output=True, text=True, check=False)


def test_the_table_reads_as_one_line_a_status() -> None:
    assert lines()[5:7] == [
        "resolved      -> investigating, closed",
        "closed        -> final",
    ]


def test_the_docs_show_the_table_that_is_printed() -> None:
    shown = (ROOT / "docs" / "lifecycle.md").read_text()
    (table,) = re.findall(r"```\n(.*?)\n```", shown, flags=re.DOTALL)
    assert table.splitlines() == lines()


@pytest.mark.slow
def test_a_subcommand_is_run_and_a_wrong_one_is_told_apart() -> None:
    printed = responder("lifecycle")
    assert (printed.returncode, printed.stdout.splitlines()) == (0, lines())
    wrong = responder("lifecicle")
    assert wrong.returncode == 2
    assert "doctor" in wrong.stderr


@pytest.mark.slow
def test_the_doctor_names_missing_settings(tmp_path: Path) -> None:
    told = responder("doctor", INCIDENT_CONFIG=str(tmp_path / "nowhere.yml"))
    assert told.returncode == 1
    assert "WRONG  settings: SLACK_BOT_TOKEN: Field required" in told.stdout
    assert told.stderr == ""


def environment(sandbox: Sandbox, folder: Path, token: str = "xoxb-sandbox") -> Environment:
    return Environment(
        _env_file=None,
        slack_bot_token=token,
        slack_app_token="xapp-sandbox",
        slack_api_url=sandbox.api_url,
        data_dir=folder,
    )


def rules(folder: Path, text: str) -> ConfiguredRules:
    (folder / "incident.yml").write_text(text)
    return ConfiguredRules(folder / "incident.yml")


async def test_the_doctor_finds_a_healthy_bot_healthy(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        own = rules(tmp_path, "channels: {announcements: CINCIDENTS, operators: COPS}")
        found = await doctor.examine(environment(sandbox, tmp_path), own)
    assert [finding.part for finding in found if not finding.well] == []
    report = Wording().report("doctor", findings=found)
    assert "ok     Slack's bot token: UBOT in T1" in report
    assert "ok     how Slack delivers: Socket Mode" in report
    assert "(will be made)" in report
    assert report.splitlines()[-1] == "All is well."


async def test_the_doctor_says_what_to_do_about_each_trouble(tmp_path: Path) -> None:
    few = replace(Seed(), scopes=("chat:write", "channels:read"))
    async with Sandbox(seed=few) as sandbox:
        async with ClientSession() as http:
            await http.post(f"{sandbox.url}/control/archive", json={"channel": "CINCIDENTS"})
        own = rules(tmp_path, "channels: {announcements: CINCIDENTS, operators: CGENERAL}")
        (tmp_path / "incidents.journal").write_bytes(b"not a journal\n")
        found = await doctor.examine(environment(sandbox, tmp_path), own)
    wrong = {finding.part: finding.seen for finding in found if not finding.well}
    assert set(wrong) == {"scopes", "announcements", "operators", "store"}
    assert "app_mentions:read" in wrong["scopes"]
    report = Wording().report("doctor", findings=found)
    assert "Invite the bot to the channel" in report
    assert "Do not delete it." in report
    assert report.splitlines()[-1] == "Mend what is WRONG, then ask me again."


async def test_the_doctor_says_that_a_token_is_wrong(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        wrong = environment(sandbox, tmp_path, "xoxb-wrong")
        found = await doctor.examine(wrong, rules(tmp_path, ""))
    assert {f.part for f in found if not f.well} == {"token", "scopes", "clock"}


async def test_the_doctor_says_what_hears_and_looks_at_production(tmp_path: Path) -> None:
    away = f"{{url: 'http://127.0.0.1:{free_port()}'}}"
    text = f"prometheus: {away}\nalertmanager: {away}\nwatch: {{enabled: true}}\n"
    catalogue = "services: {shop: {health: 'http://127.0.0.1/', logs: [/var/log/shop]}, mail: {}}"
    async with Sandbox() as sandbox:
        alone = environment(sandbox, tmp_path)
        none = await doctor.examine(alone, rules(tmp_path, ""))
        secrets = {"alertmanager_token": "a-token-of-alertmanager", "pagerduty_secret": "a-secret"}
        two = alone.model_copy(update={name: SecretStr(text) for name, text in secrets.items()})
        found = await doctor.examine(two, rules(tmp_path, text + catalogue))
    before = Wording().report("doctor", findings=none)
    for part in ("doors for alerts", "Prometheus", "Alertmanager", "looking at services"):
        assert f"ok     {part} (not set)" in before
    report = Wording().report("doctor", findings=found)
    assert "ok     doors for alerts: alertmanager, pagerduty" in report
    assert "WRONG  Prometheus: the metrics did not answer" in report
    assert "WRONG  Alertmanager: Alertmanager did not answer" in report
    assert "change alertmanager.url or ALERTMANAGER_LOGIN" in report
    assert "looking at services: every 30 s, addresses of 1 services, logs of 1" in report
    assert not any(secret in report for secret in secrets.values())


@pytest.mark.server
async def test_the_doctor_asks_prometheus_and_alertmanager(tmp_path: Path) -> None:
    with prometheus() as metrics, alertmanager() as silenced:
        text = f"prometheus: {{url: '{metrics}'}}\nalertmanager: {{url: '{silenced}'}}"
        async with Sandbox() as sandbox:
            there = environment(sandbox, tmp_path)
            found = await doctor.examine(there, rules(tmp_path, text))
    report = Wording().report("doctor", findings=found)
    assert f"ok     Prometheus: {metrics}" in report
    assert f"ok     Alertmanager: {silenced}" in report


async def test_the_doctor_leaves_a_running_bots_data_alone(tmp_path: Path) -> None:
    store = TinyStore(LocalDisk(tmp_path), SystemClock())
    await store.commit(Commit({"I": (0, [DECLARED])}))
    async with Sandbox() as sandbox:
        own = rules(tmp_path, "")
        running = await doctor.examine(environment(sandbox, tmp_path), own)
        await store.close()
        stopped = await doctor.examine(environment(sandbox, tmp_path), own)
    for found, words in ((running, "(in use by a running bot)"), (stopped, ", 1 commits")):
        assert words in Wording().report("doctor", findings=found)


@pytest.mark.server
async def test_the_doctor_looks_at_the_database(tmp_path: Path, database_url: str) -> None:
    own = rules(tmp_path, "")
    async with Sandbox() as sandbox:
        there = environment(sandbox, tmp_path).model_copy(
            update={"database_url": SecretStr(database_url)}
        )
        empty = await doctor.examine(there, own)
        store = await PostgresStore(database_url, SystemClock()).open()
        await store.commit(Commit({"I": (0, [DECLARED])}))
        await store.close()
        used = await doctor.examine(there, own)
        gone = await doctor.examine(
            there.model_copy(update={"database_url": SecretStr("postgresql://u:pw@[::1/x")}), own
        )
    report = Wording().report("doctor", findings=used)
    assert "migrations 0 of 1, 0 (will be made)" in Wording().report("doctor", findings=empty)
    assert "ok     data: PostgreSQL " in report
    assert "clock 0.0 s off, migrations 1 of 1, 1 commits" in report
    assert {finding.part for finding in gone if not finding.well} == {"store"}
