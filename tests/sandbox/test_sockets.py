"""Socket Mode: tickets, turns, reasons to disconnect, recycling, and the SDK's own clients."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.builtin import SocketModeClient as ThreadedClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.seed import Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands


@pytest.fixture
async def stepped(clock: SteppedClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=clock) as running:
        yield running


async def address(sandbox: Sandbox) -> str:
    client = AsyncWebClient(base_url=sandbox.api_url)
    return str((await client.apps_connections_open(app_token="xapp-sandbox"))["url"])


async def connected(
    session: ClientSession, sandbox: Sandbox, more: str = ""
) -> tuple[ClientWebSocketResponse, Json]:
    socket = await session.ws_connect(await address(sandbox) + more)
    return socket, await socket.receive_json()


async def farewells(socket: ClientWebSocketResponse) -> list[str]:
    """Read what is left until the socket ends; return the reasons it was given."""
    return [frame.json()["reason"] async for frame in socket if frame.type is WSMsgType.TEXT]


def so_many(count: int, sent: list[Json]) -> bool:
    """Tell whether so many attempts have ended."""
    return len(sent) == count


def came_back(state: Json) -> bool:
    """Tell whether the app has a second socket and has let go of the first."""
    return (state["connections_so_far"], state["connections"]) == (2, 1)


@pytest.mark.parametrize(
    ("reason", "told", "seconds"),
    [
        ("warning", ["warning", "refresh_requested"], 10),
        ("refresh_requested", ["refresh_requested"], 10),
        ("link_disabled", ["link_disabled"], 0),
        ("too_many_websockets", ["too_many_websockets"], 0),
    ],
)
async def test_a_socket_ends_with_a_reason(
    stepped: Sandbox, clock: SteppedClock, reason: str, told: list[str], seconds: int
) -> None:
    async with ClientSession() as session:
        hands, (socket, _) = Hands(session, stepped), await connected(session, stepped)
        await hands.do("disconnect", reason=reason)
        if seconds:
            clock.step(seconds - 1)
            assert (await hands.see("state"))["connections"] == 1
        clock.step(1)
        assert await farewells(socket) == told
        await hands.until("state", lambda state: state["connections"] == 0)


async def test_a_disabled_link_opens_no_socket_until_it_is_enabled(
    sandbox: Sandbox, hands: Hands
) -> None:
    unused = await address(sandbox)
    await hands.do("disconnect", reason="link_disabled")
    with pytest.raises(SlackApiError, match="socket_mode_disabled"):
        await address(sandbox)
    async with ClientSession() as session:
        with pytest.raises(WSServerHandshakeError):
            await session.ws_connect(unused)
        await hands.do("settings", socket_mode=True)
        _, hello = await connected(session, sandbox)
    assert hello["type"] == "hello"


@pytest.mark.parametrize(
    ("seconds", "more", "life"), [(0, "&debug_reconnects=true", 360), (600, "", 600)]
)
async def test_a_socket_is_recycled_after_its_time_with_a_warning_before(
    clock: SteppedClock, seconds: int, more: str, life: int
) -> None:
    seed = replace(Seed(), connection_seconds=seconds)
    async with Sandbox(clock=clock, seed=seed) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        socket, hello = await connected(session, sandbox, more)
        assert hello["debug_info"]["approximate_connection_time"] == life
        await hands.until("state", lambda state: state["connections"] == 1)
        clock.step(life - 11)
        await hands.see("state")
        clock.step(1)
        assert (await socket.receive_json())["reason"] == "warning"
        clock.step(10)
        assert await farewells(socket) == ["refresh_requested"]


async def test_by_itself_a_socket_stays(stepped: Sandbox, clock: SteppedClock) -> None:
    async with ClientSession() as session:
        hands, (_, hello) = Hands(session, stepped), await connected(session, stepped)
        assert hello["debug_info"]["approximate_connection_time"] == 3600
        clock.step(7200)
        assert (await hands.see("state"))["connections"] == 1


async def test_an_envelope_goes_down_one_socket_only(sandbox: Sandbox, hands: Hands) -> None:
    async with ClientSession() as session:
        sockets = [(await connected(session, sandbox))[0] for _ in range(3)]
        await hands.until("state", lambda state: state["connections"] == 3)
        for user in ("UANA", "UBO", "UCY"):
            await hands.do("home", user=user)
        envelopes = [await socket.receive_json() for socket in sockets]
        assert len({envelope["envelope_id"] for envelope in envelopes}) == 3
        who = {envelope["payload"]["event"]["user"] for envelope in envelopes}
        assert who == {"UANA", "UBO", "UCY"}
        for socket, envelope in zip(sockets, envelopes, strict=True):
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await hands.until("deliveries", lambda sent: len(sent) == 3)


async def test_an_event_that_is_not_acknowledged_comes_in_a_new_envelope(
    stepped: Sandbox, clock: SteppedClock
) -> None:
    async with ClientSession() as session:
        hands, (socket, _) = Hands(session, stepped), await connected(session, stepped)
        await hands.do("settings", retry_factor=1)
        await hands.until("state", lambda state: state["connections"] == 1)
        await hands.do("home", user="UANA")
        envelopes = [await socket.receive_json()]
        for attempt, delay in enumerate((0, 60, 300), start=1):
            clock.step(3)
            await hands.until("deliveries", partial(so_many, attempt))
            clock.step(delay)
            envelopes.append(await socket.receive_json())
    assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
    reasons = [envelope["retry_reason"] for envelope in envelopes]
    assert reasons == ["", *["http_timeout"] * 3]
    assert len({envelope["envelope_id"] for envelope in envelopes}) == 4
    assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1


async def test_an_unsubscribed_event_is_not_sent(sandbox: Sandbox, hands: Hands) -> None:
    said = await hands.do("message", user="UANA", channel="COPS", text="hello")
    assert said["deliveries"] == []
    assert (await hands.do("home", user="UANA"))["deliveries"]


@pytest.mark.parametrize("interruption", ["cut", "refresh"])
async def test_the_async_client_of_the_sdk_comes_back(
    sandbox: Sandbox, hands: Hands, interruption: str
) -> None:
    web = AsyncWebClient(base_url=sandbox.api_url)
    client = SocketModeClient("xapp-sandbox", web_client=web, ping_interval=1)

    async def answer(_: Any, request: SocketModeRequest) -> None:
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(answer)
    await client.connect()  # type: ignore[no-untyped-call]  # the SDK is untyped here
    try:
        await hands.until("state", lambda state: state["connections"] == 1)
        await hands.do(interruption)
        await hands.until("state", came_back)
        assert (await hands.do("command", user="UANA", channel="COPS"))["acked"]
    finally:
        await client.close()  # type: ignore[no-untyped-call]  # likewise


@pytest.mark.slow
@pytest.mark.parametrize("interruption", ["cut", "refresh"])
async def test_the_threaded_client_of_the_sdk_comes_back(
    sandbox: Sandbox, hands: Hands, interruption: str
) -> None:
    web = WebClient(base_url=sandbox.api_url)
    client = ThreadedClient("xapp-sandbox", web_client=web, ping_interval=0.5, concurrency=1)
    answered_in: list[str] = []

    def answer(_: Any, request: SocketModeRequest) -> None:
        answered_in.append(threading.current_thread().name)
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(answer)
    try:
        await asyncio.to_thread(client.connect)
        await hands.until("state", lambda state: state["connections"] == 1)
        await hands.do(interruption)
        await hands.until("state", came_back)
        assert (await hands.do("command", user="UANA", channel="COPS"))["acked"]
    finally:
        await asyncio.to_thread(client.close)
    assert answered_in != [threading.main_thread().name]


async def test_an_eleventh_socket_is_one_too_many(sandbox: Sandbox, hands: Hands) -> None:
    async with ClientSession() as session:
        *taken, (_, farewell) = [await connected(session, sandbox) for _ in range(11)]
        assert [hello["num_connections"] for _, hello in taken] == list(range(1, 11))
        assert (farewell["type"], farewell["reason"]) == ("disconnect", "too_many_websockets")
        assert (await hands.see("state"))["connections"] == 10


async def test_what_takes_no_answer_is_only_acknowledged(sandbox: Sandbox, hands: Hands) -> None:
    async with ClientSession() as session:
        socket, _ = await connected(session, sandbox)
        for kind, told in (("slash_commands", {"text": "no"}), ("interactive", None)):
            given = {"type": kind, "payload": {"type": "block_actions"}}
            report = asyncio.create_task(hands.do("deliver", **given))
            envelope = await socket.receive_json()
            assert envelope["accepts_response_payload"] is (told is not None)
            answer = {"envelope_id": envelope["envelope_id"], "payload": {"text": "no"}}
            await socket.send_json(answer)
            assert (await report)["body"] == told


async def test_the_answer_to_what_was_made_by_hand_is_shown_to_nobody(
    sandbox: Sandbox, hands: Hands
) -> None:
    async with ClientSession() as session:
        socket, _ = await connected(session, sandbox)
        payload = {"channel_id": "COPS", "user_id": "UANA"}
        given = {"type": "slash_commands", "payload": payload}
        report = asyncio.create_task(hands.do("deliver", **given))
        envelope = (await socket.receive_json())["envelope_id"]
        await socket.send_json({"envelope_id": envelope, "payload": {"text": "done"}})
        assert (await report)["body"] == {"text": "done"}
        assert await hands.see("messages", channel="COPS", user="UANA") == []


async def test_of_two_copies_the_answer_with_a_body_is_shown(
    sandbox: Sandbox, hands: Hands
) -> None:
    await hands.do("settings", copies=2)
    command = {"user": "UANA", "channel": "COPS", "text": "x"}
    async with ClientSession() as session:
        sockets = [(await connected(session, sandbox))[0] for _ in range(2)]
        report = asyncio.create_task(hands.do("command", **command))
        for socket, more in zip(sockets, ({}, {"payload": {"text": "done"}}), strict=True):
            envelope = (await socket.receive_json())["envelope_id"]
            await socket.send_json({"envelope_id": envelope, **more})
        assert (await report)["warning"] is None
    (shown,) = await hands.see("messages", channel="COPS", user="UANA")
    assert shown["text"] == "done"
