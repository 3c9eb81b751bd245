"""Verbs that end an incident, or take that back."""

import re
from datetime import datetime
from typing import NamedTuple

from bot.domain.commands import ChangeStatus, Conclude, Merge, Reopen, Resolve
from bot.domain.errors import Refused
from bot.domain.facts import DataLoss
from bot.domain.names import incident_id_in
from bot.domain.status import OPEN, Status
from bot.ports import View, Words
from handlers.reading.moments import moment

from . import suggested
from .call import ANY, Call
from .course import mergeable, moved

LABEL = re.compile(
    r"(?:^|[\s,;.])(?P<label>impact ended?|data loss|(?:root )?cause"
    r"|(?:immediate )?fix|permanent(?: fix)?)\s*[:=]\s*",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """What was said of an incident that is over."""

    impact_ended: datetime | None = None
    data_loss: DataLoss | None = None
    cause: str | None = None
    immediate: str | None = None
    permanent: str | None = None


def read_resolve(call: Call) -> Said:
    """Read "now" and "cause: … fix: … permanent: … data loss: … impact ended: …", all optional."""
    text = call.desk.named(call.rest)
    found = list(LABEL.finditer(text))
    before = text[: found[0].start()] if found else text
    if before.strip().lower() not in {"", "now"}:
        msg = (
            "Nothing was done: I do not understand `{quote}`. `/incident resolve now` does it at "
            "once; `/incident resolve now cause: TEXT fix: TEXT` says what it was."
        )
        raise Refused(msg, quote=before.strip())
    ends = (*(label.start() for label in found), len(text))[1:]
    said = Said()
    for label, end in zip(found, ends, strict=False):  # of no label, the text's end is none's
        said = _with(said, label["label"].lower(), text[label.end() : end].strip(" ,;"), call.now)
    return said


def _with(said: Said, label: str, words: str, now: datetime) -> Said:
    match label.split():
        case ["impact", _]:
            return said._replace(impact_ended=_moment(words, now))
        case ["data", "loss"]:
            return said._replace(data_loss=_data_loss(words))
        case [*_, "cause"]:
            return said._replace(cause=words)
        case ["permanent", *_]:
            return said._replace(permanent=words)
        case _:
            return said._replace(immediate=words)


def _moment(words: str, now: datetime) -> datetime:
    read = moment(words, now)
    if read is None or read[1]:
        msg = "Nothing was done: `{quote}` is no time. Say `14:05`, which is UTC, or `10m ago`."
        raise Refused(msg, quote=words)
    return read[0]


def _data_loss(words: str) -> DataLoss:
    try:
        return DataLoss(words.lower().rstrip("."))
    except ValueError:
        msg = "Nothing was done: data loss is `yes`, `no` or `unknown`, not `{quote}`."
        raise Refused(msg, quote=words) from None


async def resolve(call: Call) -> Words:
    """Say that it is over; what nobody says becomes an open question."""
    said = read_resolve(call)
    learned = Conclude(call.by, *said[1:]) if any(part is not None for part in said[1:]) else None
    return moved(call, await call.do(Resolve(call.by, said.impact_ended, learned)))


async def resolve_form(call: Call) -> View | None:
    """Ask what it was, unless something was said."""
    incident = await call.shown()
    if call.rest or incident.status not in ANY:
        return None
    return call.form("resolve", incident=incident)


async def reopen(call: Call) -> Words:
    """Go on with it."""
    return moved(call, await call.do(Reopen(call.by)))


async def close(call: Call) -> Words:
    """Put it away for good."""
    return moved(call, await call.do(ChangeStatus(call.by, Status.CLOSED)))


async def decline(call: Call) -> Words:
    """Say that it is none, and why."""
    reason = call.desk.named(call.rest)
    if await suggested.suggestion(call):
        return await suggested.dismiss(call, reason)
    return moved(call, await call.do(ChangeStatus(call.by, Status.DECLINED, reason)))


async def decline_form(call: Call) -> View | None:
    """Ask why, as it cannot be taken back, unless it was said."""
    if found := await suggested.suggestion(call):
        return None if call.rest or not found.suggested else call.form("decline", incident=found)
    incident = await call.shown()
    if call.rest or incident.status not in OPEN:
        return None
    return call.form("decline", incident=incident)


def read_merge(call: Call) -> str | None:
    """Read the incident that it is merged into; None if none is named."""
    words = [word.rstrip(",;.") for word in call.rest.split()]
    named = [found for word in words if (found := incident_id_in(word))]
    other = [w for w in words if not incident_id_in(w) and w.lower() not in {"into", "of", "with"}]
    if other or len(named) > 1:
        msg = (
            "Nothing was done: I do not understand `{quote}`. `/incident merge INC-20251231-002` "
            "merges this channel's incident into that one; `/incident merge INC-20251231-001 "
            "into INC-20251231-002` works anywhere."
        )
        raise Refused(msg, quote=call.rest)
    return named[0] if named else None


async def merge(call: Call) -> Words:
    """Let another incident go on for this one, or ask which."""
    into = read_merge(call)
    if into is None:
        incident = await suggested.waiting(call) or await call.shown()
        others = await mergeable(call, incident)
        if incident.status and others:
            await call.meant(Merge(call.by, others[0]))
        return call.say("merge_into", incident=incident, others=others)
    going_on = await call.desk.incidents.merge(call.incident, into, call.by, call.key)
    return call.say("merged", merged=call.incident, incident=going_on)


async def merge_form(call: Call) -> View | None:
    """Ask what a suggestion is a part of, unless it was said."""
    found = await suggested.suggestion(call)
    if found is None or not found.suggested or read_merge(call):
        return None
    others = await mergeable(call, found)
    return call.form("merge", incident=found, others=others) if others else None
