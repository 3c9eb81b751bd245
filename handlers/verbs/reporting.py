"""Verbs that tell of incidents as a whole: lists, figures, files, and how the bot itself is."""

from collections.abc import Sequence

from bot.domain.errors import Refused
from bot.domain.facts import Milestone
from bot.domain.incident import Incident
from bot.domain.jobs import handout
from bot.domain.jobs import postmortem as filing
from bot.domain.listing import SUGGESTED, listing, selection
from bot.domain.practice import real
from bot.domain.statistics import period, statistics
from bot.ports import Words
from bot.usecases.handouts import DRAFT, EXPORT, POSTMORTEM
from bot.usecases.places import room

from .call import Call

AGAIN = "again"


async def list_some(call: Call) -> Words:
    """Show the open incidents, the worst first, others, the newest first, or suggestions."""
    waiting = await call.desk.board.suggestions(call.by)
    if call.rest.lower() in SUGGESTED:
        return call.say("suggested", incidents=waiting)
    every = await call.desk.board.every(call.by)
    wanted = selection(call.rest, services(every))
    if wanted.words in {"", "open"}:
        every = await call.desk.board.open_incidents(call.by)
    found = listing(every, wanted, call.by.person)
    return call.say("list", listing=found, waiting=waiting)


async def stats(call: Call) -> Words:
    """Count the incidents that this person may know of."""
    every = await call.desk.board.every(call.by)
    wanted = period(call.rest, services(real(every)))
    return call.say("stats", told=statistics(every, wanted, call.now))


def services(incidents: Sequence[Incident]) -> frozenset[str]:
    """Return the services that these incidents were of."""
    return frozenset(name for incident in incidents for name in incident.services)


async def doctor(call: Call) -> Words:
    """Say how the bot is; what is wrong exactly, to who is on call."""
    details = call.desk.rules.policy().on_call in call.by.groups
    return call.say("doctor", parts=call.desk.health.parts(), details=details)


def read_postmortem(call: Call) -> None:
    """Refuse words other than the one it takes."""
    if call.rest.lower() not in {"", AGAIN}:
        msg = (
            "Nothing was done: I do not understand `{quote}`. `/incident postmortem` gives its "
            "link, `/incident postmortem again` writes it anew."
        )
        raise Refused(msg, quote=call.rest)


async def postmortem(call: Call) -> Words:
    """Give the post-mortem: its link, a newer one, or a draft for who asks."""
    incident = await call.shown()
    if Milestone.RESOLVED not in incident.milestones:
        return await _handed(call, incident, DRAFT)
    if incident.shelved or room(incident) is None:
        return await _handed(call, incident, POSTMORTEM)
    again = call.rest.lower() == AGAIN
    if incident.postmortem and not again and not await call.desk.stories.changed(incident):
        return call.say("files", incident=incident, state="link")
    await call.desk.incidents.owe(filing(incident.id, incident.seq, call.now), call.key)
    return call.say("files", incident=incident, state="anew")


async def export(call: Call) -> Words:
    """Send everything that is kept of the incident."""
    return await _handed(call, await call.shown(), EXPORT)


async def _handed(call: Call, incident: Incident, what: str) -> Words:
    job = handout(incident.id, call.by.person, what, call.key, call.now)
    await call.desk.incidents.owe(job, call.key)
    return call.say("files", incident=incident, state="sent" if what == POSTMORTEM else what)
