"""How often the app may call, post and be told: Slack's pace, and what comes of going faster."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.clock import SteppedClock
from sandbox.methods.method import Tier
from sandbox.methods.registry import METHODS
from sandbox.seed import Seed
from sandbox.server import Sandbox
from tests.sandbox.apps import bolt, by_socket, listening
from tests.sandbox.hands import Hands
from tests.sandbox.test_delivery import Recorder

PUBLISHED = {
    Tier.TWO: """
        conversations.create conversations.setTopic conversations.setPurpose conversations.archive
        conversations.unarchive conversations.rename conversations.list conversations.close
        conversations.canvases.create canvases.create usergroups.list usergroups.users.list
        bookmarks.add bookmarks.edit bookmarks.remove pins.add pins.list pins.remove
        reactions.remove reactions.list users.list emoji.list dnd.teamInfo chat.startStream
        chat.stopStream""",
    Tier.THREE: """
        conversations.invite conversations.kick conversations.join conversations.leave
        conversations.info conversations.open conversations.history conversations.replies
        conversations.mark chat.update chat.delete chat.scheduleMessage
        chat.deleteScheduledMessage chat.unfurl bookmarks.list reactions.add reactions.get
        users.lookupByEmail users.conversations users.getPresence bots.info team.info
        canvases.edit canvases.delete canvases.access.set canvases.access.delete
        canvases.sections.lookup files.list files.delete functions.completeSuccess
        functions.completeError apps.connections.open""",
    Tier.FOUR: """
        views.open views.push views.update views.publish users.info users.profile.get
        conversations.members chat.postEphemeral chat.appendStream files.getUploadURLExternal
        files.completeUploadExternal files.info assistant.threads.setTitle
        assistant.threads.setSuggestedPrompts""",
    Tier.POSTING: "chat.postMessage",
    Tier.HUNDREDS: "chat.getPermalink auth.test assistant.threads.setStatus",
}
OF_METHOD = {name: tier for tier, names in PUBLISHED.items() for name in names.split()}
STRICT = {Tier.ONE, Tier.TWO, Tier.THREE}


@pytest.fixture
async def sandbox(clock: SteppedClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=clock) as running:
        yield running


async def waits(call: Any) -> int:
    """Return the seconds that the refused call says to wait."""
    with pytest.raises(SlackApiError) as refused:
        await call
    response = refused.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    return int(response.headers["Retry-After"])


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_method_has_the_tier_that_slack_publishes_or_a_strict_one(name: str) -> None:
    assert METHODS[name].tier in ({OF_METHOD[name]} if name in OF_METHOD else STRICT)


@pytest.mark.parametrize(
    ("call", "turns", "wait"),
    [("conversations.setTopic", 20, 3), ("conversations.info", 50, 2),
     ("users.info", 100, 1), ("auth.test", 300, 1)],
)  # fmt: skip
async def test_a_tier_is_so_many_turns_a_minute(
    client: AsyncWebClient, clock: SteppedClock, call: str, turns: int, wait: int
) -> None:
    args = {"channel": "COPS", "topic": "x", "user": "UANA"}
    for _ in range(turns):
        await client.api_call(call, params=args)
    assert await waits(client.api_call(call, params=args)) == wait
    clock.step(wait)
    await client.api_call(call, params=args)
    clock.step(3600)
    for _ in range(turns):
        await client.api_call(call, params=args)
    assert await waits(client.api_call(call, params=args)) == wait


async def test_a_method_that_has_to_wait_stops_no_other(client: AsyncWebClient) -> None:
    for _ in range(20):
        await client.conversations_setTopic(channel="COPS", topic="x")
    assert await waits(client.conversations_setTopic(channel="COPS", topic="x")) == 3
    await client.conversations_setPurpose(channel="COPS", purpose="x")


async def said(client: AsyncWebClient, channel: str = "COPS") -> str:
    return str((await client.chat_postMessage(channel=channel, text="x"))["ts"])


async def test_a_channel_takes_a_message_a_second_after_a_short_burst(
    client: AsyncWebClient, clock: SteppedClock
) -> None:
    for _ in range(5):
        await said(client)
    assert await waits(said(client)) == 1
    await said(client, "CINCIDENTS")
    for _ in range(3):
        clock.step(1)
        await said(client)
        assert await waits(said(client)) == 1


async def test_direct_messages_are_one_channel_by_either_name(client: AsyncWebClient) -> None:
    await client.conversations_open(users="UANA")
    for name in ("UANA", "DUANA", "UANA", "DUANA", "UANA"):
        await said(client, name)
    assert await waits(said(client, "DUANA")) == 1


async def test_the_workspace_takes_some_hundred_messages_a_minute(clock: SteppedClock) -> None:
    people = tuple(f"C{n}" for n in range(61))
    seed = Seed()
    channels = tuple(replace(seed.channels[2], id=name, name=name.lower()) for name in people)
    async with Sandbox(clock=clock, seed=replace(seed, channels=channels)) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        for name in people[:-1]:
            for _ in range(5):
                await said(client, name)
        assert await waits(said(client, people[-1])) == 1


async def test_a_list_that_is_not_asked_for_in_pages_counts_twice(client: AsyncWebClient) -> None:
    for _ in range(10):
        await client.conversations_list()
    assert await waits(client.conversations_list(limit=5)) == 3


async def test_a_refused_call_costs_a_turn_but_not_one_without_a_token(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    nobody = AsyncWebClient(token="xoxb-wrong", base_url=sandbox.api_url)
    for _ in range(30):
        with pytest.raises(SlackApiError, match="invalid_auth"):
            await nobody.conversations_archive(channel="CNONE")
    for _ in range(20):
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await client.conversations_archive(channel="CNONE")
    assert await waits(client.conversations_archive(channel="CNONE")) == 3


@pytest.mark.parametrize(("factor", "wait"), [(1, 3), (2, 2), (0.1, 30), (60, 1)])
async def test_the_pace_can_be_set(
    client: AsyncWebClient, sandbox: Sandbox, factor: float, wait: int
) -> None:
    async with ClientSession() as session:
        await Hands(session, sandbox).do("settings", rate_factor=factor)
    for _ in range(20):
        await client.conversations_setTopic(channel="COPS", topic="x")
    assert await waits(client.conversations_setTopic(channel="COPS", topic="x")) == wait


async def test_without_a_pace_there_is_no_limit(clock: SteppedClock) -> None:
    async with Sandbox(clock=clock, seed=replace(Seed(), rate_factor=0)) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        for _ in range(40):
            await client.conversations_setTopic(channel="COPS", topic="x")


async def test_answers_by_response_url_come_once_a_second_after_a_burst(
    sandbox: Sandbox, clock: SteppedClock
) -> None:
    app, addresses = bolt(sandbox), []

    @app.command("/incident")
    async def note(ack: Any, body: dict[str, Any]) -> None:
        addresses.append(body["response_url"])
        await ack()

    async with ClientSession() as session, by_socket(app):
        for _ in range(2):
            await Hands(session, sandbox).do("command", user="UANA", channel="COPS")
    first, second = (AsyncWebhookClient(url) for url in addresses)
    assert [(await first.send(text="x")).status_code for _ in range(5)] == [200] * 5
    refused = await second.send(text="x")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    clock.step(1)
    assert [(await second.send(text="x")).status_code for _ in range(2)] == [200, 429]


async def test_too_many_events_in_an_hour_are_told_of_and_not_delivered(
    clock: SteppedClock,
) -> None:
    seed = replace(Seed(), events_an_hour=3)
    async with Sandbox(clock=clock, seed=seed) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        async with listening(Recorder().application) as url:
            await hands.do("settings", mode="http", url=url)
            for _ in range(5):
                await hands.do("home", user="UANA")
            sent = await hands.until("deliveries", lambda sent: len(sent) == 4)
            (limited,) = [s["payload"] for s in sent if s["payload"]["type"] != "event_callback"]
            assert (limited["type"], limited["minute_rate_limited"] % 60) == (
                "app_rate_limited",
                0,
            )
            clock.step(3601)
            await hands.do("home", user="UANA")
            sent = await hands.until("deliveries", lambda sent: len(sent) == 5)
            assert sent[-1]["payload"]["type"] == "event_callback"


async def test_a_new_pace_forgets_what_was_spent(client: AsyncWebClient, hands: Hands) -> None:
    for turn in range(20):
        await client.conversations_create(name=f"a{turn}")
    assert await waits(client.conversations_create(name="b"))
    await hands.do("settings", rate_factor=1)
    await client.conversations_create(name="b")
