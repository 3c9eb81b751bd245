"""Declaring, by whichever door: what came of it is said, with what might be the same."""

import re
from dataclasses import replace
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.authority import Authority
from bot.domain.commands import ChangeSeverity, Declare
from bot.domain.decisions import UNKNOWN
from bot.domain.errors import Refused
from bot.domain.incident import Post
from bot.domain.severity import Severity, severity_in
from bot.ports import Words

from .answer import answer, done, later
from .desk import Desk
from .forms import push_notice
from .payloads import Payload, button_key, channel, chosen, request_key
from .reading.declaration import declaration

NOBODY = {"USLACKBOT"}


def typed(desk: Desk, by: Authority, text: str) -> Declare:
    """Read a declaration that somebody typed."""
    return declaration(by, text, desk.rules.policy().services)


async def declare(desk: Desk, command: Declare, key: str, *, another: bool = False) -> Words:
    """Declare, and return what came of it."""
    made = await desk.declarations.declare(command, key, another=another)
    return desk.wording.message(
        "declared",
        incident=made.incident,
        alike=made.alike,
        again=made.again,
        severity=command.severity,
        undecided_is=desk.rules.policy().undecided_is,
    )


async def declare_text(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Declare what was typed, once however often the button is clicked."""
    command = typed(desk, desk.authority(body), action["value"])
    came_from = re.fullmatch(r"said:(\w+)/([\d.]+)", action.get("block_id", ""))
    if came_from:
        command = replace(command, origin=Post(*came_from.groups()))
    return await answer(desk, body, await declare(desk, command, button_key(body)))


async def declare_another(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Declare what is open already once more, as it is another; once for each button."""
    by = desk.authority(body)
    like, _, severity = action["value"].partition(" ")
    found = await desk.board.incident(like, by)
    if found is None:
        raise Refused(UNKNOWN)
    private = found.audience is not None
    people = tuple(sorted(found.people)) if private else ()
    command = Declare(
        *(by, found.title, severity_in(severity), private, found.services, people),
        details=found.details,
    )
    words = await declare(desk, command, button_key(body), another=True)
    return await answer(desk, body, words)


async def decide_severity(desk: Desk, action: Payload, body: Payload) -> BoltResponse:
    """Say how bad it is; in its own channel the card shows it, elsewhere the person is told."""
    severity = Severity(action["action_id"].removeprefix("severity_"))
    command = ChangeSeverity(desk.authority(body), severity)
    changed = await desk.incidents.handle(action["value"], command, request_key(body))
    if changed.channel and channel(body) == changed.channel:
        return done()
    return await answer(desk, body, desk.wording.message("changed", incident=changed))


async def join(desk: Desk, client: AsyncWebClient, action: Payload, body: Payload) -> BoltResponse:
    """Bring the person into the incident's channel, and say so on top of the form if in one."""
    by = desk.authority(body)
    joined = await desk.declarations.join(action["value"], by, request_key(body))
    words = desk.wording.message("joining", incident=joined)
    return await push_notice(desk, client, body, words)


async def not_now(desk: Desk, body: Payload) -> BoltResponse:
    """Say that nothing is declared, and how to do it later."""
    return await answer(desk, body, desk.wording.message("not_now"))


async def form(
    desk: Desk, view: Payload, body: Payload, context: AsyncBoltContext
) -> BoltResponse:
    """Declare; the form closes once the incident is kept, and its sender is told by a job."""
    severity = chosen(view, "severity").get("selected_option")
    named = chosen(view, "services")
    private = bool(chosen(view, "private").get("selected_options"))
    people = chosen(view, "people").get("selected_users") or []
    apps = {*NOBODY, context.bot_user_id}
    command = Declare(
        desk.authority(body),
        chosen(view, "title").get("value") or "",
        Severity(severity["value"]) if severity else None,
        private=private,
        services=tuple(option["value"] for option in named.get("selected_options") or []),
        invited=tuple(who for who in people if private and who not in apps),
        details=chosen(view, "details").get("value") or "",
    )
    place, _, message = view["private_metadata"].partition(" ")  # from Home it is nowhere
    if message:
        command = replace(command, origin=Post(place, message))
    await later(desk, body, await declare(desk, command, request_key(body)))
    return done()


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the form and the buttons of declaring."""
    for listener in (declare_text, declare_another, join, not_now):
        app.action(listener.__name__)(partial(listener, desk))
    app.action(re.compile(r"^severity_P[0-3]$"))(partial(decide_severity, desk))
    app.view("declare")(partial(form, desk))
