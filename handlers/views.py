"""Forms that were sent."""

import re
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.domain.commands import Declare
from bot.domain.severity import Severity

from . import modals
from .answer import answer, done, later
from .desk import Desk
from .payloads import Payload, request_key


async def declare(desk: Desk, view: Payload, body: Payload) -> BoltResponse:
    """Declare; the form closes once the incident is kept, and its channel is told by a job."""
    values = view["state"]["values"]
    severity = values["severity"]["severity"].get("selected_option")
    command = Declare(
        desk.authority(body),
        values["title"]["title"].get("value") or "",
        Severity(severity["value"]) if severity else None,
        private=bool(values["private"]["private"].get("selected_options")),
    )
    declared = await desk.incidents.handle(None, command, request_key(body))
    await later(desk, body, desk.wording.message("declared", incident=declared))
    return done()


async def unknown(desk: Desk, body: Payload) -> BoltResponse:
    """Say that a form of another version was not sent on."""
    return await answer(desk, body, desk.wording.message("outdated"))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the forms."""
    modals.register(app, desk)
    app.view("declare")(partial(declare, desk))
    app.view(re.compile(""))(partial(unknown, desk))
