"""What is said where the bot is: kept if it is about an incident, and never answered here."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.domain.transcript import Message, erased
from bot.reading import is_gone, is_ours, said

from .answer import done
from .desk import Desk
from .offers import offer
from .payloads import Payload, overheard, request_key


async def hear(
    desk: Desk, event: Payload, body: Payload, context: AsyncBoltContext
) -> BoltResponse:
    """Keep what was said, edited or deleted."""
    ours = {name for name in (context.bot_user_id, context.bot_id) if name}
    if news := told(event, ours):
        await desk.transcripts.hear(news, request_key(body))
    await offer(desk, event, context.bot_user_id or "")
    return done()


def told(event: Payload, ours: Collection[str]) -> Message | None:
    """Return the news of a message that people or other apps wrote, if it is such news."""
    channel = event["channel"]
    match event:
        case {"subtype": "message_changed", "message": now} if is_gone(now):
            return _gone(event, now["ts"], ours)
        case {"subtype": "message_changed", "message": now}:
            return said(channel, now, ours)
        case {"subtype": "message_deleted", "deleted_ts": ts}:
            return _gone(event, ts, ours)
        case _:
            return said(channel, event, ours)


def _gone(event: Payload, ts: str, ours: Collection[str]) -> Message | None:
    """Return the news that a message is gone; Slack does not say who deleted it."""
    before = event.get("previous_message") or {"ts": ts}
    if is_ours(before, ours) or is_gone(before):
        return None
    was = said(event["channel"], before, ours)
    gone = erased(was or Message(event["channel"], ts, "", ""), event["ts"], "")
    return replace(gone, author=was.author, app=was.app, thread=was.thread) if was else gone


async def in_a_channel(body: Payload) -> bool:
    """Say whether it was said in a channel, and not to the bot."""
    return overheard(body)


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the listener."""
    app.event("message", matchers=[in_a_channel])(partial(hear, desk))
