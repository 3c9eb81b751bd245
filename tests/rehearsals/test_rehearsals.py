"""Every rehearsal in the docs goes as written, in no time: the clock moves when all is quiet."""

import asyncio
import re
from pathlib import Path

import pytest

from sandbox.clock import SteppedClock
from sandbox.rehearsal import report
from sandbox.rehearsal.player import Played, play
from sandbox.rehearsal.script import Rehearsal, parsed, read
from tests.conversations.stage import ROOT
from tests.rehearsals.stepped import stage, stepping

FILES = sorted((ROOT / "docs" / "rehearsals").glob("*.yml"))


async def played(rehearsal: Rehearsal, folder: Path, clock: SteppedClock) -> list[Played]:
    async with stage(folder, rehearsal, clock) as around:
        return [one async for one in play(rehearsal, around)]


def goes(rehearsal: Rehearsal, folder: Path) -> None:
    clock = SteppedClock()
    with asyncio.Runner(loop_factory=lambda: stepping(clock)) as runner:
        steps = runner.run(played(rehearsal, folder, clock))
    told = [*map(report.line, steps), report.ending(rehearsal, steps[-1])]
    assert not steps[-1].amiss, "\n".join(told)
    assert len(steps) == len(rehearsal.steps)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rehearsal_goes_as_written(path: Path, tmp_path: Path) -> None:
    goes(read(path), tmp_path)


def test_the_worked_example_goes_as_written(tmp_path: Path) -> None:
    told = (ROOT / "docs" / "rehearsals.md").read_text()
    (example,) = re.findall(r"```yaml\n(.*?)```", told, flags=re.DOTALL)
    goes(parsed(example), tmp_path)
