"""The control API's addresses, and its manners when a request is wrong."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.control.fields import Act, Fields, fields_of_request
from sandbox.errors import BAD_REQUEST, ControlError, SlackError
from sandbox.wire import Json, written
from sandbox.workspace import Workspace


class Group(Protocol):
    """A group of things that can be done, or seen, under one name each."""

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        ...

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        ...


@web.middleware
async def plain_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a wrong control request with its reason."""
    try:
        return await handler(request)
    except ControlError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    except SlackError as error:
        words = f"Slack refuses this: {error.code}"
        return web.json_response({"error": words}, status=BAD_REQUEST)
    except web.HTTPClientError as error:
        if not request.path.startswith("/control/"):
            raise
        return web.json_response({"error": _words(request, error)}, status=error.status)


def _words(request: web.Request, error: web.HTTPClientError) -> str:
    if isinstance(error, web.HTTPMethodNotAllowed):
        return f"{request.path} is asked for with {', '.join(sorted(error.allowed_methods))}"
    if isinstance(error, web.HTTPNotFound):
        return f"there is nothing to do or see at {request.path}"
    return error.text or error.reason


def control_routes(workspace: Workspace, groups: Sequence[Group]) -> list[web.RouteDef]:
    """Return the routes of the control API."""
    posts = {name: act for group in groups for name, act in group.posts().items()}
    gets = {name: act for group in groups for name, act in group.gets().items()}

    async def index(_fields: Fields) -> Json:
        return {"post": sorted(posts), "get": sorted(gets)}

    return [
        web.get("/control/", answering(workspace, index)),
        *(web.post(f"/control/{name}", answering(workspace, act)) for name, act in posts.items()),
        *(web.get(f"/control/{name}", answering(workspace, act)) for name, act in gets.items()),
    ]


def answering(workspace: Workspace, act: Act) -> Handler:
    """Return what answers a request by doing this."""

    async def handle(request: web.Request) -> web.StreamResponse:
        answer = await act(await fields_of_request(request, workspace))
        if isinstance(answer, web.Response):
            return answer
        kind = "application/json"
        return web.Response(body=written(answer), content_type=kind, charset="utf-8")

    return handle
