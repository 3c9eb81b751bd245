"""Slack is away: people work on with `responder` beside the bot, and Slack gets it all once."""

import asyncio
import os
import pwd
import re
import signal
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from bot.cli.local import Status
from tests.cli.test_cli import responder
from tests.conversations.pair import two_bots
from tests.conversations.stage import CONFIG, Json, Stage, TooLate

pytestmark = pytest.mark.slow

ME = pwd.getpwuid(os.getuid()).pw_name
UPDATES = ("we look at it", "it is the cache", "the cache is empty now")
LOCAL = f"{CONFIG}\nlocal: {{people: {{{ME}: UANA}}}}\n"


async def types(stage: Stage, *words: str) -> tuple[int, str]:
    """Type it on the bot's machine; return the exit status and what is read."""
    own = {"DATA_DIR": str(stage.folder / "data")} | stage.environment
    ran = await asyncio.to_thread(responder, *words, **own)
    assert "Traceback" not in ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


async def done(stage: Stage, *words: str) -> str:
    status, text = await types(stage, *words)
    assert status == Status.DONE, text
    return text


async def until_open(stage: Stage) -> None:
    """Return when the bot can be asked on its machine."""
    for _ in range(100):
        if (await types(stage, "list"))[0] == Status.DONE:
            return
    raise TooLate(stage.log.read_text())


async def goes(stage: Stage, kind: str) -> None:
    """Have Slack answer nothing any more."""
    await stage.post("faults", method="*", kind=kind, when="before", times=100_000)
    if stage.mode == "socket":
        await stage.post("cut")


def incident_in(text: str) -> str:
    found = re.search(r"INC-\d{8}-\d{3}", text)
    assert found, text
    return found[0]


async def channels(stage: Stage) -> list[Json]:
    every = (await stage.get("state"))["channels"]
    return [channel for channel in every if channel["name"].startswith("inc-")]


async def ours(stage: Stage, channel: str) -> list[Json]:
    said: Sequence[Json] = await stage.get("messages", channel=channel)
    return [m for m in said if m["metadata"]]


async def furnished(stage: Stage, incidents: int) -> bool:
    made = await channels(stage)
    announced = await ours(stage, "CINCIDENTS")
    ready = [c for c in made if c["pins"] and c["topic"] and "UANA" in c["members"]]
    return len(ready) >= incidents and len(announced) >= incidents


async def everything_is_there_once(stage: Stage, incidents: Sequence[str]) -> list[Json]:
    """Wait for Slack to show it all; return the channels, oldest first."""

    async def complete() -> bool:
        return await furnished(stage, len(incidents))

    await stage.until(complete, "not complete")
    await stage.settled()
    made = await channels(stage)
    assert len(made) == len(incidents)
    for channel in made:
        jobs = [m["metadata"]["event_payload"]["job"] for m in await ours(stage, channel["id"])]
        assert [job for job, times in Counter(jobs).items() if times > 1] == []
        assert sum(job.endswith("/card") for job in jobs) == 1
    told = await ours(stage, "CINCIDENTS")
    announced = Counter(m["metadata"]["event_payload"]["incident"] for m in told)
    assert announced == Counter(incidents)
    errors = [line for line in stage.logged() if line["level"] == "error"]
    assert [line for line in errors if line.get("logger") != "slack"] == []  # it says it is away
    return made


@pytest.mark.parametrize(("mode", "trouble"), [("socket", "drop"), ("http", "http_503")])
async def test_an_incident_is_worked_on_while_slack_is_away_and_a_kill_loses_nothing(
    tmp_path: Path, database: str | None, mode: str, trouble: str
) -> None:
    async with Stage(tmp_path, mode, database=database, config=LOCAL) as stage:
        await stage.start()
        await until_open(stage)
        await goes(stage, trouble)
        declared = await done(stage, "declare", "checkout is down", "--severity", "P1")
        one = incident_in(declared)
        assert f"{one} · P1 high · detected · checkout is down" in declared
        assert "taken by" in await done(stage, "ack")
        assert "Severity: P1 high" in await done(stage, "status")
        for told in UPDATES[:2]:
            await done(stage, "update", told)
        other = incident_in(await done(stage, "declare", "printers <burn> & \x1b[31m smoke"))
        status, text = await types(stage, "resolve")
        assert (status, other in text, "\x1b" in text) == (Status.REFUSED, True, False)
        await stage.kill()
        assert (await types(stage, "list"))[0] == Status.UNKNOWN
        await stage.start(ready=False)
        await until_open(stage)
        assert one in await done(stage, "list")
        await done(stage, "update", one, UPDATES[2])
        assert "resolved" in await done(stage, "resolve", one)
        await stage.let_go()
        made = await everything_is_there_once(stage, [one, other])
        said = [m["text"] for c in made for m in await ours(stage, c["id"])]
        assert [t for t in said if t.startswith("Update: ")] == [f"Update: {t}" for t in UPDATES]
        topics = sorted(channel["topic"] for channel in made)
        assert topics[0].startswith("P1 · resolved · checkout is down")
        assert "printers <burn> & [31m smoke" in topics[1]


async def test_who_is_not_listed_is_told_what_to_add_and_works_after_a_reload(
    tmp_path: Path,
) -> None:
    async with Stage(tmp_path) as stage:
        await stage.start()
        while "no bot answers" in (told := await types(stage, "declare", "x is down"))[1]:
            pass
        assert told[0] == Status.REFUSED
        assert f"`{ME}` of this machine" in told[1]
        assert await stage.channel() is None
        (stage.folder / "incident.yml").write_text(LOCAL)
        assert stage.process
        os.kill(stage.process.pid, signal.SIGHUP)
        await until_open(stage)
        await done(stage, "declare", "x is down")
        assert (await stage.until(stage.channel, "no channel"))["name"].endswith("x-is-down")


@pytest.mark.server
async def test_two_bots_at_one_socket_take_turns_and_nothing_is_doubled(
    tmp_path: Path, database_url: str
) -> None:
    shared = {"LOCAL_SOCKET": str(tmp_path / "asked" / "bot.sock")}
    async with two_bots(tmp_path, database_url, environment=shared) as pair:
        for bot in pair.both:
            (bot.folder / "incident.yml").write_text(LOCAL)
        await pair.start()
        await until_open(pair.a)
        await goes(pair.a, "drop")
        turns = (pair.both, (pair.b, pair.a), pair.both)
        for n, (bot, other) in enumerate(turns, 1):
            await done(other, "declare", f"told while {bot.name} is to be killed, {n}")
            await bot.kill()
            await until_open(other)
            await done(other, "declare", f"told after {bot.name} was killed, {n}")
            await bot.start(ready=False)
        await pair.a.let_go()
        await pair.until(partial(furnished, pair.a, 6), "not complete")
        await pair.everything_is_there_once(6, announced=6)
