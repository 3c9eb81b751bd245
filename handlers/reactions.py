"""Reactions under messages of an incident: looked at by a job, as several people may react."""

from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.domain.incident import Post
from bot.domain.jobs import Reply
from bot.domain.policy import Marking

from .answer import answer, done
from .desk import Desk
from .payloads import Payload, request_key


async def reacted(
    desk: Desk, event: Payload, body: Payload, context: AsyncBoltContext
) -> BoltResponse:
    """Owe a look at the message, if the reaction means something there."""
    marking, item = desk.rules.policy().marking(event["reaction"]), event["item"]
    if marking is None or item["type"] != "message":
        return done()
    by, source = desk.authority(body), Post(item["channel"], item["ts"])
    thread = await desk.transcripts.thread(source.channel, source.ts)
    found = await desk.incidents.in_channel(source.channel, thread)
    incident = await desk.board.incident(found, by) if found else None
    if incident is None:
        return done()
    added = event["type"] == "reaction_added"
    if event.get("item_user") == context.bot_user_id:
        words = desk.wording.message("reacted", state="ours", incident=incident)
        return await answer(desk, body, words) if added else done()
    if marking is Marking.UPDATE and not added:
        words = desk.wording.message("reacted", state="told", incident=incident)
        return await answer(desk, body, words) if source in incident.told_from else done()
    reply = Reply(by.person, source.channel, {"ts": source.ts, "marking": marking.value})
    await desk.incidents.owe_look(incident.id, reply, request_key(body))
    return done()


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the events of reactions."""
    app.event("reaction_added")(partial(reacted, desk))
    app.event("reaction_removed")(partial(reacted, desk))
