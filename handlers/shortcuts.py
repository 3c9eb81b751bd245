"""Shortcuts: declare from anywhere, or from a message."""

import re
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.reading import plain

from .answer import answer
from .desk import Desk
from .forms import open_declaration
from .payloads import Payload


async def declare(desk: Desk, client: AsyncWebClient, body: Payload) -> BoltResponse:
    """Open the declare form, with the message's text if it came from one."""
    text = plain((body.get("message") or {}).get("text", ""))
    return await open_declaration(desk, client, body, text)


async def unknown(desk: Desk, body: Payload) -> BoltResponse:
    """Say that a shortcut of another version does nothing any more."""
    return await answer(desk, body, desk.wording.message("outdated"))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the shortcuts."""
    app.shortcut("declare_incident")(partial(declare, desk))
    app.shortcut("declare_from_message")(partial(declare, desk))
    app.shortcut(re.compile(""))(partial(unknown, desk))
