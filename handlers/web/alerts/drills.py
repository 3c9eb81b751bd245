"""The door at which the practice productions of drills tell of their alerts."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from bot.domain.alerts import Group
from bot.domain.practice import SOURCE

from . import alertmanager
from .door import Door, Inside, Source, Take

PATH = "/alerts/drill/{incident}"

Token = Callable[[str], str | None]
TakeOf = Callable[[str], Take]


def groups(body: object, at: datetime) -> Sequence[Group]:
    """Return what was told, as of then, as of no source that is real. Raises Malformed."""
    return [replace(group, source=SOURCE) for group in alertmanager.groups(body, at)]


def register(app: web.Application, token: Token, take: TakeOf, inside: Inside) -> None:
    """Bind the door; whoever does not show a drill's token hears of none."""

    async def answer(request: web.Request) -> web.Response:
        incident = request.match_info["incident"]
        shown = token(incident) or secrets.token_urlsafe(32)
        source = Source(SOURCE, groups, "the drill's own token", shown)
        return await Door(source, replace(inside, take=take(incident))).answer(request)

    app.router.add_route("*", PATH, answer)
