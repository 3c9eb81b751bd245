"""The workspace's web page: plain files, and leave for nothing from elsewhere."""

from pathlib import Path
from urllib.parse import quote

from aiohttp import hdrs, web

FOLDER = Path(__file__).parent / "page"
POLICY = (
    "default-src 'self'; img-src 'self' data: http://127.0.0.1:* http://localhost:*; "
    "style-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    hdrs.CACHE_CONTROL: "no-cache",
}
FILES = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.*")}
KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def _file(path: Path) -> web.Response:
    kind = KINDS[path.suffix]
    return web.Response(
        body=path.read_bytes(), content_type=kind, charset="utf-8", headers=HEADERS
    )


async def _index(_request: web.Request) -> web.Response:
    return _file(FOLDER / "index.html")


async def _permalink(request: web.Request) -> web.Response:
    """Send a message's permanent address on to the page, whoever looks."""
    channel, digits = request.match_info["channel"], request.match_info["digits"]
    place = f"/#/-/{channel}/{digits[:-6]}.{digits[-6:]}"
    if thread := request.query.get("thread_ts"):
        place += f"/{quote(thread)}"
    raise web.HTTPFound(place)


def page_routes() -> list[web.RouteDef]:
    """Return the routes of the page: "/" and one for each of its files under "/page/"."""

    async def part(request: web.Request) -> web.Response:
        path = FILES.get(request.match_info["path"])
        if path is None or path.suffix not in KINDS:
            raise web.HTTPNotFound
        return _file(path)

    return [
        web.get("/", _index),
        web.get("/page/{path:.+}", part),
        web.get(r"/archives/{channel:\w+}/p{digits:\d{7,}}", _permalink),
    ]
