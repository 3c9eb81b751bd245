"""Whole conversations in every trouble, transport and store: all is there at the end, and once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.facts import Escalated
from tests.conversations import kept, whole
from tests.conversations.script import SCRIPT, Scene, left_behind
from tests.conversations.stage import CONFIG, Stage
from tests.conversations.troubles import AWAY, TROUBLES, EarlyClock

pytestmark = pytest.mark.slow

SLACKS_OWN = "slack"  # says so when a connection is not given, and asks again
IMPATIENT = CONFIG + "severities: {P1: {acknowledge_within_minutes: 5}}\n"


@pytest.fixture(params=["socket", "http"])
async def stage(
    request: pytest.FixtureRequest, trouble: str, tmp_path: Path, database: str | None
) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path, mode=request.param, database=database, config=IMPATIENT)
    if trouble == "away":
        stage.clock, stage.module = EarlyClock(), "tests.conversations.early"
        stage.environment["EARLY"] = str(AWAY)
    async with stage:
        yield stage


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_all_is_there_at_the_end_and_once(stage: Stage, trouble: str) -> None:
    scene = Scene(stage)
    async with TROUBLES[trouble](stage) as happens:
        await stage.start()
        for step in SCRIPT:
            await step(scene)
            await happens(scene, step.__name__)
        await stage.let_go()
        await kept.until_nothing_is_owed(stage)
    seen = await whole.look(stage)
    assert list(whole.wrong(seen)) == []
    left_behind(scene.ids, seen.incidents)
    if trouble != "failing":  # a whisper that Slack did not confirm is whispered again
        assert list(whole.whispered_twice(seen)) == []
    late = [fact for fact in seen.facts[scene.ids["checkout"]] if isinstance(fact, Escalated)]
    assert len(late) == (1 if trouble == "away" else 0)
    errors = [line for line in stage.logged() if line["level"] == "error"]
    assert not [line for line in errors if line["logger"] != SLACKS_OWN]
    assert await stage.stop() == 0
