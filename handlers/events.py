"""What Slack tells us. An event is acknowledged only after its commit."""

from datetime import datetime
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.domain.commands import Join, Leave, LoseChannel, RegainChannel
from bot.reading import account, plain, written_at

from .answer import answer, done
from .desk import Desk
from .dialog import respond
from .grammar import Free, NearMiss, Nothing, Parsed, parse
from .payloads import Payload, channel, person, request_key

SAID = {None, "file_share", "thread_broadcast"}  # other subtypes tell of what was said before


async def mention(
    desk: Desk, event: Payload, body: Payload, context: AsyncBoltContext
) -> BoltResponse:
    """Answer `@bot <verb> …`, the same grammar as the slash command."""
    if not _by_a_person(event):
        return done()
    before, _, after = event["text"].partition(f"<@{context.bot_user_id}>")
    parsed = parse(plain(after, people=True).lstrip(":,; "), desk.named)
    in_passing = plain(before).strip() and isinstance(parsed, Free | NearMiss)
    return await _answered(desk, Nothing() if in_passing else parsed, body)


async def message(desk: Desk, event: Payload, body: Payload) -> BoltResponse:
    """Answer what a person writes to the bot directly; the rest of what is said is not for us."""
    if event.get("channel_type") != "im" or not _by_a_person(event):
        return done()
    return await _answered(desk, parse(plain(event["text"], people=True), desk.named), body)


def _by_a_person(event: Payload) -> bool:
    """Say whether a person said it now: what other apps write drives nothing."""
    return bool(event.get("user")) and "bot_id" not in event and event.get("subtype") in SAID


async def _answered(desk: Desk, parsed: Parsed, body: Payload) -> BoltResponse:
    return await answer(desk, body, await respond(desk, parsed, body))


async def joined(
    desk: Desk, event: Payload, body: Payload, context: AsyncBoltContext
) -> BoltResponse:
    """Note who came into an incident's channel: they may know of it from now on."""
    where = channel(body)
    incident = await desk.incidents.in_channel(where)
    if incident and person(body) != context.bot_user_id:
        joined_it = Join(desk.authority(body), where, _when(event))
        await desk.incidents.handle(incident, joined_it, request_key(body))
    return done()


async def left(desk: Desk, event: Payload, body: Payload) -> BoltResponse:
    """Note who went out of an incident's channel: a private one is no longer theirs to know."""
    where = channel(body)
    incident = await desk.incidents.in_channel(where)
    if incident:
        left_it = Leave(desk.authority(body), where, _when(event))
        await desk.incidents.handle(incident, left_it, request_key(body))
    return done()


async def archived(desk: Desk, body: Payload) -> BoltResponse:
    """Note that an incident's channel was archived; what we archived ourselves is no news."""
    where = channel(body)
    if incident := await desk.incidents.in_channel(where):
        lost = LoseChannel(desk.authority(body), where)
        await desk.incidents.handle(incident, lost, request_key(body))
    return done()


async def unarchived(desk: Desk, body: Payload) -> BoltResponse:
    """Note that a channel that was archived by hand is open again."""
    where = channel(body)
    if incident := await desk.incidents.in_channel(where):
        regained = RegainChannel(desk.authority(body), where)
        await desk.incidents.handle(incident, regained, request_key(body))
    return done()


def _when(event: Payload) -> datetime | None:
    """Return when it happened: events may be told again, or in another order."""
    return written_at(event["event_ts"]) if "event_ts" in event else None


async def home_opened(desk: Desk, event: Payload, body: Payload) -> BoltResponse:
    """Owe the person a fresh Home."""
    if event.get("tab", "home") == "home":
        await desk.incidents.owe_home(person(body))
    return done()


async def told_of(desk: Desk, event: Payload, context: AsyncBoltContext) -> BoltResponse:
    """Note what somebody is called and is from now on."""
    desk.people.hear(account(event["user"], context.team_id or ""))
    return done()


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the events."""
    app.event("app_mention")(partial(mention, desk))
    app.event("message")(partial(message, desk))
    app.event("member_joined_channel")(partial(joined, desk))
    app.event("member_left_channel")(partial(left, desk))
    for family in ("channel", "group"):
        app.event(f"{family}_archive")(partial(archived, desk))
        app.event(f"{family}_unarchive")(partial(unarchived, desk))
    app.event("team_join")(partial(told_of, desk))
    app.event("user_change")(partial(told_of, desk))
    app.event("app_home_opened")(partial(home_opened, desk))
