import io
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.adapters import logs
from bot.adapters.disk import LocalDisk
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import TinyStore
from tests.browser import ONE_LOOP, browsing
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.postgres import FAST, ON_POSTGRES, Server, running
from tests.world import World


@pytest.fixture(autouse=True)
def logged() -> io.StringIO:
    """Everything logged during a test."""
    out = io.StringIO()
    logs.configure(out)
    return out


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest_asyncio.fixture(scope="session", loop_scope=ONE_LOOP)
async def browser() -> AsyncIterator[Browser]:
    """A browser; each test has a window of its own in it."""
    async with browsing() as running:
        yield running


ALWAYS = -(10**12)  # bytes: the journal is rewritten after every commit


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server that forgets all at the end."""
    with running(**FAST) as server:
        yield server


@pytest.fixture(scope="session")
def new_database(server: Server) -> Callable[[], str]:
    """Makes databases, and returns their URLs."""
    numbers = itertools.count(1)

    def make() -> str:
        name = f"test_{next(numbers)}"
        server.sql(f"create database {name}")
        return server.url(name)

    return make


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of an empty database."""
    return new_database()


@pytest.fixture(params=["memory", "tinydb", "compacting", ON_POSTGRES])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SteppedClock
) -> AsyncIterator[MemoryStore | TinyStore | PostgresStore]:
    kept: MemoryStore | TinyStore | PostgresStore
    match request.param:
        case "memory":
            kept = MemoryStore(clock)
        case "tinydb":
            kept = TinyStore(LocalDisk(tmp_path), clock)
        case "compacting":
            kept = TinyStore(LocalDisk(tmp_path), clock, worthwhile=ALWAYS)
        case _:
            kept = await PostgresStore(request.getfixturevalue("database_url"), clock).open()
    yield kept
    await kept.close()


@pytest.fixture
def world() -> World:
    return World()
