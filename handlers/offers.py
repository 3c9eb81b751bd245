"""Words that sound like an incident, said in a channel that wants to be asked about them."""

import re

from bot.domain.jobs import Reply
from bot.reading import plain, written_at

from .desk import Desk
from .payloads import Payload

SAID = {None, "file_share", "thread_broadcast"}

_TROUBLE = re.compile(
    r"\b(?:incident|outage|production\s+issue|system\s+down|error\s+spike|service\s+degraded)s?\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?s:```.*?```)|`[^`\n]*`|<[^<>]*>|^&gt;.*$", re.MULTILINE)


def sounds_like_trouble(text: str) -> bool:
    """Say whether the person's own words, as Slack sends them, name an incident."""
    return bool(_TROUBLE.search(_QUOTED.sub(" ", text)))


async def offer(desk: Desk, event: Payload, bot: str) -> None:
    """Offer to declare what a person said in a channel that was opted in; only they see it.

    What apps say, edits, replies in threads, and what is said to the bot are passed over, as is
    everything in an incident's own channel.
    """
    text, place = event.get("text") or "", event["channel"]
    if place not in desk.rules.policy().offered_in or not _new_and_by_a_person(event):
        return
    if f"<@{bot}>" in text or not sounds_like_trouble(text):
        return
    if await desk.incidents.in_channel(place):
        return
    by = desk.rules.authority(event["user"])
    words = desk.wording.message(
        "sounds_like_trouble",
        text=desk.named(plain(text)),
        said=f"{place}/{event['ts']}",
        alike=await desk.declarations.alike(by),
    )
    await desk.declarations.offer(Reply(by.person, place, words), written_at(event["ts"]))


def _new_and_by_a_person(event: Payload) -> bool:
    said = event.get("subtype") in SAID and bool(event.get("user")) and "bot_id" not in event
    thread = event.get("thread_ts") or event["ts"]
    return said and (thread == event["ts"] or event.get("subtype") == "thread_broadcast")
