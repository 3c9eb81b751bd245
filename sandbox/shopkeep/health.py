"""The services' health endpoints."""

import asyncio
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.clock import Clock

HOST = "127.0.0.1"
AT_THE_END = 1.0  # seconds
NEVER = math.inf
KINDS = ("healthz", "readyz")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a service is: well or not, why, and after how many seconds it says so."""

    is_well: bool = True
    details: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class Health:
    """Answers /SERVICE/healthz and /SERVICE/readyz with what `judge` says of service and kind."""

    def __init__(
        self,
        services: Collection[str],
        judge: Callable[[str, str], Verdict],
        clock: Clock,
        port: int = 0,
    ) -> None:
        self._services = services
        self._judge = judge
        self._clock = clock
        self._port = port
        self._ends = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """Return the port that is listened at."""
        return self._port

    @property
    def url(self) -> str:
        """Return the address of the endpoints."""
        return f"http://{HOST}:{self._port}"

    async def __aenter__(self) -> Self:
        self._ends.clear()
        app = web.Application()
        app.router.add_get("/{service}/{kind}", self._answer)
        app.router.add_get("/{rest:.*}", self._unknown)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=AT_THE_END)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.set()
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        service, kind = request.match_info["service"], request.match_info["kind"]
        if service not in self._services or kind not in KINDS:
            return await self._unknown(request)
        verdict = self._judge(service, kind)
        if not await self._waited(verdict.seconds):
            return _hung_up(request)
        status = "ok" if verdict.is_well else "failing"
        body = {"service": service, "status": status, "checks": dict(verdict.details)}
        return web.json_response(body, status=200 if verdict.is_well else 503)

    async def _waited(self, seconds: float) -> bool:
        """Wait so long; tell whether it was not cut short by the end."""
        if seconds <= 0:
            return True
        try:
            if seconds == NEVER:
                await self._ends.wait()
            else:
                await self._clock.limit(self._ends.wait(), seconds)
        except TimeoutError:
            return True
        return False

    async def _unknown(self, _request: web.Request) -> web.StreamResponse:
        known = [f"/{service}/{kind}" for service in self._services for kind in KINDS]
        return web.json_response({"error": "nothing is here", "known": known}, status=404)


def _hung_up(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=503)
