"""Button clicks and choices. Values are ids or what would have been typed, never rights."""

import re
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.commands import Acknowledge

from . import buttons
from .answer import answer, done
from .desk import Desk
from .dialog import converse
from .forms import open_declaration
from .grammar import Asked, parse
from .payloads import Kind, Payload, button_key, kind, request_key


async def acknowledge(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Take the incident; the card shows the outcome, and Home is drawn again."""
    by = desk.authority(body)
    try:
        await desk.incidents.handle(action["value"], Acknowledge(by), request_key(body))
    finally:  # refused or not, the button was of an older picture
        if kind(body) is Kind.HOME:
            await desk.incidents.owe_home(by.person)
    return done()


async def pick(desk: Desk, client: AsyncWebClient, action: Payload, body: Payload) -> BoltResponse:
    """Do what was typed to the incident that was chosen."""
    typed = parse(action["block_id"].partition(":")[2], desk.named)
    chosen = action["selected_option"]["value"]
    asked = Asked(typed.verb, chosen, typed.rest) if isinstance(typed, Asked) else typed
    return await converse(desk, client, asked, body)


async def run(desk: Desk, client: AsyncWebClient, action: Payload, body: Payload) -> BoltResponse:
    """Do what was meant, once however often the button is clicked."""
    return await converse(desk, client, parse(action["value"], desk.named), body, button_key(body))


async def declare_form(desk: Desk, client: AsyncWebClient, body: Payload) -> BoltResponse:
    """Open the form."""
    return await open_declaration(desk, client, body)


async def unknown(desk: Desk, body: Payload) -> BoltResponse:
    """Say that a button of another version does nothing any more."""
    return await answer(desk, body, desk.wording.message("outdated"))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the buttons."""
    buttons.register(app, desk)
    for listener in (acknowledge, pick, run, declare_form):
        app.action(listener.__name__)(partial(listener, desk))
    app.action(re.compile(""))(partial(unknown, desk))
