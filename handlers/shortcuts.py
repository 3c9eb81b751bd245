"""Shortcuts: declare from anywhere, or from a message."""

import re
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.incident import Post
from bot.reading import words

from .answer import answer
from .desk import Desk
from .forms import open_declaration
from .payloads import Payload, channel


async def declare(desk: Desk, client: AsyncWebClient, body: Payload) -> BoltResponse:
    """Open the declare form."""
    return await open_declaration(desk, client, body)


async def declare_from_message(desk: Desk, client: AsyncWebClient, body: Payload) -> BoltResponse:
    """Open the declare form with the message's words; its thread will be in the transcript."""
    message, place, origin = body["message"], channel(body), None
    if place:
        came_from = Post(place, message.get("thread_ts") or message["ts"])
        origin = await desk.declarations.origin(came_from, desk.authority(body))
    text = desk.named(words(place, message))
    return await open_declaration(desk, client, body, text, origin)


async def unknown(desk: Desk, body: Payload) -> BoltResponse:
    """Say that a shortcut of another version does nothing any more."""
    return await answer(desk, body, desk.wording.message("outdated"))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the shortcuts."""
    app.shortcut("declare_incident")(partial(declare, desk))
    app.shortcut("declare_from_message")(partial(declare_from_message, desk))
    app.shortcut(re.compile(""))(partial(unknown, desk))
