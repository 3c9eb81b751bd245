"""The workspace and a tester's hands on it, on the event loop of the browser that looks."""

from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import ClientSession

from sandbox.server import Sandbox
from tests.browser import ONE_LOOP
from tests.sandbox.hands import Hands


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def hands(sandbox: Sandbox) -> AsyncIterator[Hands]:
    async with ClientSession() as session:
        yield Hands(session, sandbox)
