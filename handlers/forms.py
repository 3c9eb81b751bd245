"""Opens modals: the only call to Slack inside a listener, as its trigger lives 3 seconds."""

import asyncio

import structlog
from aiohttp import ClientError
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import View

from .answer import answer, done
from .desk import Desk
from .payloads import Payload, channel

log = structlog.get_logger()

PATIENCE = 2.0  # seconds


async def opened(client: AsyncWebClient, body: Payload, form: View) -> bool:
    """Open a form for who sent the payload; say whether it opened."""
    try:
        async with asyncio.timeout(PATIENCE):
            await client.views_open(trigger_id=body["trigger_id"], view=dict(form))
    except (SlackApiError, ClientError, TimeoutError, OSError) as error:
        log.warning("form not opened", trouble=type(error).__name__)
        return False
    return True


async def open_declaration(
    desk: Desk, client: AsyncWebClient, body: Payload, text: str = ""
) -> BoltResponse:
    """Open the declare form; if it does not open, say how to declare without it."""
    form = desk.wording.modal("declare", text=text, channel=channel(body))
    if await opened(client, body, form):
        return done()
    return await answer(desk, body, desk.wording.message("offer", text=text, no_form=True))
