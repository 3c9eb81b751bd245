"""Starting, failing, recovering, stopping: what an operator lives through."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.tinydb import TinyStore
from tests import payloads
from tests.conversations.stage import PATIENCE, Json, Stage

pytestmark = pytest.mark.slow


@pytest.fixture(params=["socket", "http"])
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, database: str | None
) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, mode=request.param, database=database) as stage:
        yield stage


async def operators_read(stage: Stage, words: str) -> Json:
    async def told() -> Json | None:
        return next((m for m in await stage.ana.sees("COPS") if words in m["text"]), None)

    found: Json = await stage.until(told, f"the operators did not read {words}")
    return found


async def test_the_bot_starts_without_slack_and_serves_once_it_is_there(stage: Stage) -> None:
    await stage.post("faults", method="*", kind="http_500", when="before", times=10_000)
    await stage.start(ready=False)
    told = await stage.until_ready(ready=False)
    assert told["troubles"]
    async with stage.http.get(f"http://127.0.0.1:{stage.port}/healthz") as alive:
        assert alive.status == 200
    await stage.let_go()
    await stage.until_ready()
    assert "declared" in str((await stage.ana.types("declare x is down"))["body"]).lower()
    assert any(line["event"] == "starting without Slack" for line in stage.logged())


async def test_an_archived_announcement_channel_is_told_and_the_bot_works(stage: Stage) -> None:
    await stage.post("archive", channel="CINCIDENTS")
    await stage.start()
    await operators_read(stage, "Trouble with the announcement channel: #incidents is archived")
    answer = await stage.ana.types("declare x is down", "CGENERAL")
    assert answer["warning"] is None
    await stage.until(stage.channel, "no channel")

    async def commander_told() -> Any:
        said = [m["text"] for m in await stage.ana.sees("DM")]
        return any("the announcement could not be posted" in text for text in said)

    await stage.until(commander_told, "the commander was not told")
    assert (await stage.readyz())["ready"]


async def test_the_configuration_is_read_again(stage: Stage) -> None:
    await stage.start()
    assert stage.process
    config = stage.folder / "incident.yml"
    config.write_text("channels: {operators: COPS}\nchanels: {}\n")
    os.kill(stage.process.pid, signal.SIGHUP)
    await operators_read(stage, "Trouble with the configuration file")
    await operators_read(stage, "chanels: Extra inputs are not permitted")
    await stage.ana.types("declare announced as before")

    async def announced() -> Any:
        return "announced as before" in str(await stage.ana.sees("CINCIDENTS"))

    await stage.until(announced, "not announced")
    config.write_text("channels: {operators: COPS, announcements: COPS}\n")
    os.kill(stage.process.pid, signal.SIGHUP)
    await operators_read(stage, "Works again: the configuration file")
    await stage.ana.types("declare announced elsewhere")
    await operators_read(stage, "announced elsewhere")


async def test_a_connection_that_is_cut_or_recycled_comes_back(
    tmp_path: Path, database: str | None
) -> None:
    async with Stage(tmp_path, database=database) as stage:
        await stage.start()
        for end in ("cut", "refresh", "cut"):
            before = await asked_to_connect(stage)
            await stage.post(end)
            await stage.until(partial(connected, stage, before), "not connected again")
        assert (await stage.readyz())["ready"]


async def test_a_configuration_read_again_before_slack_is_there_ends_nothing(
    tmp_path: Path, database: str | None
) -> None:
    async with Stage(tmp_path, database=database) as stage:
        await stage.post("faults", method="auth.test", kind="hang", when="before", times=1)
        await stage.start(ready=False)
        await stage.until_ready(ready=False)
        assert stage.process
        os.kill(stage.process.pid, signal.SIGHUP)

        async def read_again() -> bool:
            return any(line["event"] == "configuration read" for line in stage.logged())

        await stage.until(read_again, "not read again")
        assert stage.process.returncode is None


@pytest.mark.parametrize("error", ["missing_scope", "org_login_required"])
async def test_an_app_token_that_may_not_connect_is_fatal_and_told(
    tmp_path: Path, database: str | None, error: str
) -> None:
    async with Stage(tmp_path, database=database) as stage:
        fault = {"kind": "error", "error": error, "when": "before", "times": 9}
        await stage.post("faults", method="apps.connections.open", **fault)
        await stage.start(ready=False)
        assert stage.process
        async with asyncio.timeout(PATIENCE):
            assert await stage.process.wait() == 1
        assert f"Slack refused it ({error}" in stage.log.read_text()
        assert "Traceback" not in stage.log.read_text()


@pytest.mark.parametrize(
    ("environment", "config", "status", "words"),
    [
        (
            {"SLACK_BOT_TOKEN": "xoxb-wrong"},
            "",
            1,
            "Slack does not accept the token (invalid_auth",
        ),
        (
            {"SLACK_APP_TOKEN": "xapp-wrong"},
            "",
            1,
            "Slack does not accept the token (invalid_auth",
        ),
        ({"SLACK_BOT_TOKEN": ""}, "", 2, "SLACK_BOT_TOKEN: Field required"),
        ({"DATABASE_URL": "mysql://u:s3cret@x"}, "", 2, "DATABASE_URL does not begin with post"),
        (
            {"DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/x"},
            "",
            1,
            "The data in DATABASE_URL cannot be used: PostgreSQL:",
        ),
        (
            {"DATABASE_URL": "postgresql://u:s3cret@[::1/x"},
            "",
            1,
            "The data in DATABASE_URL cannot be used: DATABASE_URL is not of the form",
        ),
        ({}, "chanels: {}", 2, "incident.yml: chanels: Extra inputs are not permitted"),
        ({}, "a: [", 2, "incident.yml is not YAML"),
    ],
)
async def test_what_no_waiting_mends_is_fatal_and_told(
    tmp_path: Path, environment: dict[str, str], config: str, status: int, words: str
) -> None:
    async with Stage(tmp_path, environment=environment, config=config) as stage:
        await stage.start(ready=False)
        assert stage.process
        async with asyncio.timeout(PATIENCE):
            assert await stage.process.wait() == status
        assert words in stage.log.read_text()
        assert "Traceback" not in stage.log.read_text()
        assert "s3cret" not in stage.log.read_text()


async def test_a_port_that_is_taken_is_fatal_and_told(
    tmp_path: Path, database: str | None
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with Stage(tmp_path, port=port, database=database) as stage:
            await stage.start(ready=False)
            assert stage.process
            assert await stage.process.wait() == 1
            assert f"Cannot listen on 127.0.0.1 port {stage.port}" in stage.log.read_text()


@pytest.mark.parametrize(
    ("damage", "words"), [("held", "another process holds"), ("torn", "not as written at byte 0")]
)
async def test_data_that_cannot_be_used_is_fatal_told_and_left_alone(
    tmp_path: Path, damage: str, words: str
) -> None:
    journal = tmp_path / "data" / "incidents.journal"
    journal.parent.mkdir()
    holder = TinyStore(LocalDisk(journal.parent), SystemClock()) if damage == "held" else None
    if not holder:
        journal.write_bytes(b"this is no journal\n")
    before = journal.read_bytes()
    async with Stage(tmp_path) as stage:
        await stage.start(ready=False)
        assert stage.process
        assert await stage.process.wait() == 1
        assert words in stage.log.read_text()
    assert journal.read_bytes() == before
    if holder:
        await holder.close()


async def test_stopping_finishes_what_runs_and_the_rest_is_done_after_the_start(
    stage: Stage,
) -> None:
    await stage.start()
    await stage.ana.types("declare x is down")
    async with asyncio.timeout(5):
        assert await stage.stop() == 0
    await stage.start()
    await stage.settled()
    made = await stage.channel()
    assert made
    assert "UANA" in made["members"]
    assert len([m for m in await stage.ana.sees(made["id"]) if m.get("metadata")]) == 1


BROKEN: list[tuple[str, Json]] = [
    ("slash_commands", payloads.command("declare x", trigger="")),
    (
        "interactive",
        payloads.click("x") | {"actions": [{"action_id": "pick", "action_ts": "1.1"}]},
    ),
    (
        "interactive",
        payloads.home_click("x") | {"actions": [{"action_id": "pick", "action_ts": "2"}]},
    ),
    ("interactive", payloads.message_shortcut("x") | {"message": 1}),
    ("interactive", payloads.view("x") | {"view": {**payloads.view("x")["view"], "state": {}}}),
    ("events_api", payloads.event(type="app_mention", user="UANA", channel="CGENERAL")),
]


async def test_a_crash_through_every_kind_of_payload_is_owned_up_to(stage: Stage) -> None:
    """Over the wire: the person has a reference that the log has too.

    A global shortcut says nothing but who wants a form, and so nothing that can be broken.
    """
    await stage.start()
    for kind, payload in BROKEN:
        seen = len(await references(stage))
        report = await stage.post("deliver", type=kind, payload=payload)

        if not report["body"]:
            await stage.until(partial(more, stage, seen), f"nobody was told of {kind}")
        else:
            assert "reference is" in str(report["body"])
    logged = {line["reference"] for line in stage.logged() if "reference" in line}
    assert await references(stage) <= logged
    assert len(logged) >= len(BROKEN)


async def asked_to_connect(stage: Stage) -> int:
    calls = await stage.get("calls")
    return sum(call["method"] == "apps.connections.open" for call in calls)


async def called(stage: Stage, method: str) -> bool:
    return any(call["method"] == method for call in await stage.get("calls"))


async def connected(stage: Stage, before: int) -> bool:
    """Say whether it asked for a new connection, and somebody who types is answered."""
    asked = await asked_to_connect(stage) > before
    return asked and (await stage.ana.types("list"))["warning"] is None


async def more(stage: Stage, seen: int) -> bool:
    return len(await references(stage)) > seen


async def references(stage: Stage) -> set[str]:
    said = [m["text"] for who in (stage.ana, stage.bo) for m in await who.sees("DM")]
    return {text.split("reference is `")[1][:8] for text in said if "reference is" in text}


REFUSED: list[tuple[str, Json, str]] = [
    ("slash_commands", payloads.command("severity nine"), "`nine` is no severity"),
    ("interactive", payloads.view("  "), "What is wrong?"),
    ("interactive", payloads.click("INC-1"), "I know no such incident"),
    ("interactive", payloads.home_click("INC-1"), "I know no such incident"),
    ("interactive", payloads.shortcut(), "The form could not be opened"),
    ("interactive", payloads.message_shortcut("x"), "The form could not be opened"),
    ("events_api", payloads.mention("ack please"), "I do not understand `please`"),
    ("events_api", payloads.direct("severity nine"), "`nine` is no severity"),
]


async def test_a_refusal_through_every_kind_of_payload_is_said(stage: Stage) -> None:
    """Over the wire: in the acknowledgement, or where the person reads it."""
    await stage.start()
    for kind, payload, words in REFUSED:
        read = await reading(stage, words)
        report = await stage.post("deliver", type=kind, payload=payload)
        assert report["acked"], report
        if report["body"]:
            assert words in str(report["body"])
        else:
            await stage.until(partial(read_more, stage, words, read), f"{kind}: {words}")


async def reading(stage: Stage, words: str) -> int:
    said = [m["text"] for who in (stage.ana, stage.bo) for m in await who.sees("DM")]
    return sum(words in text for text in said)


async def read_more(stage: Stage, words: str, before: int) -> bool:
    return await reading(stage, words) > before


async def test_it_stops_within_five_seconds_while_slack_hangs(stage: Stage) -> None:
    await stage.start()
    await stage.post("faults", method="*", kind="hang", when="before", times=10_000)
    await asyncio.gather(*(stage.ana.types(f"declare trouble {n}") for n in range(3)))

    await stage.until(partial(called, stage, "conversations.create"), "nothing was called")
    opening = asyncio.create_task(stage.ana.uses("declare_incident"))  # a form, which hangs too
    await stage.until(partial(called, stage, "views.open"), "no form was opened")
    began = time.perf_counter()
    assert await stage.stop() == 0
    assert time.perf_counter() - began < 5
    await opening
    await stage.let_go()
    await stage.start()

    async def opened() -> bool:
        every = (await stage.get("state"))["channels"]
        return len([c for c in every if c["name"].startswith("inc-")]) == 3

    await stage.until(opened, "not all was done after the start")
    assert not [line for line in stage.logged() if line["level"] == "error"]
