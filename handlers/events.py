"""What Slack tells us. An event is acknowledged only after its commit."""

from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.domain.commands import Join, Leave

from .answer import answer, done
from .desk import Desk
from .dialog import respond
from .grammar import parse
from .payloads import Payload, channel, person, plain, request_key

SAID = {None, "file_share", "thread_broadcast"}  # other subtypes tell of what was said before


async def mention(desk: Desk, event: Payload, body: Payload) -> BoltResponse:
    """Answer `@bot <verb> …`, the same grammar as the slash command."""
    before, _, after = event["text"].partition(">")
    text = plain(after if before.startswith("<@") else event["text"])
    return await answer(desk, body, await respond(desk, parse(text), body))


async def message(desk: Desk, event: Payload, body: Payload) -> BoltResponse:
    """Answer what a person writes to the bot directly; the rest of what is said is not for us."""
    by_a_person = "bot_id" not in event and event.get("subtype") in SAID
    to_us = by_a_person and event.get("channel_type") == "im"
    return await mention(desk, event, body) if to_us else done()


async def joined(desk: Desk, body: Payload, context: AsyncBoltContext) -> BoltResponse:
    """Note who came into an incident's channel: they may know of it from now on."""
    incident = await desk.incidents.in_channel(channel(body))
    if incident and person(body) != context.bot_user_id:
        await desk.incidents.handle(incident, Join(desk.authority(body)), request_key(body))
    return done()


async def left(desk: Desk, body: Payload) -> BoltResponse:
    """Note who went out of an incident's channel: a private one is no longer theirs to know."""
    incident = await desk.incidents.in_channel(channel(body))
    if incident:
        await desk.incidents.handle(incident, Leave(desk.authority(body)), request_key(body))
    return done()


async def home_opened(desk: Desk, event: Payload, body: Payload) -> BoltResponse:
    """Owe the person a fresh Home."""
    if event.get("tab", "home") == "home":
        await desk.incidents.owe_home(person(body))
    return done()


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the events."""
    app.event("app_mention")(partial(mention, desk))
    app.event("message")(partial(message, desk))
    app.event("member_joined_channel")(partial(joined, desk))
    app.event("member_left_channel")(partial(left, desk))
    app.event("app_home_opened")(partial(home_opened, desk))
