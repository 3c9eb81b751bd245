"""Forms about how an incident goes and how it ends."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.domain.commands import ChangeStatus, Conclude, Resolve, Triage
from bot.domain.errors import Refused
from bot.domain.facts import DataLoss
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import Words
from handlers.desk import Desk
from handlers.verbs import suggested
from handlers.verbs.course import moved

from .sent import Sent, taken


async def triage(sent: Sent) -> Words:
    """Take the incident on, decline it, or merge it."""
    call, impact = sent.call, sent.text("impact")
    found = await suggested.suggestion(call)
    match sent.choice("outcome"):
        case "decline" if found:
            return await suggested.dismiss(call, impact)
        case "decline":
            command = ChangeStatus(call.by, Status.DECLINED, impact)
            return moved(call, await call.do(command))
        case "merge":
            return await _merge(sent)
        case _:
            chosen = sent.choice("severity")
            severity = Severity(chosen) if chosen else None
            said = (severity, sent.choices("services"), impact or None)
            if found:
                return await suggested.triage(call, *said)
            return call.say("triaged", incident=await call.do(Triage(call.by, *said)))


async def merge(sent: Sent) -> Words:
    """Make what is suggested a part of an incident."""
    return await _merge(sent)


async def _merge(sent: Sent) -> Words:
    call, into = sent.call, sent.choice("into")
    if into is None:
        raise Refused("Which one is it the same as?", about="into")
    going_on = await call.desk.incidents.merge(call.incident, into, call.by, call.key)
    return call.say("merged", merged=call.incident, incident=going_on)


async def resolve(sent: Sent) -> Words:
    """Resolve; what was left empty is as it was."""
    by, loss = sent.call.by, sent.choice("data_loss")
    learned = Conclude(
        by,
        DataLoss(loss) if loss else None,
        sent.text("root_cause") or None,
        sent.text("immediate_fix") or None,
        sent.text("permanent_fix") or None,
    )
    command = Resolve(by, sent.moment("impact_ended"), learned)
    return moved(sent.call, await sent.call.do(command))


async def decline(sent: Sent) -> Words:
    """Say that it is no incident."""
    if await suggested.suggestion(sent.call):
        return await suggested.dismiss(sent.call, sent.text("reason"))
    command = ChangeStatus(sent.call.by, Status.DECLINED, sent.text("reason"))
    return moved(sent.call, await sent.call.do(command))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the forms."""
    for listener in (triage, resolve, decline, merge):
        app.view(listener.__name__)(partial(taken, listener, desk))
