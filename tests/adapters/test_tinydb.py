"""What the disk may do to us."""

import asyncio
import os
import resource
import signal
import sys
import threading
from pathlib import Path

import pytest

from bot.adapters.journal import Corrupt
from bot.adapters.tinydb import TinyStore
from bot.domain.records import TooNew
from bot.ports import Commit, Held, Lease, Unavailable
from tests.adapters.test_store_contract import LEASE, job
from tests.fakes.clock import SteppedClock
from tests.samples import DECLARED, TAKEN


@pytest.fixture
async def path(tmp_path: Path, clock: SteppedClock) -> Path:
    store = TinyStore(tmp_path / "journal", clock)
    await store.commit(Commit({"I": (0, [DECLARED])}, {("channel", "C1"): "I"}, jobs=[job("a")]))
    await store.claim_jobs(1, LEASE)
    await store.commit(Commit({"I": (1, [TAKEN])}, request_key="r"))
    await store.close()
    return tmp_path / "journal"


async def test_everything_is_there_after_a_restart(path: Path, clock: SteppedClock) -> None:
    store = TinyStore(path, clock)
    assert list(await store.history("I")) == [DECLARED, TAKEN]
    assert await store.owner("channel", "C1") == await store.owner("request", "r") == "I"
    assert await store.commit(Commit()) == 3
    await store.close()


async def test_the_jobs_of_a_dead_process_are_taken_up_at_once_as_a_second_attempt(
    path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(path, clock)
    (again,) = await store.claim_jobs(1, Lease(LEASE.at, LEASE.until))
    assert (again.key, again.attempts) == ("a", 2)
    await store.close()


async def test_the_hash_is_the_same_after_a_restart(path: Path, clock: SteppedClock) -> None:
    heads = []
    for _ in range(2):
        store = TinyStore(path, clock)
        heads.append(await store.head())
        await store.close()
    assert heads[0] == heads[1]
    assert heads[0].position == 2


def tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


async def test_a_torn_last_line_is_dropped(path: Path, clock: SteppedClock) -> None:
    tear(path)
    store = TinyStore(path, clock)
    assert list(await store.history("I")) == [DECLARED]
    await store.commit(Commit({"I": (1, [TAKEN])}))
    await store.close()
    store = TinyStore(path, clock)
    assert list(await store.history("I")) == [DECLARED, TAKEN]
    await store.close()


@pytest.mark.parametrize("where", [10, 200, -5])
def test_a_flipped_byte_is_not_a_torn_line(path: Path, clock: SteppedClock, where: int) -> None:
    written = bytearray(path.read_bytes())
    written[where] ^= 1
    path.write_bytes(written)
    with pytest.raises(Corrupt, match="at byte"):
        TinyStore(path, clock)


async def test_after_a_failed_write_nothing_more_is_written(
    path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(path, clock)
    await store.ready()
    store._journal()._file.close()
    said = set()
    for _ in range(2):
        with pytest.raises(Unavailable, match="the journal cannot be written") as unavailable:
            await store.commit(Commit({"I": (2, [TAKEN])}))
        said.add(str(unavailable.value))
    assert len(said) == 1  # the reason is the first failure, not that the file was given up
    with pytest.raises(Unavailable):
        await store.ready()
    assert len(await store.history("I")) == 2
    assert (await store.head()).position == 2
    await store.close()


async def test_a_full_disk_refuses_and_loses_nothing(path: Path, clock: SteppedClock) -> None:
    store = TinyStore(path, clock)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 30, hard))
    try:
        for _ in range(2):
            with pytest.raises(Unavailable, match="the disk took only a part"):
                await store.commit(Commit({"J": (0, [DECLARED])}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert not await store.history("J")
    await store.close()
    store = TinyStore(path, clock)  # 30 bytes of it are there: a torn line
    assert [position for position, _, _ in await store.feed()] == [1, 2]
    await store.close()


async def test_a_disk_that_hangs_is_not_ready(path: Path, clock: SteppedClock) -> None:
    store, go_on = TinyStore(path, clock), threading.Event()
    store._thread.submit(go_on.wait)
    asked = asyncio.ensure_future(store.ready())
    done, _ = await asyncio.wait([asked], timeout=0.05)
    assert not done
    go_on.set()
    await asked
    await store.close()


async def test_one_process_at_a_time(path: Path, clock: SteppedClock) -> None:
    store = TinyStore(path, clock)
    with pytest.raises(Held, match="another process"):
        TinyStore(path, clock)
    await store.close()


@pytest.mark.parametrize(
    ("fact", "job", "words"),
    [
        ([{"type": "Telepathy", "v": 1}], [], "Telepathy"),
        (
            [],
            [{"kind": "telepathy", "due": "2026-01-15T12:00:00+00:00", "reply": None}],
            "telepathy",
        ),
    ],
)
async def test_data_of_a_newer_bot_is_not_touched(
    path: Path, clock: SteppedClock, fact: list[object], job: list[object], words: str
) -> None:
    store = TinyStore(path, clock)
    store._commits.insert(
        {
            "position": 3,
            "at": "2026-01-15T12:00:00+00:00",
            "streams": [["I", 2, fact]],
            "claims": [],
            "releases": [],
            "jobs": job,
            "finishes": [],
            "messages": [],
            "request_key": None,
        }
    )
    await store.close()
    written = path.read_bytes()
    with pytest.raises(TooNew, match=words):
        TinyStore(path, clock)
    assert path.read_bytes() == written


WRITER = """
import asyncio, sys
from pathlib import Path
from bot.adapters.clock import SystemClock
from bot.adapters.tinydb import TinyStore
from bot.ports import Commit
from tests.samples import DECLARED

async def write(path):
    store = TinyStore(path, SystemClock())
    n = (await store.head()).position
    while True:
        await store.commit(Commit({f"I{n}": (0, [DECLARED])}))
        print(n, flush=True)
        n += 1

asyncio.run(write(Path(sys.argv[1])))
"""


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, clock: SteppedClock) -> None:
    path, kept = tmp_path / "journal", 0
    for _ in range(3):
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, str(path), stdout=asyncio.subprocess.PIPE
        )
        assert writer.stdout
        for _ in range(20):
            kept = int(await writer.stdout.readline()) + 1
        os.kill(writer.pid, signal.SIGKILL)
        said = (await writer.communicate())[0].split()
        kept = int(said[-1]) + 1 if said else kept
        store = TinyStore(path, clock)
        position = (await store.head()).position
        assert kept <= position <= kept + 1
        assert len(await store.feed()) == position
        await store.close()
