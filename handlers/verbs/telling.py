"""Verbs that tell: updates for everybody, and the timeline."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.commands import AddNote, EditNote, RetractNote, SetMilestone, Update
from bot.domain.course import page
from bot.domain.errors import Refused
from bot.domain.facts import Milestone
from bot.domain.incident import Incident
from bot.ports import View, Words
from handlers.reading.moments import SPAN, moment, span

from .call import Call
from .unclear import Unclear, asked_back, names_something

NEXT = re.compile(
    rf"[\s,;.(\u2013-]*\bnext(?: update)?(?: in)? (?P<span>{SPAN.pattern})\)?\.?$", re.IGNORECASE
)


PROMISED = re.compile(
    r"\bnext (?:update in|update|in) [-+\u2212]?\d[\d.,]*\s?[a-z]*\)?\.?$", re.IGNORECASE
)


def read_update(call: Call) -> tuple[str, timedelta | None]:
    """Read what to tell, and "next in 30m" at its end."""
    text = call.desk.named(call.rest).rstrip()
    found = NEXT.search(text)
    within = span(found["span"]) if found else None
    if found and within:
        return text[: found.start()].rstrip(), within
    if promised := PROMISED.search(text):
        msg = (
            "Nothing was told: `{quote}` is no time I can promise an update in. It is 1 minute "
            "to 7 days: `next in 30m`, `next in 2 hours`. Left out, it is as the severity asks."
        )
        raise Refused(msg, about="minutes", quote=promised[0])
    return text, None


async def update(call: Call) -> Words:
    """Tell everybody how it goes."""
    text, within = read_update(call)
    return call.say("updated", incident=await call.do(Update(call.by, text, within)))


async def update_form(call: Call) -> View | None:
    """Ask what to tell, unless it was said."""
    text, _ = read_update(call)
    if text:
        return None
    incident = await call.meant(Update(call.by, "as follows"))
    now = call.now  # asked once: a clock goes on
    every = call.desk.rules.policy().update_by(incident.severity, now) - now
    return call.form("update", incident=incident, minutes=int(every.total_seconds()) // 60)


@dataclass(frozen=True, slots=True)
class Show:
    """Show a page of the timeline, the first with what is newest."""

    page: int


@dataclass(frozen=True, slots=True)
class Add:
    """Put something in."""

    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Say something else there, or of another time; nothing said is to be asked for."""

    note: int
    text: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Remove:
    """Take something out."""

    note: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Say when a milestone was passed; None is that nobody knows."""

    milestone: Milestone
    at: datetime | None


Told = Show | Add | Edit | Remove | Mark | Unclear

SHOWING = re.compile(r"(?:(?:show|list|ls)\b\s*)?(?:page(?:\s+#?(\d{1,6}))?)?", re.IGNORECASE)
REMOVING = frozenset({"remove", "rm", "delete", "drop"})
EDITING = frozenset({"edit", "change"})
NUMBER = re.compile(r"#?(\d{1,6})[:.,]?")


def read_timeline(call: Call) -> Told:
    """Read "", "page 2", "TIME TEXT", "edit 3 …", "remove 3" or "set mitigated TIME"."""
    text = call.desk.named(call.rest)
    word, _, rest = text.partition(" ")
    word, rest = word.lower(), rest.strip()
    number, more = _number(rest)
    if found := SHOWING.fullmatch(text.strip()):
        return Show(max(1, int(found[1] or 1)))
    if word in EDITING and number is not None:
        at, changed = _moment(more, call.now)
        return Edit(number, changed or None, at)
    if word in REMOVING and number is not None and not more:
        return Remove(number)
    if word == "set" and (mark := _milestone(rest, call.now)):
        return mark
    changes = word in EDITING | REMOVING and names_something(rest)
    if changes or NUMBER.fullmatch(text.strip()):
        return Unclear(text.strip())
    at, said = _moment(rest if word == "add" else text, call.now)
    if not said:
        msg = "Nothing was done. What happened? `/incident timeline 14:05 the cache was full`."
        raise Refused(msg, about="text")
    return Add(said, at)


def _number(text: str) -> tuple[int | None, str]:
    word, _, rest = text.partition(" ")
    found = NUMBER.fullmatch(word)
    return (int(found[1]), rest.strip()) if found else (None, text)


def _moment(text: str, now: datetime) -> tuple[datetime | None, str]:
    return moment(text, now) or (None, text)


def _milestone(text: str, now: datetime) -> Mark | None:
    """Read "impact started 14:05"; None if it begins with no milestone."""
    said = text.lower().replace("-", "_").split()
    for words in (2, 1):
        name = "_".join(said[:words])
        if name in set(Milestone):
            rest = " ".join(text.split()[words:])
            return Mark(Milestone(name), _said_moment(rest, now, name))
    return None


def _said_moment(text: str, now: datetime, name: str) -> datetime | None:
    if text.lower() in {"unknown", "never", "?"}:
        return None
    if text.lower() in {"", "now"}:
        return now
    read = moment(text, now)
    if read is None or read[1]:
        msg = (
            "Nothing was done: `{quote}` is no time. When was it? "
            f"`/incident timeline set {name} 14:05`, `10m ago`, `now` or `unknown`."
        )
        raise Refused(msg, quote=text)
    return read[0]


async def timeline(call: Call) -> Words:
    """Show the timeline, or change it."""
    match read_timeline(call):
        case Show(number):
            return await course(call, number)
        case Add(text, at):
            return await noted(call, await call.do(AddNote(call.by, text, at)), "added", at)
        case Unclear() as unclear:
            return asked_back(call, "timeline", unclear)
        case Edit(note, None, None):
            return call.say("inline", verb="timeline", no_form=False, number=note)
        case Edit(note, text, at):
            changed = await call.do(EditNote(call.by, note, text, at))
            return await noted(call, changed, "edited", at, note)
        case Remove(note):
            changed = await call.do(RetractNote(call.by, note))
            return await noted(call, changed, "removed", None, note)
        case Mark(milestone, at):
            changed = await call.do(SetMilestone(call.by, milestone, at))
            return call.say("milestone", incident=changed, milestone=milestone, at=at)


async def course(call: Call, number: int) -> Words:
    """Show a page of all that happened, also in those it took in that this person may know of."""
    told = await call.desk.stories.course(call.incident)
    incident = await call.shown()  # asked last: it may have become private meanwhile
    others = {entry.incident for entry in told} - {incident.id}
    hidden = {one for one in others if not await call.desk.board.anything(one, call.by)}
    shown = page([entry for entry in told if entry.incident not in hidden], number)
    lines = await call.desk.stories.quoted(shown.shown)
    return call.say("timeline", incident=incident, page=shown, lines=lines)


async def noted(
    call: Call, incident: Incident, done: str, at: datetime | None, number: int | None = None
) -> Words:
    """Say what became of a timeline entry, and which time was understood."""
    wanted = incident.last_note if number is None else number
    told = await call.desk.board.quoted(incident)
    note = next((n for n in told.notes if n.number == wanted), None)
    return call.say("noted", incident=incident, note=note, number=wanted, done=done, at=at)


async def note_form(call: Call) -> View | None:
    """Ask what an entry should say, if it was named and nothing else."""
    match read_timeline(call):
        case Edit(number, None, None):
            incident = await call.shown()
            note = next((n for n in incident.notes if n.number == number), None)
            return call.form("note", number, incident=incident, note=note) if note else None
        case _:
            return None
