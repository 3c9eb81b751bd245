import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters import logs
from bot.adapters.disk import LocalDisk
from bot.adapters.tinydb import TinyStore
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
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


ALWAYS = -(10**12)  # bytes: the journal is rewritten after every commit


@pytest.fixture(params=["memory", "tinydb", "compacting"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SteppedClock
) -> AsyncIterator[MemoryStore | TinyStore]:
    kept: MemoryStore | TinyStore
    match request.param:
        case "memory":
            kept = MemoryStore(clock)
        case "tinydb":
            kept = TinyStore(LocalDisk(tmp_path), clock)
        case _:
            kept = TinyStore(LocalDisk(tmp_path), clock, worthwhile=ALWAYS)
    yield kept
    await kept.close()


@pytest.fixture
def world() -> World:
    return World()
