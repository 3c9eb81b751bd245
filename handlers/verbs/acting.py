"""The verb about what has to be done."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.commands import (
    AddAction,
    ChangeAction,
    FinishAction,
    ReopenAction,
    RetractAction,
)
from bot.domain.errors import Refused
from bot.domain.facts import Urgency
from bot.domain.incident import Incident
from bot.domain.state import ActionItem
from bot.ports import View, Words
from handlers.reading.days import due
from handlers.reading.names import MENTION

from .call import Call
from .unclear import Unclear, asked_back, names_something


@dataclass(frozen=True, slots=True)
class Show:
    """Show what has to be done."""


@dataclass(frozen=True, slots=True)
class Item:
    """What has to be done, and what of owner, day and urgency was said; None is nothing."""

    text: str
    owner: str | None = None
    due: date | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Do something to an item: done, reopened, dropped, or edited to say that."""

    number: int
    how: str
    item: Item


Asked = Show | Item | Change | Unclear

SHOWING = frozenset({"", "show", "list", "ls"})
HOW = {
    **dict.fromkeys(("done", "finish", "finished", "complete", "close"), "done"),
    **dict.fromkeys(("reopen", "undo"), "reopened"),
    **dict.fromkeys(("drop", "remove", "rm", "delete"), "dropped"),
    **dict.fromkeys(("edit", "change"), "edited"),
}
NUMBER = re.compile(r"#?(\d{1,6})[:.,]?")
URGENCY = re.compile(r"(?:^|\s)!(high|medium|low)\b", re.IGNORECASE)
OWNER = re.compile(rf"(?:\bowner:? )?{MENTION.pattern}", re.IGNORECASE)
MYSELF = re.compile(r"\bowner:? me\b|(?<!\S)@me\b", re.IGNORECASE)


def read_action(call: Call) -> Asked:
    """Read "", "add TEXT @owner due DAY !high", "done 2", "reopen 2", "drop 2", "edit 2 …"."""
    text = call.rest
    word, _, rest = text.partition(" ")
    how, named = HOW.get(word.lower()), NUMBER.fullmatch(rest.split(maxsplit=1)[0] if rest else "")
    if word.lower() in SHOWING and not rest.strip():
        return Show()
    if how and named:
        more = rest.strip()[len(named[0]) :].strip()
        if how == "edited" or not more:
            return Change(int(named[1]), how, _item(more, call))
    if how and not rest.strip():
        msg = f"Which one? `/incident action {word.lower()} 2`; `/incident action list` has them."
        raise Refused(msg)
    if (how and (how == "done" or names_something(rest))) or NUMBER.fullmatch(text.strip()):
        return Unclear(call.desk.named(text.strip()))
    return _item(rest if word.lower() == "add" else text, call)


def _item(text: str, call: Call) -> Item:
    day, left = due(text, call.now)
    urgency = URGENCY.search(left)
    left = URGENCY.sub(" ", left)
    owners = MENTION.findall(left)
    if MYSELF.search(left):
        owners.append(call.by.person)
        left = MYSELF.sub(" ", left)
    if len(set(owners)) == 1:  # of several, nobody can tell who is meant
        left = OWNER.sub(" ", left)
    owner = owners[0] if len(set(owners)) == 1 else None
    words = call.desk.named(re.sub(r"[ \t]{2,}", " ", left).strip(" ,;"))
    return Item(words, owner, day, Urgency(urgency[1].lower()) if urgency else None)


async def action(call: Call) -> Words:
    """Show what has to be done, or change it."""
    by = call.by
    match read_action(call):
        case Show():
            return call.say("actions", incident=await call.quoted())
        case Unclear() as unclear:
            return asked_back(call, "action", unclear)
        case Item(text, owner, day, urgency):
            standing = call.desk.people.standing(owner)
            how_soon = urgency or Urgency.MEDIUM
            wish = AddAction(by, text, owner, day, how_soon, standing=standing)
            return await acted(call, await call.do(wish), "added")
        case Change(number, "done"):
            return await acted(call, await call.do(FinishAction(by, number)), "done", number)
        case Change(number, "reopened"):
            return await acted(call, await call.do(ReopenAction(by, number)), "reopened", number)
        case Change(number, "dropped"):
            return await acted(call, await call.do(RetractAction(by, number)), "dropped", number)
        case Change(number, _, item):
            return await _edited(call, number, item)


async def _edited(call: Call, number: int, said: Item) -> Words:
    """Change what was said of an item, and leave the rest."""
    if said == Item(""):
        return call.say("inline", verb="action", no_form=False, number=number)
    item = _known(await call.shown(), number)
    owner = said.owner or (item.owner if item else None)
    wish = ChangeAction(
        call.by,
        number,
        said.text or (item.text if item else ""),
        owner,
        said.due or (item.due if item else None),
        said.urgency or (item.urgency if item else Urgency.MEDIUM),
        call.desk.people.standing(owner),
    )
    return await acted(call, await call.do(wish), "edited", number)


async def acted(call: Call, incident: Incident, done: str, number: int | None = None) -> Words:
    """Say what became of an item."""
    wanted = incident.last_action if number is None else number
    item = _known(await call.desk.board.quoted(incident), wanted)
    return call.say("acted", incident=incident, item=item, number=wanted, done=done)


def _known(incident: Incident, number: int) -> ActionItem | None:
    return next((item for item in incident.actions if item.number == number), None)


async def action_form(call: Call) -> View | None:
    """Ask what has to be done, if "add" or "edit 2" is all that was said."""
    match read_action(call):
        case Item(text="") as said:
            incident = await call.shown()
            return call.form("action", 0, incident=incident, item=said)
        case Change(number, "edited", Item(text="")) as change if change.item == Item(""):
            incident = await call.shown()
            item = _known(incident, number)
            return call.form("action", number, incident=incident, item=item) if item else None
        case _:
            return None
