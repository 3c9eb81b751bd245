"""Bolt's app with a watch on it, and the route by which Slack reaches it over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.ports import Telemetry

from .payloads import TYPES, readable

PATH = "/slack/events"
OK, BROKEN = 200, 500

Late = Callable[[AsyncBoltRequest], Awaitable[BoltResponse | None]]


class Closed(Exception):
    """The bot is being stopped: nothing new is begun."""


class Door(AsyncApp):
    """Counts what comes in and what came of it; nobody waits longer than Slack does."""

    deadline = 2.5  # seconds: Slack gives up after 3
    late: Late | None = None
    telemetry: Telemetry | None = None

    def __init__(self, **slack: Any) -> None:
        super().__init__(**slack)
        self._inside = 0
        self._closed = False
        self._empty = asyncio.Event()
        self._empty.set()

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Dispatch as Bolt does; what takes too long is answered as that, if it can be."""
        began = time.perf_counter()
        req.body = readable(req.body)
        with self._watched():
            response = await self._dispatched(req)
        if self.telemetry:
            outcome = "acknowledged" if response.status == OK else str(response.status)
            self.telemetry.handled(_named(req), outcome, time.perf_counter() - began)
        return response

    async def emptied(self, patience: float) -> None:
        """Let nobody in any more; return when everybody inside was answered, or after seconds."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._empty.wait()

    async def open_until_cancelled(self, patience: float) -> None:
        """Wait; once cancelled, be emptied."""
        try:
            await asyncio.Event().wait()
        finally:
            await self.emptied(patience)

    async def let_in(self, next: Callable[[], Awaitable[None]]) -> None:
        """Pass a payload on, as a middleware, unless the door is closed."""
        if self._closed:
            raise Closed
        await next()

    def serve(self, pages: web.Application) -> None:
        """Let Slack in by HTTP."""

        async def receive(request: web.Request) -> web.Response:
            response = await self.async_dispatch(await to_bolt_request(request))
            return await to_aiohttp_response(response)

        pages.router.add_post(PATH, receive)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        self._inside += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def _dispatched(self, req: AsyncBoltRequest) -> BoltResponse:
        try:
            async with asyncio.timeout(self.deadline):
                return await super().async_dispatch(req)
        except TimeoutError:
            answered = await self.late(req) if self.late else None
            return answered or BoltResponse(status=BROKEN, body="")


def _named(req: AsyncBoltRequest) -> str:
    body = req.body or {}
    return "command" if "command" in body else str(TYPES.get(str(body.get("type")), "other"))
