"""A whole incident as those see it who are not asked: lines, pages, Home, all in the workspace."""

from pathlib import Path
from typing import Any

import pytest

from tests.conversations.stage import CONFIG, Json, Stage

pytestmark = pytest.mark.slow

BRIDGED = f"{CONFIG}bridge: https://meet.example/bridge\n"


async def direct(stage: Stage, person: str, words: str) -> Json:
    """Return the direct message with these words once it is there."""

    async def there() -> Any:
        said = await stage.get("messages", channel="DM", user=person)
        return next((m for m in said if words in m["text"]), None)

    found: Json = await stage.until(there, f"{person} was not told {words}")
    return found


async def announced(stage: Stage) -> tuple[list[str], list[str]]:
    """Return the announcements, and the lines in their threads."""
    said = [m for m in await stage.get("messages", channel="CINCIDENTS") if m["bot_id"]]
    inside = [m for m in said if m.get("thread_ts") not in {None, m["ts"]}]
    return [m["text"] for m in said if m not in inside], [m["text"] for m in inside]


async def home_says(stage: Stage, words: str) -> str:
    async def drawn() -> Any:
        shown = str(await stage.bo.home())
        return shown if words in shown else None

    return str(await stage.until(drawn, f"Bo's Home does not say {words}"))


async def test_what_people_see_who_did_not_ask(tmp_path: Path) -> None:
    async with Stage(tmp_path, config=BRIDGED) as stage:
        await stage.start()
        await stage.bo.opens_home()
        await home_says(stage, "No incident is open.")
        await stage.ana.types("declare checkout is down")
        await home_says(stage, "checkout is down")
        made = await stage.until(stage.channel, "no channel")
        channel = str(made["id"])
        await stage.settled()

        await stage.ana.types("sev P0", channel)
        page = await direct(stage, "UCY", "You are paged")
        assert "P0 critical" in page["text"]
        await stage.kill()
        await stage.start()
        await stage.cy.clicks("acknowledge", channel="DM", ts=page["ts"])
        await home_says(stage, "P0 critical")
        await stage.settled()
        assert "'acknowledge'" not in str(await stage.bo.home())
        await stage.ana.types("resolve now", channel)
        await home_says(stage, "No incident is open.")
        await stage.settled()

        (announcement,), lines = await announced(stage)
        assert "P0 critical · resolved" in announcement
        assert lines == [
            "Severity is *P0 critical*",
            ":white_check_mark: *Resolved* (was detected)",
        ]
        said = [m for m in await stage.get("messages", channel=channel) if m["bot_id"]]
        mentioned = [m["text"] for m in said if "Paged: <@UCY>" in m["text"]]
        assert len(mentioned) == 1
        (card,) = [m for m in said if "/card" in str(m["metadata"])]
        assert "by <@UCY>" in str(card["blocks"])
        assert "Post update" not in str(card["blocks"])  # it is over
        state = await stage.channel()
        assert state
        assert "UCY" in state["members"]
        pages = await stage.get("messages", channel="DM", user="UCY")
        assert len([m for m in pages if "You are paged" in m["text"]]) == 1
        assert not [m for m in pages if "not needed" in m["text"]]  # they had taken it
        assert not [line for line in stage.logged() if line["level"] == "error"]
