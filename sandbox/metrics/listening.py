"""A small HTTP server on this machine, and who may ask it: programs here, no other site's page."""

from types import TracebackType
from typing import Self

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

HOST = "127.0.0.1"
OWN = {HOST, "localhost"}
PATIENCE_AT_CLOSING = 1.0


class Listening:
    """Answers at `url` while it is entered; port 0 is any free one."""

    def __init__(self, application: web.Application, port: int = 0) -> None:
        self._runner = web.AppRunner(
            application,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=PATIENCE_AT_CLOSING,
        )
        self.port = port

    @property
    def url(self) -> str:
        """Return the address."""
        return f"http://{HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, self.port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()


@web.middleware
async def from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a browser sends on behalf of another site, or under another site's name."""
    host = request.headers.get(hdrs.HOST, "")
    if (host.rpartition(":")[0] or host).lower() not in OWN:
        raise web.HTTPForbidden(text="this server is 127.0.0.1 or localhost and nothing else\n")
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin.lower() != f"http://{host}".lower():
        raise web.HTTPForbidden(text="a page of another site does nothing here\n")
    return await handler(request)
