"""What is said is in the transcript, also while the bot is not there; no secret is."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.conversations import kept
from tests.conversations.stage import Json, Stage

pytestmark = pytest.mark.slow

SECRET = "hunter2" * 3


@pytest.fixture(params=["socket", "http"])
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, database: str | None
) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, mode=request.param, database=database) as stage:
        yield stage


async def room_of(stage: Stage) -> str:
    """Declare an incident, and return its channel once Bo is in it."""
    await stage.ana.types("declare P2 checkout is down")
    made = await stage.until(stage.channel, "no channel")
    await kept.until_nothing_is_owed(stage)
    await stage.post("join", user="UBO", channel=made["id"])
    return str(made["id"])


async def said(stage: Stage, channel: str) -> list[tuple[str, str, bool]]:
    """Return who said what in a channel, and whether it is deleted, as it is kept."""
    async with kept.opened(stage) as store:
        told = await store.transcript(channel)
    return [(m.author, m.text, bool(m.deleted)) for m in told]


async def test_what_people_do_while_the_bot_is_away_is_found(stage: Stage) -> None:
    await stage.start()
    room = await room_of(stage)

    async def says(user: str, text: str, **more: str) -> str:
        posted: Json = await stage.post("message", user=user, channel=room, text=text, **more)
        return str(posted["ts"])

    first, oops = await says("UANA", "line 1"), await says("UBO", "oops")
    root = await says("UBO", "who knows?")
    there = partial(says, thread_ts=root)
    early, late = await there("UANA", "I do"), await there("UBO", "me too")

    async def heard() -> bool:
        return len(await said(stage, room)) == 5

    await stage.until(heard, "not all was heard")
    await stage.post("delete", user="UBO", channel=room, ts=oops)
    await stage.stop()
    await stage.post("settings", retry_factor=0)  # nothing is sent again
    await stage.post("edit", user="UANA", channel=room, ts=first, text="line one")
    await stage.post("edit", user="UANA", channel=room, ts=early, text="I do not")
    await stage.post("delete", user="UBO", channel=room, ts=late)
    await says("UBO", f"password={SECRET}")
    await there("UBO", "then ask Cy")
    await stage.post("settings", retry_factor=0.01)
    await stage.start()

    now = [
        ("UANA", "line one", False),
        ("UBO", "", True),
        ("UBO", "who knows?", False),
        ("UANA", "I do not", False),
        ("UBO", "", True),
        ("UBO", "password=[redacted: secret]", False),
        ("UBO", "then ask Cy", False),
    ]

    async def caught_up() -> bool:
        return await said(stage, room) == now

    await stage.until(caught_up, "something is missing")
    await kept.until_nothing_is_owed(stage)
    whispers = [m["text"] for m in await stage.bo.sees(room) if m.get("ephemeral")]
    assert len([text for text in whispers if "rotate it now" in text]) == 1
    await stage.ana.types("resolve", room)
    await kept.until_nothing_is_owed(stage)
    assert await stage.stop() == 0
    for file in stage.folder.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
