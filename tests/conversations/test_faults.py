"""Slack answers badly and the bot is killed, in the middle of everything: complete, and once."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.conversations import kept, posts
from tests.conversations.stage import Json, Stage

pytestmark = pytest.mark.slow

METHODS = [
    *("chat.postMessage", "chat.update", "conversations.create", "conversations.invite"),
    *("conversations.history", "conversations.info", "conversations.setPurpose"),
    *("conversations.setTopic", "pins.add", "users.conversations"),
]
INCIDENTS = 12


async def declare_in_trouble(stage: Stage, rnd: random.Random, n: int) -> str:
    """Declare while three methods fail once, and perhaps kill the bot; return the incident."""
    for method in rnd.sample(METHODS, 3):
        kind = rnd.choice(["ratelimited", "http_500", "drop"])
        when = "before" if kind == "ratelimited" else rnd.choice(["before", "after"])
        fault = {"kind": kind, "when": when, "times": 1, "retry_after": 1}
        await stage.post("faults", method=method, **fault)
    report = await stage.ana.types(f"declare P1 trouble number {n}")
    assert report["warning"] is None, report
    if rnd.random() < 0.7:
        await asyncio.sleep(rnd.random() * 0.3)  # anywhere in the set-up
        await stage.kill()
        await stage.start()
    return str(report["body"]["text"].split("*")[1])


async def channels(stage: Stage) -> list[Json]:
    every = (await stage.get("state"))["channels"]
    return [channel for channel in every if channel["name"].startswith("inc-")]


@pytest.mark.parametrize(("mode", "seed"), [("socket", 1), ("http", 2)])
async def test_every_declaration_is_complete_and_nothing_is_doubled(
    tmp_path: Path, mode: str, seed: int, database: str | None
) -> None:
    rnd = random.Random(seed)
    async with Stage(tmp_path, mode=mode, database=database) as stage:
        await stage.start()
        declared = [await declare_in_trouble(stage, rnd, n) for n in range(INCIDENTS)]
        await kept.until_nothing_is_owed(stage)
        made = await channels(stage)
        assert len(set(declared)) == len(made) == INCIDENTS
        for channel in made:
            assert await posts.said(stage, channel["id"]) == {"card": 1, "paged": 1}
            assert len(channel["pins"]) == 1
            assert set(channel["members"]) == {"UANA", "UCY", "UBOT"}
            assert channel["topic"].startswith("P1 · detected · trouble number ")
        for place, kind in (("CINCIDENTS", "announcement"), ("DUCY", "page/UCY")):
            told = posts.ours(await stage.get("messages", channel=place))
            assert Counter(map(posts.about, told)) == Counter(
                (incident, kind) for incident in declared
            )
        assert not [line for line in stage.logged() if line["level"] == "error"]
