"""The door for probes and for those who watch the bot."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.usecases.health import Health

from . import probes

GRACE = 0.5  # seconds, at the end, for requests still being answered: Slack's have been


def application(health: Health, metrics: Callable[[], bytes]) -> web.Application:
    """Return every route."""
    app = web.Application()
    probes.register(app, health, metrics)
    return app


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve there; give the port, a free one if 0 was asked for. OSError if it is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
