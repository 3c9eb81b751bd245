"""A running workspace, an app's client for it, and a tester's hands on it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from tests.sandbox.desk import Desk, desk_for
from tests.sandbox.hands import Hands


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)


@pytest.fixture
async def hands(sandbox: Sandbox) -> AsyncIterator[Hands]:
    async with ClientSession() as session:
        yield Hands(session, sandbox)


@pytest.fixture
async def desk(sandbox: Sandbox) -> AsyncIterator[Desk]:
    async with desk_for(sandbox) as desk:
        yield desk
