"""Rooms in the workspace: soon ready, with what they need; and where channels are for others."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.conversations import kept
from tests.conversations.stage import CONFIG, SEED, Json, Stage

pytestmark = pytest.mark.slow

BRIDGE = "https://meet.example.com/war-room"
AT_ONCE = 0.4  # seconds, at 0.1 for each call


async def card(stage: Stage) -> Json | None:
    made = await stage.channel()
    shown = await stage.get("messages", channel=made["id"]) if made else []
    return next((m for m in shown if m["metadata"]), None)


async def declarer_is_in(stage: Stage) -> bool:
    made = await stage.channel()
    return made is not None and "UANA" in made["members"]


@pytest.mark.parametrize("held", ["conversations.invite", "chat.postMessage"])
async def test_the_card_and_the_declarer_wait_for_nothing_but_the_channel(
    tmp_path: Path, held: str
) -> None:
    async with Stage(tmp_path, config="") as stage:
        await stage.start()
        await stage.post("faults", method=held, kind="hold", times=None)
        await stage.ana.types("declare checkout is down")
        other = card if held == "conversations.invite" else declarer_is_in
        await stage.until(partial(other, stage))
        await stage.let_go()
        await stage.until(partial(card, stage))
        await stage.until(partial(declarer_is_in, stage))


async def test_at_100_ms_a_call_the_room_is_ready_within_400_ms(tmp_path: Path) -> None:
    async with Stage(tmp_path, config=CONFIG) as stage:
        await stage.start()
        took = []
        for n in range(5):
            await stage.post("faults", method="*", kind="slow", seconds=0.1, times=None)
            took.append(await stage.room_ready(f"declare trouble {n}"))
            await stage.let_go()
            await stage.settled()
        assert min(took) < AT_ONCE, took  # the machine may be busy


async def test_the_bridge_is_at_the_top_of_the_channel_once(tmp_path: Path) -> None:
    async with Stage(tmp_path, config=f"{CONFIG}\nbridge: {BRIDGE}\n") as stage:
        await stage.post("faults", method="bookmarks.add", kind="drop", when="after", times=1)
        await stage.start()
        await stage.ana.types("declare checkout is down")

        async def links() -> list[str]:
            made = await stage.channel()
            if made is None:
                return []
            shown = await stage.get("channel", user="UANA", channel=made["id"])
            return [bookmark["link"] for bookmark in shown["bookmarks"]]

        await stage.until(links, "no bookmark")
        await kept.until_nothing_is_owed(stage)
        assert await links() == [BRIDGE]


async def in_thread(stage: Stage, thread: str, words: str) -> bool:
    every = await stage.get("messages", channel="CINCIDENTS")
    replies = [m for m in every if m["thread_ts"] == thread and m["ts"] != thread]
    return any(words in str(message["blocks"]) for message in replies)


async def test_where_channels_are_for_others_a_thread_is_the_room(tmp_path: Path) -> None:
    for_others = replace(SEED, restricted=("conversations.create",))
    async with Stage(tmp_path, seed=for_others) as stage:
        await stage.start()
        await stage.ana.types("declare checkout is down")

        async def root() -> Json | None:
            said = await stage.ana.sees()
            return next((m for m in said if "worked on in this thread" in m["text"]), None)

        thread = (await stage.until(root, "no thread"))["ts"]
        await stage.until(partial(in_thread, stage, thread, "Acknowledge"), "no card")
        spoken = {"channel": "CINCIDENTS", "text": "<@UBOT> ack", "thread_ts": thread}
        await stage.post("message", user="UBO", **spoken)

        await stage.until(partial(in_thread, stage, thread, "by <@UBO>"), "nobody took it")
        assert await stage.channel() is None


async def test_made_private_it_moves_and_shows_nothing_where_it_was(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.start()
        await stage.room_ready("payroll leaked")
        await kept.until_nothing_is_owed(stage)
        old = await stage.channel()
        assert old
        said = await stage.ana.types("private <@UBO|bo>", old["id"])
        assert "is private now" in said["body"]["text"]
        await kept.until_nothing_is_owed(stage)
        new = await stage.channel()
        assert new
        assert (new["is_private"], set(new["members"])) == (True, {"UANA", "UBO", "UBOT"})
        assert "goes on here" in str(await stage.get("messages", channel=new["id"]))
        everywhere = [*await stage.eve.sees(), *await stage.get("messages", channel=old["id"])]
        ours = [message for message in everywhere if message["metadata"]]
        assert ours
        assert "payroll" not in str([(m["text"], m["blocks"]) for m in ours])
        closed = (await stage.get("channel", user="UANA", channel=old["id"]))["is_archived"]
        assert closed
        assert "payroll" not in str((await stage.eve.types("list"))["body"])
