"""Small Bolt apps, connected to a workspace in either way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands


def bolt(sandbox: Sandbox) -> AsyncApp:
    """Return an app whose Slack is the workspace."""
    client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
    return AsyncApp(
        name="tests",  # else Bolt reads the source of every caller to find one
        client=client,
        signing_secret="sandbox-signing-secret",
        process_before_response=True,
    )


@asynccontextmanager
async def by_socket(app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect an app through Socket Mode."""
    handler = AsyncSocketModeHandler(app, "xapp-sandbox", ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # the SDK is untyped here
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the SDK is untyped here


@asynccontextmanager
async def listening(application: web.Application) -> AsyncIterator[str]:
    """Serve an application and tell its address."""
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def by_http(app: AsyncApp) -> AsyncIterator[str]:
    """Serve an app over HTTP and tell its request URL."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/slack/events", events)
    async with listening(application) as url:
        yield url


async def commanded(sandbox: Sandbox, hands: Hands) -> Json:
    """Have ana type a command; return what the app was sent."""
    app, bodies = bolt(sandbox), list[Json]()

    @app.command("/incident")
    async def note(ack: AsyncAck, body: Json) -> None:
        bodies.append(body)
        await ack()

    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
    return bodies[0]
