"""A Web API that only opens forms, and keeps them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.blocks.checking import view_definition

View = dict[str, Any]


class Opened(list[View]):
    """The forms that were opened, each one that Slack takes; `client` is how to open one."""

    client: AsyncWebClient


@asynccontextmanager
async def opening() -> AsyncIterator[Opened]:
    """Open forms until left."""
    opened = Opened()

    async def views_open(request: web.Request) -> web.Response:
        view = (await request.json())["view"]
        view_definition(view, "modal")
        opened.append(view)
        return web.json_response({"ok": True, "view": view})

    app = web.Application()
    app.router.add_post("/api/views.open", views_open)
    async with TestServer(app) as server:
        opened.client = AsyncWebClient("xoxb-x", str(server.make_url("/api/")), retry_handlers=[])
        yield opened
