"""A whole drill through the real bot, with a production that is a process of its own."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.stage import CONFIG, Stage

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).parent.parent / "practice_program.py"
COMMAND = json.dumps([sys.executable, str(PROGRAM)])
PRACTISING = f"{CONFIG}\ndrills: {{command: {COMMAND}}}\nalerts: {{opens: [P0, P1, P2, P3]}}\n"


async def said_in(stage: Stage, channel: str) -> str:
    return json.dumps(await stage.get("messages", channel=channel))


async def begun(stage: Stage) -> dict[str, Any]:
    """Begin a drill as soon as it is known what can be practised; return its channel."""

    async def channel() -> Any:
        await stage.ana.types("drill bad-deploy")
        return await stage.channel("drill-")

    found: dict[str, Any] = await stage.until(channel, "no drill")
    return found


async def test_a_drill_from_its_beginning_to_its_times(tmp_path: Path) -> None:
    async with Stage(tmp_path, config=PRACTISING) as stage:
        await stage.start()
        room = await begun(stage)
        assert room["name"].endswith("-001-orders-fail")

        async def alarmed() -> bool:
            told = await said_in(stage, room["id"])
            return "OrdersFail" in told and "The practice production runs" in told

        await stage.until(alarmed, "no alert")
        [folder] = (tmp_path / "data" / "drills").iterdir()
        found = json.loads((folder / "told.json").read_text())
        assert "xoxb-sandbox" not in json.dumps(found)
        await stage.ana.types("ack", room["id"])
        await stage.ana.types("resolve now", room["id"])

        async def debriefed() -> bool:
            return "How long it took" in await said_in(stage, room["id"])

        await stage.until(debriefed, "no times")

        async def gone() -> bool:
            await stage.ana.types("drill")
            return not folder.exists()

        await stage.until(gone, "the production goes on")
        await stage.settled()
        for place in ("CINCIDENTS", "COPS"):
            assert "INC-" not in await said_in(stage, place)
        names = [channel["name"] for channel in (await stage.get("state"))["channels"]]
        assert not [name for name in names if name.startswith("inc-")]
        assert await stage.stop() == 0


async def test_a_drill_goes_on_when_the_bot_starts_again(tmp_path: Path) -> None:
    async with Stage(tmp_path, config=PRACTISING) as stage:
        await stage.start()
        room = await begun(stage)

        async def runs() -> bool:
            return "The practice production runs" in await said_in(stage, room["id"])

        await stage.until(runs, "no production")
        await stage.kill()
        await stage.start()

        async def again() -> bool:
            return "started *again*" in await said_in(stage, room["id"])

        await stage.until(again, "the drill does not go on")
