"""What verbs do to what alerts suggest and nobody has accepted yet."""

from bot.domain.alert_commands import Accept, Dismiss
from bot.domain.commands import Triage
from bot.domain.incident import Incident
from bot.domain.overview import overview
from bot.domain.severity import Severity
from bot.ports import Words

from .call import Call


async def suggestion(call: Call) -> Incident | None:
    """Return what is or was suggested by that number; None if it is an incident, or nothing."""
    found = await call.desk.board.anything(call.incident, call.by)
    return found if found and found.status is None else None


async def waiting(call: Call) -> Incident | None:
    """Return what is suggested by that number and waits for an answer."""
    found = await suggestion(call)
    return found if found and found.suggested else None


async def pictured(call: Call, found: Incident) -> Words:
    """Show it as its card does, with the buttons that answer it."""
    told = overview(found, call.desk.rules.policy(), call.now)
    return call.say("triage", incident=found, told=told)


async def accept(call: Call, severity: Severity | None = None) -> Words:
    """Make it an incident, which this person takes."""
    return call.say("accepted", incident=await call.do(Accept(call.by, severity)))


async def triage(
    call: Call, severity: Severity | None, services: tuple[str, ...] | None, impact: str | None
) -> Words:
    """Make it an incident, and say what the first look tells besides; twice is once."""
    incidents, key = call.desk.incidents, f"{call.key}/accept"
    accepted = await incidents.handle(call.incident, Accept(call.by, severity), key)
    if services is None and impact is None:
        return call.say("accepted", incident=accepted)
    wish = Triage(call.by, None, services, impact)
    return call.say("accepted", incident=await call.do(wish))


async def dismiss(call: Call, reason: str) -> Words:
    """Say that it is no incident."""
    return call.say("dismissed", incident=await call.do(Dismiss(call.by, reason)))
