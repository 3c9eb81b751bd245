"""Messages that are posted later, when the workspace's clock says so."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.seeds import WIDE
from tests.sandbox.test_web_api import refusal

DAY = 24 * 60 * 60


@pytest.fixture
async def sandbox(clock: SteppedClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=clock, seed=WIDE) as running:
        yield running


async def later(
    client: AsyncWebClient, clock: SteppedClock, seconds: int, text: str = "later", **more: Any
) -> str:
    answer = await client.chat_scheduleMessage(
        channel="COPS", text=text, post_at=int(clock.now()) + seconds, **more
    )
    return str(answer["scheduled_message_id"])


async def texts(hands: Hands) -> list[str]:
    return [message["text"] for message in await hands.see("messages", channel="COPS")]


async def test_a_message_is_posted_when_it_is_time_and_told(
    client: AsyncWebClient, hands: Hands, clock: SteppedClock
) -> None:
    await later(client, clock, 600, "ten minutes")
    clock.step(598)
    assert await texts(hands) == []
    clock.step(3)
    (posted,) = await hands.until("messages", bool, channel="COPS")
    assert (posted["text"], posted["bot_id"]) == ("ten minutes", "BBOT")
    assert abs(float(posted["ts"]) - clock.now()) < 0.001
    assert (await hands.heard("message"))["text"] == "ten minutes"
    assert (await client.chat_scheduledMessages_list())["scheduled_messages"] == []


async def test_several_that_are_due_come_in_their_order(
    client: AsyncWebClient, hands: Hands, clock: SteppedClock
) -> None:
    for seconds in (300, 100, 200):
        await later(client, clock, seconds, str(seconds))
    clock.step(1000)
    shown = await hands.until("messages", lambda seen: len(seen) == 3, channel="COPS")
    assert [message["text"] for message in shown] == ["100", "200", "300"]


async def test_what_is_scheduled_is_listed_the_soonest_first(
    client: AsyncWebClient, clock: SteppedClock
) -> None:
    now = int(clock.now())
    for seconds in (300, 100, 200):
        await later(client, clock, seconds, str(seconds))
    first = await client.chat_scheduledMessages_list(channel="COPS", limit=2)
    rest = await client.chat_scheduledMessages_list(
        channel="COPS", cursor=first["response_metadata"]["next_cursor"]
    )
    listed = [*first["scheduled_messages"], *rest["scheduled_messages"]]
    assert [one["text"] for one in listed] == ["100", "200", "300"]
    assert [one["post_at"] - now for one in listed] == [100, 200, 300]
    some = await client.chat_scheduledMessages_list(oldest=str(now + 150), latest=str(now + 250))
    assert [one["text"] for one in some["scheduled_messages"]] == ["200"]
    elsewhere = await client.chat_scheduledMessages_list(channel="CINCIDENTS")
    assert elsewhere["scheduled_messages"] == []


async def test_what_is_cancelled_is_never_posted(
    client: AsyncWebClient, hands: Hands, clock: SteppedClock
) -> None:
    first = await later(client, clock, 100, "first")
    await later(client, clock, 200, "second")
    await client.chat_deleteScheduledMessage(channel="COPS", scheduled_message_id=first)
    again = client.chat_deleteScheduledMessage(channel="COPS", scheduled_message_id=first)
    assert await refusal(again) == "invalid_scheduled_message_id"
    clock.step(300)
    shown = await hands.until("messages", bool, channel="COPS")
    assert [message["text"] for message in shown] == ["second"]


@pytest.mark.parametrize(("channel", "seconds"), [("CINCIDENTS", 0), ("COPS", 41), ("COPS", 100)])
async def test_it_is_not_cancelled_elsewhere_or_in_its_last_minute(
    client: AsyncWebClient, clock: SteppedClock, channel: str, seconds: int
) -> None:
    made = await later(client, clock, 100)
    clock.step(seconds)
    call = client.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=made)
    assert await refusal(call) == "invalid_scheduled_message_id"


@pytest.mark.parametrize(
    ("seconds", "error"),
    [(-1, "time_in_past"), (0, "time_in_past"), (120 * DAY + 2, "time_too_far")],
)
async def test_it_is_neither_past_nor_too_far(
    client: AsyncWebClient, clock: SteppedClock, seconds: int, error: str
) -> None:
    assert await refusal(later(client, clock, seconds)) == error
    await later(client, clock, 120 * DAY)


async def test_thirty_go_into_five_minutes_of_a_channel(
    client: AsyncWebClient, clock: SteppedClock
) -> None:
    for number in range(30):
        await later(client, clock, 100 + number)
    assert await refusal(later(client, clock, 120)) == "restricted_too_many"
    await later(client, clock, 100 + 29 + 300)
    await client.chat_scheduleMessage(
        channel="CINCIDENTS", text="elsewhere", post_at=int(clock.now()) + 100
    )


@pytest.mark.parametrize(
    ("given", "error"),
    [({"channel": "CGENERAL"}, "not_in_channel"), ({"channel": "CNONE"}, "channel_not_found"),
     ({"text": ""}, "no_text"), ({"blocks": [{"type": "x"}]}, "invalid_blocks"),
     ({"post_at": "soon"}, "invalid_time"), ({"thread_ts": "1.1"}, "thread_not_found"),
     ({"metadata": {"event_type": "x", "event_payload": {}}}, "invalid_arguments")],
)  # fmt: skip
async def test_it_is_checked_when_it_is_scheduled(
    client: AsyncWebClient, clock: SteppedClock, given: Json, error: str
) -> None:
    good = {"channel": "COPS", "text": "x", "post_at": int(clock.now()) + 100}
    call = client.api_call("chat.scheduleMessage", json={**good, **given})
    assert await refusal(call) == error


@pytest.mark.parametrize("lost", ["archived", "left", "thread"])
async def test_what_has_no_place_any_more_is_not_posted(
    client: AsyncWebClient, hands: Hands, clock: SteppedClock, lost: str
) -> None:
    top = (await client.chat_postMessage(channel="COPS", text="top"))["ts"]
    await later(client, clock, 100, "lost", thread_ts=top)
    await client.chat_scheduleMessage(
        channel="CINCIDENTS", text="after", post_at=int(clock.now()) + 101
    )
    match lost:
        case "archived":
            await client.conversations_archive(channel="COPS")
        case "left":
            await client.conversations_leave(channel="COPS")
        case _:
            await client.chat_delete(channel="COPS", ts=top)
    clock.step(200)
    await hands.until("messages", bool, channel="CINCIDENTS")
    assert "lost" not in await texts(hands)


async def test_a_scheduled_reply_comes_in_its_thread(
    client: AsyncWebClient, hands: Hands, clock: SteppedClock
) -> None:
    top = (await client.chat_postMessage(channel="COPS", text="top"))["ts"]
    await later(client, clock, 100, "reply", thread_ts=top)
    clock.step(101)
    await hands.until("messages", lambda seen: len(seen) == 2, channel="COPS")
    thread = await client.conversations_replies(channel="COPS", ts=top)
    assert [message["text"] for message in thread["messages"]] == ["top", "reply"]


async def test_a_workspace_that_closes_posts_nothing_more(clock: SteppedClock) -> None:
    async with Sandbox(clock=clock, seed=WIDE) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        await later(client, clock, 100)
        workspace = sandbox._workspace
    clock.step(200)
    assert workspace.channels["COPS"].messages == []
