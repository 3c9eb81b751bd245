"""The doors at which monitoring systems tell of alerts; docs/alerts.md is for who sets them up."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web

from bot.domain.alerts import Fields, Group

from . import alertmanager, generic, grafana, pagerduty
from .door import Door, Inside, Limits, Source, Take

__all__ = ["Inside", "Limits", "Source", "Take", "register", "sources"]


def sources(secret: Callable[[str], str | None], fields: Callable[[], Fields]) -> Sequence[Source]:
    """Return every source; `secret` says what a variable of the environment is set to."""

    def mapped(body: object, at: datetime) -> Sequence[Group]:
        return generic.groups(body, at, fields())

    each = [
        (alertmanager.SOURCE, alertmanager.groups, "ALERTMANAGER_TOKEN", None),
        (grafana.SOURCE, grafana.groups, "GRAFANA_TOKEN", None),
        (pagerduty.SOURCE, pagerduty.groups, "PAGERDUTY_TOKEN", "PAGERDUTY_SECRET"),
        (generic.SOURCE, mapped, "ALERTS_TOKEN", None),
    ]
    return [
        Source(name, translate, token, secret(token), signing and secret(signing))
        for name, translate, token, signing in each
    ]


def register(app: web.Application, sources: Sequence[Source], inside: Inside) -> None:
    """Bind a door for every source."""
    for source in sources:
        app.router.add_route("*", f"/alerts/{source.name}", Door(source, inside).answer)
