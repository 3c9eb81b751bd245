"""Opens modals: the only call to Slack inside a listener, as its trigger lives 3 seconds."""

import asyncio
from collections.abc import Awaitable

import structlog
from aiohttp import ClientError
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.incident import Post
from bot.ports import View, Words

from .answer import answer, done
from .desk import Desk
from .payloads import Payload, channel

log = structlog.get_logger()

PATIENCE = 2.0  # seconds


async def opened(client: AsyncWebClient, body: Payload, form: View) -> bool:
    """Open a form for who sent the payload; say whether it opened."""
    return await _taken(client.views_open(trigger_id=body["trigger_id"], view=dict(form)))


async def open_declaration(
    desk: Desk, client: AsyncWebClient, body: Payload, text: str = "", origin: Post | None = None
) -> BoltResponse:
    """Open the declare form; if it does not open, say how to declare without it."""
    form = desk.wording.modal(
        "declare",
        text=text,
        channel=channel(body),
        origin=origin,
        alike=await desk.declarations.alike(desk.authority(body)),
        services=list(desk.rules.policy().services),
    )
    if await opened(client, body, form):
        return done()
    return await answer(desk, body, desk.wording.message("offer", text=text, no_form=True))


async def push_notice(
    desk: Desk, client: AsyncWebClient, body: Payload, words: Words
) -> BoltResponse:
    """Say it on top of the form that was clicked in, if it was one."""
    if (body.get("view") or {}).get("type") == "modal":
        notice = desk.wording.modal("notice", text=words["text"])
        if await _taken(client.views_push(trigger_id=body["trigger_id"], view=notice)):
            return done()
    return await answer(desk, body, words)


async def _taken(call: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await call
    except (SlackApiError, ClientError, TimeoutError, OSError) as error:
        log.warning("form not opened", trouble=type(error).__name__)
        return False
    return True
