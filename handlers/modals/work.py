"""Forms about updates, the timeline and action items."""

from datetime import date, datetime, timedelta
from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.domain.commands import AddAction, ChangeAction, EditNote, Update
from bot.domain.facts import Urgency
from bot.ports import Words
from handlers.desk import Desk
from handlers.reading.days import ahead
from handlers.verbs.acting import acted
from handlers.verbs.telling import noted

from .sent import Sent, taken


async def update(sent: Sent) -> Words:
    """Tell everybody how it goes."""
    minutes = sent.text("minutes")
    within = timedelta(minutes=int(minutes)) if minutes else None
    changed = await sent.call.do(Update(sent.call.by, sent.text("text"), within))
    return sent.call.say("updated", incident=changed)


async def note(sent: Sent) -> Words:
    """Say something else in the timeline; a moment left alone stays as exact as it was."""
    call, at = sent.call, sent.moment("at")
    shown = await call.shown()
    was = next((one.at for one in shown.notes if one.number == sent.number), None)
    at = None if at and was and _minute(at) == _minute(was) else at
    changed = await call.do(EditNote(call.by, sent.number, sent.text("text"), at))
    return await noted(call, changed, "edited", at, sent.number)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


async def action(sent: Sent) -> Words:
    """Say what has to be done, or say it otherwise."""
    call, owner = sent.call, sent.choice("person")
    standing = call.desk.people.standing(owner)
    said = (
        sent.text("text"),
        owner,
        await _due(sent),
        Urgency(sent.choice("urgency") or Urgency.MEDIUM),
    )
    if sent.number:
        changed = await call.do(ChangeAction(call.by, sent.number, *said, standing))
        return await acted(call, changed, "edited", sent.number)
    wish = AddAction(call.by, *said, standing=standing)
    return await acted(call, await call.do(wish), "added")


async def _due(sent: Sent) -> date | None:
    """Return the day that was chosen, which must not have gone by unless it was the item's."""
    chosen = sent.choice("due")
    if not chosen:
        return None
    on = date.fromisoformat(chosen)
    known = (await sent.call.shown()).actions if sent.number else ()
    if on in {item.due for item in known if item.number == sent.number}:
        return on
    return ahead(on, sent.call.now, chosen)


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the forms."""
    for listener in (update, note, action):
        app.view(listener.__name__)(partial(taken, listener, desk))
