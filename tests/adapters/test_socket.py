"""The connection to Slack, when it gets stuck."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.adapters.slack import client
from bot.adapters.socket import Socket
from bot.ports import Unavailable
from sandbox.server import Sandbox

pytestmark = pytest.mark.slow


async def authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-sandbox")


async def connected(sandbox: Sandbox) -> None:
    """Return when the workspace has a connection."""
    async with ClientSession(sandbox.url) as http, asyncio.timeout(20):
        while True:
            state = await (await http.get("/control/state")).json()
            if state["connections"]:
                return
            await http.get("/control/wait", params={"version": state["version"], "timeout": 1})


async def nobody_inside() -> None:
    """Nobody waits for an answer."""


async def test_an_address_that_is_dead_is_not_tried_for_ever() -> None:
    greetings = asyncio.Event()
    async with Sandbox() as sandbox:
        app = AsyncApp(client=client("xoxb-sandbox", sandbox.api_url), authorize=authorize)
        socket = Socket(app, "xapp-sandbox", nobody_inside, greetings.set)
        socket._handler.client.wss_uri = "ws://127.0.0.1:1/dead"  # an address is good once
        running = asyncio.create_task(socket.run())
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="no connection"):
            await socket.check()
        assert not greetings.is_set()
        await connected(sandbox)
        await socket.check()
        async with asyncio.timeout(20):
            await greetings.wait()
        running.cancel()
        await asyncio.wait([running])
