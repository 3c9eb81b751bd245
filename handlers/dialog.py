"""Does what was typed, clicked or picked, and says what came of it, wherever that was."""

from bot.domain.authority import Authority
from bot.domain.decisions import UNKNOWN
from bot.domain.errors import Refused
from bot.ports import Words

from .desk import Desk
from .grammar import CHANGES, Asked, Free, NearMiss, Nothing, Parsed, Planned, change, verbs
from .payloads import Payload, channel, request_key


async def respond(desk: Desk, parsed: Parsed, body: Payload) -> Words:
    """Return the answer, after the commit if there was something to commit."""
    say = desk.wording.message
    match parsed:
        case Nothing() | Asked("help"):
            return say("help", verbs=verbs())
        case Planned(verb):
            return say("planned", verb=verb)
        case NearMiss(word, meant, text):
            return say("near_miss", word=word, meant=meant, text=text)
        case Free(text):
            return say("offer", text=text, no_form=False)
        case Asked("list"):
            return say("list", incidents=await desk.board.open_incidents(desk.authority(body)))
        case Asked("declare"):
            command = change(parsed, desk.authority(body))
            declared = await desk.incidents.handle(None, command, request_key(body))
            return say("declared", incident=declared)
        case Asked():
            return await _about_one(desk, parsed, body)


async def _about_one(desk: Desk, asked: Asked, body: Payload) -> Words:
    by = desk.authority(body)
    command = change(asked, by) if asked.verb in CHANGES else None
    target = asked.incident or await desk.incidents.in_channel(channel(body))
    if target is None:
        return await _which(desk, asked, by)
    if command is None:
        shown = await desk.board.incident(target, by)
        if shown is None:
            raise Refused(UNKNOWN)
        return desk.wording.message("card", incident=shown)
    changed = await desk.incidents.handle(target, command, request_key(body))
    return desk.wording.message("changed", incident=changed)


async def _which(desk: Desk, asked: Asked, by: Authority) -> Words:
    known = await desk.board.open_incidents(by)
    if not known:
        return desk.wording.message("list", incidents=known)
    text = f"{asked.verb} {asked.rest}".strip()
    return desk.wording.message("picker", incidents=known, text=text)
