"""/incident <verb> …"""

from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.reading import plain

from .desk import Desk
from .dialog import converse
from .forms import open_declaration
from .grammar import Asked, Free, parse
from .payloads import Payload


async def incident(desk: Desk, client: AsyncWebClient, body: Payload) -> BoltResponse:
    """Answer /incident in the acknowledgement; words that are no command prefill the form."""
    match parsed := parse(plain(body.get("text", ""), people=True), desk.named):
        case Free(text):
            return await open_declaration(desk, client, body, text)
        case Asked("declare", rest=""):
            return await open_declaration(desk, client, body)
        case _:
            return await converse(desk, client, parsed, body)


def register(app: AsyncApp, desk: Desk, command: str) -> None:
    """Bind the slash command."""
    app.command(command)(partial(incident, desk))
