"""Does what was typed, clicked or picked, and says what came of it, wherever that was."""

from collections.abc import Sequence

from bot.domain.authority import Authority
from bot.domain.decisions import UNKNOWN
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.status import OPEN, Status
from bot.ports import Words

from .desk import Desk
from .grammar import Asked, Free, NearMiss, Nothing, Parsed, Planned
from .payloads import Payload, request_key
from .verbs import CHANGES, change, not_understood, verbs

OVER = frozenset({Status.RESOLVED})
FITTING = {"reopen": OVER, "close": OPEN | OVER, "severity": OPEN | OVER, "status": OPEN | OVER}


async def respond(desk: Desk, parsed: Parsed, body: Payload, key: str | None = None) -> Words:
    """Return the answer, after the commit if there was something to commit.

    What is committed is known again by the key, or else by the payload's own.
    """
    key = key or request_key(body)
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
        case Asked("list", _, rest) if rest:
            msg = "I do not understand `{quote}`. `/incident list` shows all that is open."
            raise Refused(msg, quote=rest)
        case Asked("status", _, rest) if rest:
            raise not_understood("status", rest)
        case Asked("list"):
            return say("list", incidents=await desk.board.open_incidents(desk.authority(body)))
        case Asked("declare"):
            command = change("declare", parsed.rest, desk.authority(body))
            declared = await desk.incidents.handle(None, command, key)
            return say("declared", incident=declared)
        case Asked():
            return await _about_one(desk, parsed, body, key)


async def _about_one(desk: Desk, asked: Asked, body: Payload, key: str) -> Words:
    by = desk.authority(body)
    command = change(asked.verb, asked.rest, by) if asked.verb in CHANGES else None
    target = asked.incident or await desk.here(body)
    if target is None:
        return await _which(desk, asked, by)
    if command is None:
        shown = await desk.board.incident(target, by)
        if shown is None:
            raise Refused(UNKNOWN)
        return desk.wording.message("card", incident=shown)
    changed = await desk.incidents.handle(target, command, key)
    return desk.wording.message("changed", incident=changed)


async def fitting(desk: Desk, verb: str, by: Authority) -> Sequence[Incident]:
    """Return the incidents that the verb may be about, of those the person may know of."""
    known = await desk.board.incidents(by, FITTING.get(verb, OPEN))
    if verb == "ack":
        return [i for i in known if i.acknowledged_by in {None, by.person}]
    return known


async def _which(desk: Desk, asked: Asked, by: Authority) -> Words:
    known = await fitting(desk, asked.verb, by)
    text = f"{asked.verb} {asked.rest}".strip()
    name = "picker" if known else "nothing_to"
    return desk.wording.message(name, incidents=known, text=text, verb=asked.verb)
