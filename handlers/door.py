"""Bolt's app with a watch on it, and the route by which Slack reaches it over HTTP."""

import time

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.ports import Telemetry

from .payloads import TYPES

PATH = "/slack/events"


class Door(AsyncApp):
    """Counts what comes in, what came of it and how long the person waited."""

    telemetry: Telemetry | None = None

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Dispatch as Bolt does."""
        began = time.perf_counter()
        response = await super().async_dispatch(req)
        if self.telemetry:
            outcome = "acknowledged" if response.status == 200 else str(response.status)  # noqa: PLR2004 -- HTTP's own
            self.telemetry.handled(_named(req), outcome, time.perf_counter() - began)
        return response

    def serve(self, pages: web.Application) -> None:
        """Let Slack in by HTTP."""

        async def receive(request: web.Request) -> web.Response:
            response = await self.async_dispatch(await to_bolt_request(request))
            return await to_aiohttp_response(response)

        pages.router.add_post(PATH, receive)


def _named(req: AsyncBoltRequest) -> str:
    body = req.body or {}
    return "command" if "command" in body else str(TYPES.get(str(body.get("type")), "other"))
