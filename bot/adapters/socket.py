"""Slack's Socket Mode: one connection, watched, since the client can get stuck on a dead URL."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Unavailable

from .slack import asked


async def admitted(client: AsyncWebClient, token: str) -> None:
    """Raise Rejected if Slack does not know the app-level token, Unavailable if it is silent."""
    await asked(client.apps_connections_open(app_token=token))


LOOK_EVERY = 5  # seconds, for the client to see that its connection is dead, or to try again


class Socket:
    """Delivers what Slack sends to the app until closed; `answered` waits for who is inside.

    `connected` hears of each connection: before it, something may have been missed.
    """

    def __init__(
        self,
        app: AsyncApp,
        token: str,
        answered: Callable[[], Awaitable[None]],
        connected: Callable[[], None],
    ) -> None:
        self._answered = answered
        self._connected = connected
        self._handler = AsyncSocketModeHandler(app, token, ping_interval=LOOK_EVERY)
        self._handler.client.message_listeners.append(self._greeted)

    async def run(self) -> None:
        """Connect, however long that takes, and serve until cancelled."""
        try:
            await self._handler.connect_async()  # type: ignore[no-untyped-call]
            await asyncio.Event().wait()
        finally:
            await self._answered()
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _greeted(self, _: object, message: dict[str, Any], __: str | None = None) -> None:
        if message.get("type") == "hello":
            self._connected()

    async def check(self) -> None:
        """Raise Unavailable while there is no connection; have it ask for a new address then.

        An address is good for one connection, but the client would try it for ever.
        """
        client = self._handler.client
        if not await client.is_connected():
            client.wss_uri = None
            raise Unavailable("there is no connection")
