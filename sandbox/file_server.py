"""Where files' bytes are sent to and fetched from."""

from urllib.parse import quote

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from sandbox.arguments import BEARER
from sandbox.errors import BAD_REQUEST, NOT_FOUND
from sandbox.faults import Faults
from sandbox.happenings.files import LARGEST, visible_to
from sandbox.records import File
from sandbox.workspace import Workspace

GONE = 410
INLINE = {"image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"}
SIGN_IN = "<!doctype html><html lang=en><title>Sign in</title><h1>Sign in to this workspace</h1>"


class FileServer:
    """Take in files' bytes, and hand them to an app that may read them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self, faults: Faults) -> list[web.RouteDef]:
        """Return the addresses that files are sent to and fetched from."""
        return [
            web.post("/upload/v1/{key}", faults.around("upload", self.upload)),
            web.get("/files/{id}/{name:[^/]*}", self.download),
            web.get("/signin", self.sign_in),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        """Take the bytes of one file, raw or as a form's file, exactly as many as announced."""
        ticket = self._workspace.uploads.get(request.match_info["key"])
        if ticket is None:
            return web.Response(status=NOT_FOUND, text="unknown upload address")
        if ticket.is_used:
            return web.Response(status=GONE, text="upload address was used")
        file, content = self._workspace.files[ticket.file], await _content(request)
        if len(content) != file.size:
            words = f"expected {file.size} bytes, received {len(content)}"
            return web.Response(status=BAD_REQUEST, text=words)
        ticket.is_used, file.content = True, content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """Hand over a file's bytes, or send who may not have them to the sign-in page."""
        file, seed = self._workspace.files.get(request.match_info["id"]), self._workspace.seed
        allowed = request.headers.get(hdrs.AUTHORIZATION) == BEARER + seed.bot_token
        allowed = allowed and seed.bot_token not in self._workspace.revoked
        readable = "files:read" in seed.scopes
        if not (allowed and readable and file and self._seen(file)):
            place = f"{self._workspace.url}/signin?redir={quote(request.path, safe='')}"
            return web.Response(status=302, headers={hdrs.LOCATION: place})
        return bytes_of(file, attached="download" in request.query)

    async def sign_in(self, _request: web.Request) -> web.Response:
        """Show the page that asks people to sign in."""
        return web.Response(text=SIGN_IN, content_type="text/html")

    def _seen(self, file: File) -> bool:
        return visible_to(self._workspace, file, self._workspace.seed.bot_user)


def bytes_of(file: File, *, attached: bool = False) -> web.Response:
    """Return an answer with the file's bytes that no browser takes for a page."""
    kind = "inline" if file.mimetype in INLINE and not attached else "attachment"
    headers = {
        hdrs.CONTENT_DISPOSITION: f"{kind}; filename*=UTF-8''{quote(file.name, safe='')}",
        hdrs.CONTENT_TYPE: file.mimetype,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=file.content, headers=headers)


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.filename is not None:
                content = bytes(await part.read(decode=True))
                if len(content) > LARGEST:
                    raise web.HTTPRequestEntityTooLarge(LARGEST, len(content))
                return content
    except (ValueError, HttpProcessingError) as error:
        raise web.HTTPBadRequest(text="this form cannot be read") from error
    raise web.HTTPBadRequest(text="there is no file in this form")
