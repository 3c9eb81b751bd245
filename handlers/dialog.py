"""Does what was typed, clicked or picked, and says what came of it, wherever that was."""

from collections.abc import Sequence

from slack_bolt import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.authority import Authority
from bot.domain.incident import Incident
from bot.ports import Words

from .answer import answer, done
from .desk import Desk
from .forms import opened
from .grammar import Asked, Free, NearMiss, Nothing, Parsed, Planned
from .payloads import Payload, request_key
from .verbs import VERBS, Call

LONGEST = 240  # characters of what was typed that a menu of incidents can carry


async def converse(
    desk: Desk, client: AsyncWebClient, parsed: Parsed, body: Payload, key: str | None = None
) -> BoltResponse:
    """Open a form if the words ask for one, else do what they say and answer.

    If a form does not open, say how to do it without.
    """
    call = await _called(desk, parsed, body, key) if isinstance(parsed, Asked) else None
    if call and isinstance(parsed, Asked) and call.incident and (ask := VERBS[parsed.verb].form):
        form = await ask(call)
        if form and await opened(client, body, form):
            return done()
        if form:
            return await answer(desk, body, call.say("inline", verb=parsed.verb, no_form=True))
    return await answer(desk, body, await respond(desk, parsed, body, key))


async def respond(desk: Desk, parsed: Parsed, body: Payload, key: str | None = None) -> Words:
    """Return the answer, after the commit if there was something to commit.

    What is committed is known again by the key, or else by the payload's own.
    """
    say = desk.wording.message
    match parsed:
        case Nothing():
            return await respond(desk, Asked("help", None, ""), body, key)
        case Planned(verb):
            return say("planned", verb=verb)
        case NearMiss(word, meant, text):
            return say("near_miss", word=word, meant=meant, text=text)
        case Free(text):
            return say("offer", text=text, no_form=False)
        case Asked(verb):
            call = await _called(desk, parsed, body, key)
            if VERBS[verb].about is not None and not call.incident:
                return await _which(call, verb)
            return await VERBS[verb].answer(call)


async def _called(desk: Desk, asked: Asked, body: Payload, key: str | None) -> Call:
    """Return what was said, which the verb can take, and the incident it is about if known."""
    verb, by = VERBS[asked.verb], desk.authority(body)
    call = Call(desk, body, by, key or request_key(body), asked.incident or "", asked.rest)
    verb.check(call)
    if asked.incident or verb.about is None:
        return call
    here = await desk.here(body)
    return Call(desk, body, by, call.key, here or "", asked.rest)


async def fitting(desk: Desk, verb: str, by: Authority) -> Sequence[Incident]:
    """Return the incidents that the verb may be about, of those the person may know of."""
    wanted = VERBS[verb]
    known = await desk.board.incidents(by, wanted.about or ())
    return [incident for incident in known if wanted.fits(incident, by)]


async def _which(call: Call, verb: str) -> Words:
    known = await fitting(call.desk, verb, call.by)
    text = f"{verb} {call.rest}".strip()
    if not known:
        return call.say("nothing_to", verb=verb)
    if len(text) > LONGEST:
        return call.say("which", incidents=known, text=text, verb=verb)
    return call.say("picker", incidents=known, text=text)
