"""Trouble on order: calls, uploads, answers and deliveries that go wrong, the same each time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket, commanded, listening
from tests.sandbox.hands import Hands
from tests.sandbox.test_delivery import Recorder


@pytest.fixture
async def stepped(clock: SteppedClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=clock) as running:
        yield running


async def outcome(call: Any) -> int | str:
    """Return how a call went: its status, or the name of what was raised."""
    try:
        return int((await call).status_code)
    except SlackApiError as error:
        return int(error.response.status_code)
    except (TimeoutError, OSError) as error:
        return type(error).__name__


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "status"), [("http_500", 500), ("http_503", 503)])
async def test_a_server_error_comes_before_or_after_the_effect(
    client: AsyncWebClient, hands: Hands, when: str, kind: str, status: int
) -> None:
    await hands.do("faults", method="chat.postMessage", kind=kind, when=when)
    assert await outcome(client.chat_postMessage(channel="COPS", text="x")) == status
    assert len(await hands.see("messages", channel="COPS")) == (when == "after")
    assert await outcome(client.chat_postMessage(channel="COPS", text="x")) == 200


async def dice(client: AsyncWebClient, hands: Hands, seed: int) -> list[int | str]:
    await hands.do("faults", method="auth.test", kind="http_500", probability=0.5, seed=seed)
    went = [await outcome(client.auth_test()) for _ in range(24)]
    await hands.forget_faults()
    return went


async def test_chance_is_the_same_for_the_same_seed(client: AsyncWebClient, hands: Hands) -> None:
    first, again, other = [await dice(client, hands, seed) for seed in (7, 7, 8)]
    assert first == again != other
    assert {200, 500} == set(first)


async def test_the_window_tells_what_is_left_and_what_was_struck(
    client: AsyncWebClient, hands: Hands
) -> None:
    await hands.do("faults", method="*", kind="error", error="fatal_error", times=3)
    await hands.do("faults", method="users.info", kind="error", where={"user": "UBO"})
    for call in (client.auth_test(), client.users_info(user="UBO")):
        await outcome(call)
    anything, single = await hands.see("faults")
    assert (anything["left"], anything["struck"]) == (1, ["auth.test", "users.info"])
    assert (single["left"], single["hits"], single["where"]) == (1, 0, {"user": "UBO"})
    await outcome(client.auth_test())
    assert [order["left"] for order in await hands.see("faults")] == [0, 1]
    assert [call["fault"] for call in await hands.see("calls")] == ["error"] * 3
    await hands.forget_faults()
    assert await hands.see("faults") == []


@pytest.mark.parametrize(("when", "meanwhile"), [("before", 0), ("after", 1)])
async def test_a_slow_call_takes_its_seconds_of_the_clock(
    stepped: Sandbox, clock: SteppedClock, when: str, meanwhile: int
) -> None:
    async with ClientSession() as session:
        hands = Hands(session, stepped)
        await hands.do("faults", method="chat.postMessage", kind="slow", seconds=20, when=when)
        client = AsyncWebClient(token="xoxb-sandbox", base_url=stepped.api_url)
        posting = asyncio.ensure_future(client.chat_postMessage(channel="COPS", text="x"))
        await hands.until("faults", lambda orders: orders[0]["hits"] == 1)
        assert len(await hands.see("messages", channel="COPS")) == meanwhile
        clock.step(19)
        await hands.see("state")
        assert not posting.done()
        clock.step(1)
        assert (await posting)["ok"]
        assert len(await hands.see("messages", channel="COPS")) == 1
        assert [call["fault"] for call in await hands.see("calls")] == ["slow"]


@pytest.mark.parametrize(
    ("kind", "went"), [("http_503", 503), ("error", 400), ("ratelimited", 429)]
)
async def test_answers_by_response_url_are_troubled_too(
    sandbox: Sandbox, hands: Hands, kind: str, went: int
) -> None:
    address = (await commanded(sandbox, hands))["response_url"]
    await hands.do("faults", method="response_url", kind=kind, retry_after=9)
    webhook = AsyncWebhookClient(address)
    refused = await webhook.send(text="lost")
    assert refused.status_code == went
    assert refused.headers.get("Retry-After") == ("9" if went == 429 else None)
    assert (await webhook.send(text="kept")).status_code == 200
    seen = await hands.see("messages", channel="COPS", user="UANA")
    assert [message["text"] for message in seen] == ["kept"]


@pytest.mark.parametrize(("when", "arrived"), [("before", False), ("after", True)])
async def test_uploads_are_troubled_too(
    client: AsyncWebClient, hands: Hands, when: str, *, arrived: bool
) -> None:
    ticket = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    await hands.do("faults", method="upload", kind="http_500", when=when)
    async with ClientSession() as session, session.post(ticket["upload_url"], data=b"abc") as went:
        assert went.status == 500
    finishing = client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])
    if arrived:
        assert (await finishing)["files"][0]["id"] == ticket["file_id"]
    else:
        with pytest.raises(SlackApiError):
            await finishing


def hearing(sandbox: Sandbox) -> tuple[AsyncApp, list[str]]:
    """Return an app that notes whose Home tabs were opened."""
    app, heard = bolt(sandbox), []

    @app.event("app_home_opened")
    async def note(event: Json) -> None:
        heard.append(event["user"])

    return app, heard


async def opened(hands: Hands, *people: str) -> None:
    for user in people:
        await hands.do("home", user=user)


async def test_a_dropped_event_never_arrives_and_is_retried(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, heard = hearing(sandbox)
    async with by_socket(app):
        await hands.do("faults", delivery="events_api", kind="dropped")
        await opened(hands, "UANA")
        lost, again = await hands.until("deliveries", lambda sent: len(sent) == 2)
    assert (lost["fault"], lost["acked"], lost["failure"]) == (
        "dropped", False, "connection_failed",
    )  # fmt: skip
    assert (again["acked"], again["attempt"], heard) == (True, 1, ["UANA"])


async def test_a_duplicated_event_arrives_twice_with_one_id(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, heard = hearing(sandbox)
    async with by_socket(app):
        await hands.do("faults", delivery="*", kind="duplicated", where={"user": "UBO"})
        await opened(hands, "UANA", "UBO")
        sent = await hands.until("deliveries", lambda sent: len(sent) == 3)
    assert sorted(heard) == ["UANA", "UBO", "UBO"]
    twins = [attempt for attempt in sent if attempt["fault"] == "duplicated"]
    assert len({attempt["payload"]["event_id"] for attempt in twins}) == 1


async def test_a_delayed_event_comes_after_its_seconds(
    stepped: Sandbox, clock: SteppedClock
) -> None:
    app, heard = hearing(stepped)
    async with ClientSession() as session, by_socket(app):
        hands = Hands(session, stepped)
        await hands.do("faults", delivery="events_api", kind="delayed", seconds=30)
        await opened(hands, "UANA", "UBO")
        await hands.until("deliveries", lambda sent: len(sent) == 1)
        assert heard == ["UBO"]
        clock.step(30)
        await hands.until("deliveries", lambda sent: len(sent) == 2)
    assert heard == ["UBO", "UANA"]


async def test_a_reordered_event_is_overtaken_by_as_many_as_ordered(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, heard = hearing(sandbox)
    async with by_socket(app):
        await hands.do("faults", delivery="events_api", kind="reordered", later=2)
        for user in ("UANA", "UBO", "UCY"):
            await opened(hands, user)
            await hands.until("deliveries", lambda sent: len(sent) == len(heard))
        await hands.until("deliveries", lambda sent: len(sent) == 3)
        assert heard == ["UBO", "UCY", "UANA"]
        await hands.do("faults", delivery="events_api", kind="reordered", later=9)
        await opened(hands, "USUE")
        assert len(await hands.see("deliveries")) == 3
        await hands.forget_faults()
        await hands.until("deliveries", lambda sent: len(sent) == 4)


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
async def test_a_socket_dies_before_or_after_the_frame(
    sandbox: Sandbox, hands: Hands, when: str, arrived: int
) -> None:
    app, heard = hearing(sandbox)
    async with by_socket(app):
        await hands.do("faults", delivery="events_api", kind="cut", when=when)
        await hands.do("settings", retry_factor=0.02)
        await opened(hands, "UANA")
        sent = await hands.until("deliveries", lambda sent: sent and sent[-1]["acked"])
    assert (sent[0]["fault"], sent[0]["failure"]) == ("cut", "connection_failed")
    assert len(heard) == arrived + 1


async def test_a_lost_acknowledgement_is_a_timeout_and_the_event_comes_again(
    stepped: Sandbox, clock: SteppedClock
) -> None:
    app, heard = hearing(stepped)
    async with ClientSession() as session, by_socket(app):
        hands = Hands(session, stepped)
        await hands.do("faults", delivery="events_api", kind="ack_lost")
        await opened(hands, "UANA")
        await asyncio.wait_for(heard_all(heard, 1, hands), 5)
        assert await hands.see("deliveries") == []
        clock.step(3)
        lost, again = await hands.until("deliveries", lambda sent: len(sent) == 2)
    assert (lost["failure"], again["retry_reason"]) == ("http_timeout", "http_timeout")
    assert heard == ["UANA", "UANA"]


async def heard_all(heard: list[str], count: int, hands: Hands) -> None:
    """Look until the app has heard so much."""
    while len(heard) < count:
        await hands.see("state")


@pytest.mark.parametrize(
    ("kind", "when", "arrived", "failure"),
    [("cut", "before", 1, "connection_failed"), ("cut", "after", 2, "connection_failed")],
)
async def test_a_cut_over_http_comes_before_or_after_the_request(
    hands: Hands, kind: str, when: str, arrived: int, failure: str
) -> None:
    recorder = Recorder()
    async with listening(recorder.application) as url:
        await hands.do("settings", mode="http", url=url)
        await hands.do("faults", delivery="events_api", kind=kind, when=when)
        await opened(hands, "UANA")
        sent = await hands.until("deliveries", lambda sent: len(sent) == 2)
    assert [attempt["failure"] for attempt in sent] == [failure, None]
    assert len(recorder.requests) == arrived


async def test_a_lost_command_is_told_to_the_person(sandbox: Sandbox, hands: Hands) -> None:
    app, _ = hearing(sandbox)
    async with by_socket(app):
        await hands.do("faults", delivery="slash_commands", kind="dropped")
        told = await hands.do("command", user="UANA", channel="COPS")
    assert (told["acked"], told["warning"]) == (False, "dispatch_failed")


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "hang"},
        {"method": "*", "delivery": "*", "kind": "hang"},
        {"method": "chat.shout", "kind": "hang"},
        {"method": "*", "kind": "dropped"},
        {"delivery": "*", "kind": "hang"},
        {"delivery": "pigeon", "kind": "dropped"},
        {"method": "*", "kind": "hang", "when": "during"},
        {"method": "*", "kind": "hang", "times": -1},
        {"method": "*", "kind": "hang", "times": "3"},
        {"method": "*", "kind": "hang", "probability": 2},
        {"method": "*", "kind": "slow", "seconds": "a while"},
        {"method": "*", "kind": "hang", "seed": 0.5},
        {"method": "*", "kind": "hang", "tims": 3},
    ],
)
async def test_a_wrong_order_is_refused_in_words(hands: Hands, order: Json) -> None:
    status, body = await hands.attempt("faults", **order)
    assert (status, isinstance(body["error"], str)) == (400, True)
    assert await hands.see("faults") == []


async def test_only_the_call_that_is_meant_is_struck(client: AsyncWebClient, hands: Hands) -> None:
    await hands.do("faults", method="users.info", kind="http_500", where={"user": "UBO"})
    went = [await outcome(client.users_info(user=user)) for user in ("UANA", "UBO", "UBO")]
    assert went == [200, 500, 200]


async def test_any_method_is_no_place(client: AsyncWebClient, hands: Hands) -> None:
    ticket = await client.files_getUploadURLExternal(filename="a.txt", length=1)
    await hands.do("faults", method="*", kind="http_500", times=None)
    url = ticket["upload_url"]
    async with ClientSession() as session, session.post(url, data=b"a") as response:
        assert response.status == 200
    assert await outcome(client.auth_test()) == 500
