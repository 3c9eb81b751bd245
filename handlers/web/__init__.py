"""The door for probes and for those who watch the bot."""

from collections.abc import Callable

from aiohttp import web

from bot.usecases.health import Health

from . import probes


def application(health: Health, metrics: Callable[[], bytes]) -> web.Application:
    """Return every route."""
    app = web.Application()
    probes.register(app, health, metrics)
    return app
