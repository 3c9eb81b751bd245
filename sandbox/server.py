"""The running workspace: everything wired together behind one address."""

import os
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from aiohttp import ClientSession, web

from sandbox.clock import Clock
from sandbox.control.accounts import Accounts
from sandbox.control.canvases import Canvases
from sandbox.control.channels import Channels
from sandbox.control.filing import Filing
from sandbox.control.messages import Messages
from sandbox.control.page import Page
from sandbox.control.people import People
from sandbox.control.routes import Group, answering, control_routes, plain_refusals
from sandbox.control.settings import Settings
from sandbox.control.surfaces import Surfaces
from sandbox.control.tester import Tester
from sandbox.control.windows import Windows
from sandbox.deliveries.courier import Courier
from sandbox.deliveries.outcomes import Outcomes
from sandbox.deliveries.over_http import HttpDelivery
from sandbox.deliveries.payloads import Payloads
from sandbox.deliveries.response_urls import ResponseUrls
from sandbox.deliveries.socket_mode import SocketMode
from sandbox.deliveries.transport import Transport
from sandbox.doorstep import doorstep
from sandbox.faults import Faults
from sandbox.file_server import FileServer
from sandbox.happenings.files import LARGEST
from sandbox.page_server import page_routes
from sandbox.rates import Rates
from sandbox.seed import Seed
from sandbox.shapes import Shapes
from sandbox.web_api import WebApi
from sandbox.workspace import Workspace

HOST = "127.0.0.1"
PATIENCE_AT_CLOSING = 1.0
LARGEST_REQUEST = 2 * LARGEST  # a file travels as base64 through the control API


class PortTakenError(Exception):
    """Tell that the workspace cannot listen at its port, and what to do about it."""

    def __init__(self, port: int, error: OSError) -> None:
        why = os.strerror(error.errno).lower() if error.errno else str(error)
        super().__init__(f"cannot listen on {HOST}:{port} ({why}); take another with --port")


class Sandbox:
    """A Slack-compatible workspace that listens while it is entered."""

    def __init__(
        self, port: int = 0, clock: Clock | None = None, seed: Seed | None = None
    ) -> None:
        self._port = port
        self._workspace = Workspace(seed or Seed(), clock or Clock())
        self._stack = AsyncExitStack()

    @property
    def url(self) -> str:
        """Return the address of the workspace."""
        return self._workspace.url

    @property
    def api_url(self) -> str:
        """Return the address the app should take for Slack's Web API."""
        return f"{self.url}/api/"

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(ClientSession())
            runner = web.AppRunner(
                self._wired(session),
                access_log=None,
                handler_cancellation=True,
                shutdown_timeout=PATIENCE_AT_CLOSING,
            )
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            try:
                await web.TCPSite(runner, HOST, self._port).start()
            except OSError as error:
                raise PortTakenError(self._port, error) from error
            self._workspace.url = f"http://{HOST}:{runner.addresses[0][1]}"
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def _wired(self, session: ClientSession) -> web.Application:
        workspace, shapes = self._workspace, Shapes()
        faults = Faults(workspace.clock, workspace.changes)
        rates = Rates(workspace.clock, workspace.seed.rate_factor)
        socket_mode, http = SocketMode(workspace), HttpDelivery(workspace, session)
        transports: dict[str, Transport] = {"socket": socket_mode, "http": http}
        courier = Courier(workspace, transports, faults, rates, shapes)
        workspace.listener = courier.event
        response_urls = ResponseUrls(workspace, rates)
        payloads = Payloads(workspace, response_urls)
        outcomes = Outcomes(workspace, courier, response_urls)
        web_api = WebApi(workspace, faults, rates, shapes)
        tester = Tester(courier, outcomes, faults, socket_mode)
        settings = Settings(workspace, courier, http, rates, shapes)
        groups: list[Group] = [
            People(workspace, courier, outcomes, payloads),
            Messages(workspace, courier),
            Channels(workspace, courier),
            Filing(workspace, courier),
            Accounts(workspace, courier),
            Canvases(workspace),
            Surfaces(workspace, outcomes, payloads),
            tester,
            settings,
            Windows(workspace, web_api, courier, settings, socket_mode),
            Page(workspace, socket_mode),
        ]
        application = web.Application(
            middlewares=[plain_refusals, doorstep], client_max_size=LARGEST_REQUEST
        )
        application.add_routes(
            [
                *web_api.routes(),
                web.get("/link", socket_mode.link),
                web.post("/response/{key}", faults.around("response_url", response_urls.handle)),
                *FileServer(workspace).routes(faults),
                *page_routes(),
                *control_routes(workspace, groups),
                web.delete("/control/faults", answering(workspace, tester.forget_faults)),
            ]
        )

        async def close(_application: web.Application) -> None:
            faults.close()
            await workspace.later.close()
            await courier.close()
            await socket_mode.close()

        application.on_shutdown.append(close)
        return application
