"""Whether the process lives, whether it can work, and its figures."""

from collections.abc import Callable

from aiohttp import web

from bot.usecases.health import Health

OK, NOT_NOW = 200, 503


def register(app: web.Application, health: Health, metrics: Callable[[], bytes]) -> None:
    """Bind the probes."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_: web.Request) -> web.Response:
        ready = health.ready()
        told = {"ready": ready, "troubles": dict(health.troubles())}
        return web.json_response(told, status=OK if ready else NOT_NOW)

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=metrics(), content_type="text/plain", charset="utf-8")

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", figures)
