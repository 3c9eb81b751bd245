"""The event log of a bot that is killed: complete, as the data has it, and sealed."""

import asyncio
import json
import random
import re
from pathlib import Path

import pytest

from tests.cli.test_cli import responder
from tests.conversations.stage import Stage

pytestmark = pytest.mark.slow


def verified(stage: Stage, *words: str) -> tuple[int, str]:
    own = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", **stage.environment}
    own |= {"DATABASE_URL": stage.database} if stage.database else {}
    told = responder("verify-log", *words, DATA_DIR=str(stage.folder / "data"), **own)
    assert told.stderr == ""
    return told.returncode, told.stdout


async def killed_somewhere(stage: Stage, rnd: random.Random) -> None:
    """Kill the bot, perhaps while it writes; what is written so far is never wrong."""
    await asyncio.sleep(rnd.random() * 0.3)
    await stage.kill()
    status, said = verified(stage)
    assert (status, "all as the data has it" in said) == (0, True) or (
        "BEHIND" in said or "TORN" in said
    ), said
    await stage.start()


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_log_of_a_bot_that_is_killed_is_complete_and_sealed(
    tmp_path: Path, database: str | None, seed: int
) -> None:
    rnd = random.Random(seed)
    async with Stage(tmp_path, database=database) as stage:
        await stage.start()
        await stage.sue.types("declare")
        await stage.sue.submits(
            title={"title": "the payroll leaked"}, private={"private": ["private"]}
        )
        await killed_somewhere(stage, rnd)
        incident = str(
            (await stage.ana.types("declare checkout is down"))["body"]["text"].split("*")[1]
        )
        await killed_somewhere(stage, rnd)
        made = await stage.until(lambda: stage.channel(f"inc-{incident[4:]}"), "no channel")
        for verb in ("ack", "severity P0", "resolve now"):
            assert (await stage.ana.types(verb, made["id"]))["warning"] is None
            await killed_somewhere(stage, rnd)
        await stage.settled()
        await stage.ana.types("close", made["id"])

        async def seal() -> str | None:
            said = " ".join(m["text"] for m in await stage.ana.sees(made["id"]))
            found = re.search(r"--head (\d+:[0-9a-f]{64})`", said)
            return found[1] if found else None

        head = await stage.until(seal, "not sealed")
        await killed_somewhere(stage, rnd)
        assert (await stage.ana.types("declare something else"))["warning"] is None
        written = stage.folder / "data" / "events.ndjson"

        async def caught_up() -> bool:  # once the lease of the one that was killed has ended
            return "something else" in written.read_text()

        await stage.until(caught_up, "not written")
        assert await stage.stop() == 0

        status, said = verified(stage, "--head", head)
        assert (status, "all as the data has it" in said, "The hash is right" in said) == (
            *(0, True, True),
        ), said
        assert not any(line["level"] == "error" for line in stage.logged())
        log = (stage.folder / "data" / "events.ndjson").read_text()
        events = [json.loads(line) for line in log.splitlines()]
        kinds = [event["type"] for event in events if event["event_id"].startswith(incident)]
        assert [k for k in kinds if k.startswith("INCIDENT_") and "ANNOUNCED" not in k] == [
            *("INCIDENT_DECLARED", "INCIDENT_ACKNOWLEDGED", "INCIDENT_SEVERITY_CHANGED"),
            *("INCIDENT_RESOLVED", "INCIDENT_STATUS_CHANGED"),
        ]
        (over,) = (event for event in events if event["type"] == "INCIDENT_RESOLVED")
        assert over["payload"]["severity"] == "P0"
        assert "something else" in log
        assert "payroll" not in log
        assert "USUE" not in log
        assert '{"incident_id":"INC-' in log
        assert '"private":true}' in log


async def test_a_log_that_cannot_be_written_stops_nobody_and_is_written_later(
    tmp_path: Path, database: str | None
) -> None:
    log = tmp_path / "elsewhere" / "events.ndjson"
    log.mkdir(parents=True)
    own = {"EVENTS_FILE": str(log)}
    async with Stage(tmp_path, environment=own, database=database) as stage:
        await stage.start()
        assert (await stage.ana.types("declare checkout is down"))["warning"] is None

        async def trouble() -> str:
            told = await stage.readyz()
            assert told["ready"]
            return str(told["troubles"].get("exports", ""))

        assert "Is a directory" in await stage.until(trouble, "no trouble is told")
        log.rmdir()

        async def written() -> bool:
            return log.exists() and b"INCIDENT_DECLARED" in log.read_bytes()

        await stage.until(written, "not written")
        assert log.stat().st_mode & 0o777 == 0o600
        running, said = verified(stage)
        alone = running == 2 and "could NOT compare" in said
        assert running == 0 if database else alone, said
        log.unlink()
        await stage.until(written, "not written again")
        assert await stage.stop() == 0
        assert verified(stage)[0] == 0
