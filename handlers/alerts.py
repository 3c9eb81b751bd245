"""Buttons and forms about the alerts of an incident, or of what alerts suggest."""

import re
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.alert_commands import Accept, DisputeRule, Silence, SplitOff
from bot.domain.commands import AddAction
from bot.domain.decisions import UNKNOWN
from bot.domain.errors import Refused
from bot.domain.facts import Urgency
from bot.domain.incident import Incident
from bot.domain.judging import judge, only_suggested
from bot.domain.overview import Key, Overview, group_named, overview
from bot.ports import Words

from .answer import answer, done
from .desk import Desk
from .forms import opened
from .modals.sent import Sent, taken
from .payloads import Payload, request_key
from .verbs import suggested
from .verbs.acting import acted
from .verbs.call import Call

GONE = "These alerts are not of {} any more: `/incident status {}` shows those that are."


async def accept(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Make what is suggested an incident, which this person takes."""
    call, _ = _called(desk, action, body)
    return await answer(desk, body, await suggested.accept(call))


async def silence(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Keep a group quiet for a while."""
    call, name = _called(desk, action, body)
    return await answer(desk, body, await _silenced(call, name))


async def split_off(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Make a group an incident of its own."""
    call, name = _called(desk, action, body)
    return await answer(desk, body, await _split(call, name))


async def choose(
    name: str, desk: Desk, client: AsyncWebClient, action: Payload, body: Payload
) -> BoltResponse:
    """Ask which of several groups is meant."""
    call, _ = _called(desk, action, body)
    incident, told = await _shown(call)
    if name == "silence_groups":
        _judge_under_way(incident)
    groups = told.silenceable if name == "silence_groups" else told.groups
    if not groups:
        raise _gone(incident)
    if name == "split_groups" and (key := group_named(incident, groups[0].name)):
        judge(incident, SplitOff(call.by, *key, incident.id), desk.rules.policy())
    form = call.form(name, incident=incident, groups=groups, lasting=told.silence_for)
    if await opened(client, body, form):
        return done()
    return await answer(desk, body, call.say("no_groups"))


async def silence_groups(sent: Sent) -> Words:
    """Keep the chosen group quiet for a while."""
    return await _silenced(sent.call, sent.choice("group") or "")


async def split_groups(sent: Sent) -> Words:
    """Make the chosen group an incident of its own."""
    return await _split(sent.call, sent.choice("group") or "")


async def dispute(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Disagree with a rule of the assessment, or agree again."""
    call, rule = _called(desk, action, body)
    incident, told = await _shown(call)
    disputed = action["action_id"].startswith("rule_disagree")
    known = {fired.rule for fired in told.found.fired} | incident.disputed
    if rule not in known:
        raise Refused("Nothing was done: that rule tells nothing of it any more.")
    changed = await call.do(DisputeRule(call.by, rule, disputed))
    words = call.say("disputed", incident=changed, rule=rule, disputed=disputed)
    return await answer(desk, body, words)


async def step(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Take on what the assessment proposes: an action item of one's own.

    What is only suggested is accepted first. The same step twice is one.
    """
    call, wanted = _called(desk, action, body)
    incident, told = await _shown(call)
    proposals = told.found.actions
    found = next((p for p in proposals if f"{p.action}/{p.target or ''}" == wanted), None)
    if found is None:
        raise Refused("Nothing was done: that is not proposed any more, as more is known now.")
    text = desk.wording.line("step", proposal=found)
    known = next((one for one in incident.open_actions if one.text == text), None)
    if known:
        who = f"<@{known.owner}>'s" if known.owner else "on the list"
        msg = f"It is {who} already: action item {known.number} of {incident.id}."
        raise Refused(msg)
    if incident.suggested:
        await desk.incidents.handle(incident.id, Accept(call.by), f"{call.key}/accept")
    wish = AddAction(call.by, text, call.by.person, urgency=Urgency.HIGH)
    return await answer(desk, body, await acted(call, await call.do(wish), "added"))


async def not_yet(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Take note that it is not over, which changes nothing."""
    call, _ = _called(desk, action, body)
    return await answer(
        desk, body, call.say("not_yet", incident=await call.shown(), by=call.by.person)
    )


def _called(desk: Desk, action: Payload, body: Payload) -> tuple[Call, str]:
    incident, _, about = action["value"].partition("/")
    return Call(desk, body, desk.authority(body), request_key(body), incident, ""), about


async def _shown(call: Call) -> tuple[Incident, Overview]:
    """Return the incident or suggestion, and its alerts, as this person may see them."""
    found = await call.desk.board.anything(call.incident, call.by)
    if found is None:
        raise Refused(UNKNOWN)
    return found, overview(found, call.desk.rules.policy(), call.now)


async def _group(call: Call, name: str) -> tuple[Incident, Overview, Key]:
    incident, told = await _shown(call)
    key = group_named(incident, name)
    if key is None:
        raise _gone(incident)
    return incident, told, key


async def _silenced(call: Call, name: str) -> Words:
    incident, told, key = await _group(call, name)
    sheaf = next(sheaf for sheaf in told.groups if sheaf.name == name)
    if sheaf.quiet:
        until = f"{sheaf.quiet.until:%H:%M} UTC"
        msg = f"<@{sheaf.quiet.by}> has silenced that already, until {until}."
        raise Refused(msg)
    _judge_under_way(incident)
    changed = await call.do(Silence(call.by, *key))
    return call.say("silencing", incident=changed, quiet=changed.quiet[-1], sheaf=sheaf)


def _judge_under_way(incident: Incident) -> None:
    if incident.under_way:
        return
    if incident.status is None:
        raise only_suggested(incident)
    msg = f"{incident.id} is over, so its alerts are not silenced."
    raise Refused(msg)


async def _split(call: Call, name: str) -> Words:
    incident, told, key = await _group(call, name)
    sheaf = next(sheaf for sheaf in told.groups if sheaf.name == name)
    new = await call.desk.incidents.split(incident.id, key, call.by, call.key)
    return call.say("split", incident=new, before=incident, sheaf=sheaf)


def _gone(incident: Incident) -> Refused:
    return Refused(GONE.format(incident.id, incident.id))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the buttons and the forms."""
    for listener in (accept, silence, split_off, not_yet):
        app.action(listener.__name__)(partial(listener, desk))
    app.action(re.compile(r"^rule_(dis)?agree_\d$"))(partial(dispute, desk))
    app.action(re.compile(r"^step_\d$"))(partial(step, desk))
    for form in (silence_groups, split_groups):
        app.action(form.__name__)(partial(choose, form.__name__, desk))
        app.view(form.__name__)(partial(taken, form, desk))
