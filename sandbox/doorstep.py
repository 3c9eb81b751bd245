"""Who may come in: programs on this machine and the workspace's own page, no other site's."""

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from sandbox.deliveries.over_http import THIS_MACHINE
from sandbox.errors import FORBIDDEN, ControlError

OPEN = ("/page/", "/archives/", "/files/", "/signin")
ELSEWHERE = {"cross-site", "same-site"}


@web.middleware
async def doorstep(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a browser sends on behalf of another site, or under another site's name.

    A name that leads to this machine only since a moment ago (DNS rebinding) is not its own. Of
    what changes nothing, the page and addresses that lead to it are for links from anywhere.
    """
    headers = request.headers
    host = headers.get(hdrs.HOST, "")
    if (host.rpartition(":")[0] or host).lower() not in THIS_MACHINE:
        raise ControlError("this workspace is 127.0.0.1 or localhost, not", host, status=FORBIDDEN)
    origin = headers.get(hdrs.ORIGIN)
    if origin is not None and origin.lower() != f"http://{host}".lower():
        words = "a page of another site does nothing in this workspace"
        raise ControlError(words, origin, status=FORBIDDEN)
    site = headers.get("Sec-Fetch-Site")
    if site in ELSEWHERE and request.path != "/" and not request.path.startswith(OPEN):
        words = "a page of another site does nothing in this workspace"
        raise ControlError(words, site, status=FORBIDDEN)
    return await handler(request)
