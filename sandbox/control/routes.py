"""The control API's addresses, and its manners when a request is wrong."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.control.fields import Fields, fields_of_request
from sandbox.control.people import People
from sandbox.control.surfaces import Surfaces
from sandbox.control.tester import Tester
from sandbox.control.windows import Windows
from sandbox.errors import ControlError
from sandbox.wire import Json
from sandbox.workspace import Workspace

Act = Callable[[Fields], Awaitable[Json | list[Json] | None]]


@web.middleware
async def plain_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a wrong control request with its reason."""
    try:
        return await handler(request)
    except ControlError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    except web.HTTPClientError as error:
        if not request.path.startswith("/control/"):
            raise
        return web.json_response({"error": error.reason}, status=error.status)


def control_routes(
    workspace: Workspace, people: People, surfaces: Surfaces, tester: Tester, windows: Windows
) -> list[web.RouteDef]:
    """Return the routes of the control API."""

    async def state(_fields: Fields) -> Json:
        return windows.state(tester)

    posts: dict[str, Act] = {
        "command": people.command,
        "shortcut": people.shortcut,
        "message": people.message,
        "home": people.home,
        "join": people.join,
        "leave": people.leave,
        "invite": people.invite,
        "archive": people.archive,
        "click": surfaces.click,
        "submit": surfaces.submit,
        "close_view": surfaces.close_view,
        "redeliver": tester.redeliver,
        "deliver": tester.deliver,
        "settings": tester.settings,
        "faults": tester.order_fault,
        "cut": tester.cut,
        "refresh": tester.refresh,
    }
    gets: dict[str, Act] = {
        "state": state,
        "messages": windows.messages,
        "views": windows.views,
        "home": windows.home,
        "calls": windows.calls,
        "deliveries": windows.deliveries,
        "wait": windows.wait,
    }
    return [
        *(web.post(f"/control/{name}", _answering(workspace, act)) for name, act in posts.items()),
        *(web.get(f"/control/{name}", _answering(workspace, act)) for name, act in gets.items()),
        web.delete("/control/faults", _answering(workspace, tester.forget_faults)),
    ]


def _answering(workspace: Workspace, act: Act) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.json_response(await act(await fields_of_request(request, workspace)))

    return handle
