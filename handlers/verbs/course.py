"""Verbs about how bad it is, who has it and where it stands."""

import re
from typing import NamedTuple

from bot.domain.authority import Authority
from bot.domain.commands import Acknowledge, ChangeSeverity, ChangeStatus, Triage
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.overview import overview
from bot.domain.practice import policy_of, real
from bot.domain.questions import open_questions
from bot.domain.severity import Severity, severity_in, severity_named
from bot.domain.status import Status
from bot.ports import View, Words

from . import suggested
from .call import Call

STATUSES = {
    **{status.value: status for status in Status},
    "triage": Status.TRIAGING,
    "investigate": Status.INVESTIGATING,
    "mitigate": Status.MITIGATING,
    "mitigated": Status.MONITORING,
    "monitor": Status.MONITORING,
    "resolve": Status.RESOLVED,
    "close": Status.CLOSED,
    "decline": Status.DECLINED,
}


async def status(call: Call) -> Words:
    """Show how the incident stands, or say where it stands now."""
    wanted, reason = read_status(call)
    if wanted is None:
        found = await suggested.suggestion(call)
        return await (suggested.pictured(call, found) if found else pictured(call, "card"))
    return moved(call, await call.do(ChangeStatus(call.by, wanted, reason)))


async def catchup(call: Call) -> Words:
    """Tell in short how it stands, to somebody who comes late."""
    return await pictured(call, "catch_up")


async def pictured(call: Call, name: str) -> Words:
    """Show the incident as that message does, in the words of the messages it points at."""
    incident = await call.quoted()
    policy = policy_of(incident, call.desk.rules.policy())
    told = overview(incident, policy, call.now)
    return call.say(name, incident=incident, bridges=policy.bridges(incident.services), told=told)


def read_status(call: Call) -> tuple[Status | None, str]:
    """Read where it stands now and why; nothing said is nothing changed."""
    word, _, reason = call.rest.partition(" ")
    if not word:
        return None, ""
    wanted = STATUSES.get(word.lower().rstrip(":,;.-"))
    if wanted is None:
        known = ", ".join(s for s in Status if s is not Status.MERGED)
        msg = f"Nothing was done: `{{quote}}` is no status. It is one of: {known}."
        raise Refused(msg, quote=word)
    if wanted is Status.MERGED:
        raise Refused("Say which it is merged into: `/incident merge INC-20260115-001`.")
    return wanted, call.desk.named(reason.strip())


def moved(call: Call, incident: Incident) -> Words:
    """Say where an incident stands now, what comes next, and what nobody has answered yet."""
    over = incident.status in {Status.RESOLVED, Status.CLOSED}
    questions = open_questions(incident) if over else ()
    return call.say("moved", incident=incident, questions=questions)


async def acknowledge(call: Call) -> Words:
    """Take the incident; what is only suggested becomes one."""
    if await suggested.suggestion(call):
        return await suggested.accept(call)
    return call.say("changed", incident=await call.do(Acknowledge(call.by)))


def can_be_taken_by(incident: Incident, by: Authority) -> bool:
    """Say whether nobody else has taken it."""
    return incident.acknowledged_by in {None, by.person}


def read_severity(call: Call) -> Severity:
    """Read a severity and nothing else."""
    word, _, more = call.rest.partition(" ")
    if more and severity_in(word):
        msg = (
            "Nothing was done: I do not understand `{quote}`. "
            f"`/incident severity {word.upper()}` takes no reason; "
            f"`/incident timeline TEXT` keeps one."
        )
        raise Refused(msg, quote=more)
    return severity_named(call.rest)


async def severity(call: Call) -> Words:
    """Say how bad it is."""
    command = ChangeSeverity(call.by, read_severity(call))
    return call.say("changed", incident=await call.do(command))


class Look(NamedTuple):
    """What the first look tells."""

    severity: Severity | None
    services: tuple[str, ...] | None
    impact: str | None


SERVICES = re.compile(r"([\w.-]+(?:\s*,\s*[\w.-]+)*)\s*:(?:\s+|$)")


def read_triage(call: Call) -> Look:
    """Read "[SEVERITY] [SERVICE, SERVICE:] [IMPACT]"."""
    text = call.desk.named(call.rest)
    word, _, rest = text.partition(" ")
    severity = severity_in(word.rstrip(":,"))
    impact = (rest if severity else text).strip()
    found = SERVICES.match(impact)
    if not found:
        return Look(severity, None, impact or None)
    named = tuple(dict.fromkeys(re.split(r"\s*,\s*", found[1])))
    return Look(severity, named, impact[found.end() :].strip() or None)


async def triage(call: Call) -> Words:
    """Say what the first look tells, and take it on; told nothing, say what could be told."""
    look = read_triage(call)
    if not any(look):
        return call.say("inline", verb="triage", no_form=False)
    if await suggested.suggestion(call):
        return await suggested.triage(call, *look)
    return call.say("triaged", incident=await call.do(Triage(call.by, *look)))


async def triage_form(call: Call) -> View | None:
    """Ask for all of it at once, unless it was said."""
    if call.rest:
        return None
    wish = Triage(call.by, None, None, None)
    incident = await suggested.waiting(call) or await call.meant(wish)
    others = await mergeable(call, incident)
    services = tuple(policy_of(incident, call.desk.rules.policy()).services)
    return call.form("triage", incident=incident, services=services, others=others)


async def mergeable(call: Call, incident: Incident) -> list[Incident]:
    """Return the open incidents that this one may be merged into, as this person sees them."""
    return [
        other
        for other in real(await call.desk.board.open_incidents(call.by))
        if incident.practice is None
        and other.id != incident.id
        and (other.audience is None) == (incident.audience is None)
    ]
