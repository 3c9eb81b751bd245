import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters import logs
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


@pytest.fixture(params=["memory", "tinydb"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SteppedClock
) -> AsyncIterator[MemoryStore | TinyStore]:
    memory = request.param == "memory"
    kept = MemoryStore(clock) if memory else TinyStore(tmp_path / "journal", clock)
    yield kept
    await kept.close()


@pytest.fixture
def world() -> World:
    return World()
