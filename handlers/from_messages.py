"""What is made of a message by its shortcuts: timeline entries and action items."""

from datetime import date
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.commands import AddAction, AddNote
from bot.domain.errors import Refused
from bot.domain.facts import Urgency
from bot.domain.incident import Incident, Post
from bot.domain.status import OPEN, Status
from bot.domain.transcript import fit_to_keep
from bot.ports import Words
from bot.reading import is_ours, said, written_at

from .answer import answer, done, later
from .desk import Desk
from .forms import opened
from .payloads import Payload, channel, chosen, request_key
from .reading.days import ahead

OURS = "That is one of my own messages; what they tell is in the incident's history anyway."
KNOWN = OPEN | {Status.RESOLVED}


async def add_to_timeline(
    desk: Desk, client: AsyncWebClient, body: Payload, context: AsyncBoltContext
) -> BoltResponse:
    """Put the message in the timeline of the incident it is about, else ask of which."""
    source = _source(body, context)
    here = await _here(desk, body, source)
    if here is None:
        return await _ask(desk, client, body, "note", None)
    command = AddNote(desk.authority(body), "", written_at(source.ts), source)
    changed = await desk.incidents.handle(here.id, command, request_key(body))
    return await answer(desk, body, _added(desk, changed, command))


async def create_action(
    desk: Desk, client: AsyncWebClient, body: Payload, context: AsyncBoltContext
) -> BoltResponse:
    """Ask what is to be done, by whom and when; the message's words are a beginning."""
    here = await _here(desk, body, _source(body, context))
    return await _ask(desk, client, body, "action", here)


async def note_form(desk: Desk, view: Payload, body: Payload) -> BoltResponse:
    """Put the message in the timeline of the incident that was chosen."""
    source, incident = _about(view)
    text = chosen(view, "text").get("value") or ""
    command = AddNote(desk.authority(body), text, written_at(source.ts), source)
    return await _sent(desk, body, incident, command)


async def action_form(desk: Desk, view: Payload, body: Payload) -> BoltResponse:
    """Add the action item."""
    source, incident = _about(view)
    due, owner = chosen(view, "due").get("selected_date"), chosen(view, "person")
    urgency = chosen(view, "urgency").get("selected_option")
    command = AddAction(
        desk.authority(body),
        chosen(view, "text").get("value") or "",
        owner.get("selected_user"),
        ahead(date.fromisoformat(due), desk.clock.now(), due) if due else None,
        Urgency(urgency["value"]) if urgency else Urgency.MEDIUM,
        source,
        desk.people.standing(owner.get("selected_user")),
    )
    return await _sent(desk, body, incident, command)


async def _sent(
    desk: Desk, body: Payload, incident: str, command: AddNote | AddAction
) -> BoltResponse:
    changed = await desk.incidents.handle(incident, command, request_key(body))
    await later(desk, body, _added(desk, changed, command))
    return done()


def _added(desk: Desk, incident: Incident, command: AddNote | AddAction) -> Words:
    """Return which entry the message is; it may have been one before."""
    action = isinstance(command, AddAction)
    entries = incident.actions if action else incident.notes
    number = next((e.number for e in entries if e.source == command.source), None)
    return desk.wording.message("added", incident=incident, number=number, action=action)


async def _ask(
    desk: Desk, client: AsyncWebClient, body: Payload, kind: str, here: Incident | None
) -> BoltResponse:
    """Open the form; what was said elsewhere has its words there, as people may change them."""
    known = [here] if here else await desk.board.incidents(desk.authority(body), KNOWN)
    if not known:
        return await answer(desk, body, desk.wording.message("nothing_to", verb=kind))
    message, place = body["message"], channel(body)
    told = said(place, message, ())
    text = desk.named(fit_to_keep(told)[0].text) if told else ""
    form = desk.wording.modal(
        "from_message",
        kind=kind,
        metadata=f"{body['channel']['id']} {message['ts']} {here.id if here else ''}".strip(),
        text=text,
        incidents=known,
        here=here,
    )
    if await opened(client, body, form):
        return done()
    return await answer(desk, body, desk.wording.message("no_form", kind=kind, text=text))


def _source(body: Payload, context: AsyncBoltContext) -> Post:
    ours = {name for name in (context.bot_user_id, context.bot_id) if name}
    if is_ours(body["message"], ours):
        raise Refused(OURS)
    return Post(body["channel"]["id"], body["message"]["ts"])


def _about(view: Payload) -> tuple[Post, str]:
    """Return which message a form is about, and which incident."""
    place, ts, *known = view["private_metadata"].split()
    return Post(place, ts), known[0] if known else chosen(view, "incident")["selected_option"][
        "value"
    ]


async def _here(desk: Desk, body: Payload, source: Post) -> Incident | None:
    """Return the incident whose room or thread the message is in, if it is in one's."""
    thread = body["message"].get("thread_ts") or source.ts
    found = await desk.incidents.in_channel(source.channel, thread)
    return await desk.board.incident(found, desk.authority(body)) if found else None


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the shortcuts and their forms."""
    app.shortcut("add_to_timeline")(partial(add_to_timeline, desk))
    app.shortcut("create_action")(partial(create_action, desk))
    app.view("note_from_message")(partial(note_form, desk))
    app.view("action_from_message")(partial(action_form, desk))
