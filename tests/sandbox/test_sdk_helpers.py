"""What the SDK brings along, against the workspace: pages, repeats, webhooks, view stacks."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.clock import SteppedClock
from sandbox.seed import ChannelSeed, Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket, commanded
from tests.sandbox.hands import Hands

MANY = tuple(ChannelSeed(f"C{n:03}", f"room-{n:03}", ("UANA", "UBOT")) for n in range(25))
NAMES = [channel.name for channel in MANY]
FILLED = replace(Seed(), channels=(*Seed().channels, *MANY))
CURSORED = ("conversations_list", "users_conversations")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=FILLED) as running:
        yield running


async def in_a_thread(work: Callable[[], Any]) -> Any:
    """Return what the work returns in a thread of its own, which is named."""

    def named() -> tuple[str, Any]:
        return threading.current_thread().name, work()

    with ThreadPoolExecutor(1, thread_name_prefix="sync-client") as pool:
        name, answer = await asyncio.wrap_future(pool.submit(named))
    assert name == "sync-client_0"
    return answer


@pytest.mark.parametrize("listing", CURSORED)
async def test_the_async_client_walks_through_pages(client: AsyncWebClient, listing: str) -> None:
    found, pages = [], 0
    async for page in await getattr(client, listing)(limit=10):
        pages += 1
        found += [channel["name"] for channel in page["channels"]]
    assert (pages, [name for name in found if name.startswith("room")]) == (3, NAMES)


@pytest.mark.parametrize("listing", CURSORED)
async def test_the_sync_client_walks_through_pages(sandbox: Sandbox, listing: str) -> None:
    client = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
    pages = await in_a_thread(lambda: [p.data for p in getattr(client, listing)(limit=10)])
    found = [channel["name"] for page in pages for channel in page["channels"]]
    assert (len(pages), [name for name in found if name.startswith("room")]) == (3, NAMES)


async def test_people_members_and_messages_come_in_pages_too(client: AsyncWebClient) -> None:
    people = [p["id"] async for page in await client.users_list(limit=3) for p in page["members"]]
    assert people == list(dict.fromkeys(people))
    assert {"UANA", "UBOT"} <= set(people)
    asked = await client.conversations_members(channel="CINCIDENTS", limit=3)
    members = [member async for page in asked for member in page["members"]]
    assert len(members) == len(set(members)) == len(Seed().channels[1].members)
    for number in range(5):
        await client.chat_postMessage(channel="COPS", text=str(number))
    said = await client.conversations_history(channel="COPS", limit=2)
    texts = [m["text"] async for page in said for m in page["messages"]]
    assert texts == ["4", "3", "2", "1", "0"]
    everything = await client.conversations_history(channel="COPS", limit=5)
    assert (len(everything["messages"]), everything["has_more"]) == (5, False)


AT_ONCE = FixedValueRetryIntervalCalculator(0)
REPEATS = [
    ("http_500", AsyncServerErrorRetryHandler, ServerErrorRetryHandler),
    ("http_503", AsyncServerErrorRetryHandler, ServerErrorRetryHandler),
    ("drop", AsyncConnectionErrorRetryHandler, ConnectionErrorRetryHandler),
    ("ratelimited", AsyncRateLimitErrorRetryHandler, RateLimitErrorRetryHandler),
]


@pytest.mark.parametrize(("kind", "handler", "_sync"), REPEATS)
async def test_the_async_client_tries_again(
    sandbox: Sandbox, hands: Hands, kind: str, handler: Any, _sync: Any
) -> None:
    await hands.do("faults", method="auth.test", kind=kind, retry_after=0)
    patient = AsyncWebClient(
        token="xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[handler(1, AT_ONCE)]
    )
    assert (await patient.auth_test())["user_id"] == "UBOT"
    first, second = await hands.see("calls")
    assert (first["fault"], second["ok"]) == (kind, True)


@pytest.mark.parametrize(("kind", "_async", "handler"), REPEATS)
async def test_the_sync_client_tries_again(
    sandbox: Sandbox, hands: Hands, kind: str, _async: Any, handler: Any
) -> None:
    await hands.do("faults", method="auth.test", kind=kind, retry_after=0)
    patient = WebClient(
        token="xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[handler(1, AT_ONCE)]
    )
    assert (await in_a_thread(patient.auth_test))["user_id"] == "UBOT"
    assert [call["ok"] for call in await hands.see("calls")] == [False, True]


@pytest.mark.parametrize("kind", ["http_500", "ratelimited"])
async def test_without_a_handler_the_client_does_not_try_again(
    client: AsyncWebClient, hands: Hands, kind: str
) -> None:
    await hands.do("faults", method="auth.test", kind=kind)
    with pytest.raises(SlackApiError):
        await client.auth_test()
    assert len(await hands.see("calls")) == 1


async def test_a_handler_waits_as_long_as_the_tier_says(sandbox: Sandbox, hands: Hands) -> None:
    await hands.do("settings", rate_factor=6)
    patient = AsyncWebClient(
        token="xoxb-sandbox",
        base_url=sandbox.api_url,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
    )
    for number in range(21):
        await patient.conversations_setTopic(channel="COPS", topic=str(number))
    calls = await hands.see("calls")
    assert [call["error"] for call in calls] == [None] * 20 + ["ratelimited", None]
    assert calls[21]["at"] - calls[20]["at"] >= 1


async def answered(sandbox: Sandbox, hands: Hands) -> str:
    """Return a response_url."""
    return str((await commanded(sandbox, hands))["response_url"])


async def test_webhook_clients_answer_five_times(sandbox: Sandbox, hands: Hands) -> None:
    url = await answered(sandbox, hands)
    webhook, sync = AsyncWebhookClient(url), WebhookClient(url)
    said = [await webhook.send(text=str(number)) for number in range(3)]
    said += [await in_a_thread(lambda: sync.send(text="x")) for _ in range(3)]
    assert [answer.status_code for answer in said] == [200] * 5 + [404]
    assert [answer.body for answer in said] == ["ok"] * 5 + ["used_url"]


async def test_a_webhook_client_tries_again(sandbox: Sandbox, hands: Hands) -> None:
    url = await answered(sandbox, hands)
    await hands.do("faults", method="response_url", kind="ratelimited", retry_after=0)
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    webhook = AsyncWebhookClient(url, retry_handlers=handlers)
    assert (await webhook.send(text="x")).status_code == 200
    (order,) = await hands.see("faults")
    assert order["struck"] == ["response_url"]


def modal(name: str) -> Json:
    go = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    title = {"type": "plain_text", "text": name}
    return {"type": "modal", "title": title, "blocks": [{"type": "actions", "elements": [go]}]}


async def clicked(app: AsyncApp, hands: Hands) -> list[str]:
    """Click in the modal in front and return how laying another on it went."""
    went: list[str] = []

    @app.action("go")
    async def push(ack: AsyncAck, body: Json) -> None:
        await ack()
        try:
            await app.client.views_push(trigger_id=body["trigger_id"], view=modal("more"))
            went.append("ok")
        except SlackApiError as error:
            went.append(str(error.response["error"]))

    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
        for number in range(1, 4):
            await hands.do("click", user="UANA", action_id="go")
            assert len(went) == number
    return went


async def test_a_stack_holds_three_views(sandbox: Sandbox, hands: Hands) -> None:
    app = bolt(sandbox)

    @app.command("/incident")
    async def first(ack: AsyncAck, body: Json) -> None:
        await ack()
        await app.client.views_open(trigger_id=body["trigger_id"], view=modal("first"))

    assert await clicked(app, hands) == ["ok", "ok", "push_limit_reached"]
    stack = await hands.see("views", user="UANA")
    assert [view["title"]["text"] for view in stack] == ["first", "more", "more"]


async def test_the_sync_client_opens_a_modal_once_per_trigger(
    sandbox: Sandbox, hands: Hands
) -> None:
    trigger = (await commanded(sandbox, hands))["trigger_id"]
    client = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url)

    def opened() -> str:
        try:
            view = client.views_open(trigger_id=trigger, view=modal("first"))["view"]
        except SlackApiError as error:
            return str(error.response["error"])
        return str(view["type"])

    assert await in_a_thread(lambda: [opened(), opened()]) == ["modal", "exchanged_trigger_id"]


async def test_a_trigger_is_old_after_three_seconds(clock: SteppedClock) -> None:
    async with Sandbox(clock=clock) as sandbox, ClientSession() as session:
        hands, app, went = Hands(session, sandbox), bolt(sandbox), []

        @app.command("/incident")
        async def late(ack: AsyncAck, body: Json) -> None:
            await ack()
            clock.step(3)
            try:
                await app.client.views_open(trigger_id=body["trigger_id"], view=modal("late"))
            except SlackApiError as error:
                went.append(error.response["error"])

        async with by_socket(app):
            await hands.do("command", user="UANA", channel="COPS")
    assert went == ["expired_trigger_id"]
