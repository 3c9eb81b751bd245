"""What the disk may do to us."""

import asyncio
import itertools
import os
import random
import resource
import signal
import sys
from pathlib import Path

import pytest

from bot.adapters.disk import LocalDisk
from bot.adapters.journal import Corrupt, Journal, records
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.domain.records import TooNew
from bot.ports import Commit, Held, Lease, Unavailable
from tests.adapters.test_store_contract import LEASE, job
from tests.fakes.clock import SteppedClock
from tests.fakes.disk import PowerDisk
from tests.samples import DECLARED, TAKEN


@pytest.fixture
async def path(tmp_path: Path, clock: SteppedClock) -> Path:
    store = TinyStore(LocalDisk(tmp_path), clock)
    await store.commit(Commit({"I": (0, [DECLARED])}, {("channel", "C1"): "I"}, jobs=[job("a")]))
    await store.claim_jobs(1, LEASE)
    await store.commit(Commit({"I": (1, [TAKEN])}, request_key="r"))
    await store.close()
    return tmp_path / JOURNAL


async def test_everything_is_there_after_a_restart(path: Path, clock: SteppedClock) -> None:
    store = TinyStore(LocalDisk(path.parent), clock)
    assert list(await store.history("I")) == [DECLARED, TAKEN]
    assert await store.owner("channel", "C1") == await store.owner("request", "r") == "I"
    assert await store.commit(Commit()) == 3
    await store.commit(Commit({"K": (0, [DECLARED]), "J": (0, [DECLARED])}, request_key="s"))
    await store.close()
    store = TinyStore(LocalDisk(path.parent), clock)
    assert await store.owner("request", "s") == "K"
    await store.close()


async def test_the_jobs_of_a_dead_process_are_taken_up_at_once_as_a_second_attempt(
    path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(LocalDisk(path.parent), clock)
    (again,) = await store.claim_jobs(1, Lease(LEASE.at, LEASE.until))
    assert (again.key, again.attempts) == ("a", 2)
    await store.close()


async def test_the_hash_is_the_same_after_a_restart(path: Path, clock: SteppedClock) -> None:
    heads = []
    for _ in range(2):
        store = TinyStore(LocalDisk(path.parent), clock)
        heads.append(await store.head())
        await store.close()
    assert heads[0] == heads[1]
    assert heads[0].position == 2


def tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


async def test_a_torn_last_line_is_dropped(path: Path, clock: SteppedClock) -> None:
    tear(path)
    store = TinyStore(LocalDisk(path.parent), clock)
    assert list(await store.history("I")) == [DECLARED]
    await store.commit(Commit({"I": (1, [TAKEN])}))
    await store.close()
    store = TinyStore(LocalDisk(path.parent), clock)
    assert list(await store.history("I")) == [DECLARED, TAKEN]
    await store.close()


@pytest.mark.parametrize("where", [10, 200, -5, -1])
def test_a_flipped_byte_is_not_a_torn_line(path: Path, clock: SteppedClock, where: int) -> None:
    written = bytearray(path.read_bytes())
    written[where] ^= 1
    path.write_bytes(written)
    with pytest.raises(Corrupt, match="at byte"):
        TinyStore(LocalDisk(path.parent), clock)


@pytest.mark.parametrize("operation", [0, 1], ids=["write", "sync"])
async def test_after_a_failed_write_nothing_more_is_written(
    clock: SteppedClock, operation: int
) -> None:
    disk = PowerDisk()
    store = TinyStore(disk, clock)
    await store.commit(Commit({"I": (0, [DECLARED])}))
    await store.ready()
    disk.fails_at = disk.operations + operation
    both = (store.commit(Commit({i: (0, [DECLARED])})) for i in ("J", "K"))
    refused = await asyncio.gather(*both, return_exceptions=True)
    with pytest.raises(Unavailable):
        await store.commit(Commit({"I": (1, [TAKEN])}))
    with pytest.raises(Unavailable):
        await store.claim_jobs(1, LEASE)
    with pytest.raises(Unavailable) as unready:
        await store.ready()
    said = {str(error) for error in (*refused, unready.value)}
    assert said == {"the journal cannot be written (this one fails)"}  # the first failure
    assert [position for position, _, _ in await store.feed()] == [1]
    assert (await store.head()).position == 1
    await store.close()
    again = TinyStore(disk, clock)  # what was refused was taken back
    assert [position for position, _, _ in await again.feed()] == [1]
    await again.close()


async def test_a_full_disk_refuses_and_loses_nothing(path: Path, clock: SteppedClock) -> None:
    store = TinyStore(LocalDisk(path.parent), clock)
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
    store = TinyStore(LocalDisk(path.parent), clock)  # 30 bytes of it are there: a torn line
    assert [position for position, _, _ in await store.feed()] == [1, 2]
    await store.close()


async def test_what_was_read_at_the_start_survives_a_power_cut(clock: SteppedClock) -> None:
    disk = PowerDisk()
    store = TinyStore(disk, clock)
    await store.commit(Commit(request_key="r"))
    disk.names[JOURNAL].safe = b""  # written, and killed before the sync
    again = TinyStore(disk, clock)
    assert await again.owner("request", "r") == ""
    for seed in range(20):
        found = TinyStore(disk.after_power_cut(random.Random(seed)), clock)
        assert await found.owner("request", "r") == ""
        await found.close()
    await store.close()
    await again.close()


async def test_every_bit_counts(path: Path) -> None:
    written = path.read_bytes()
    lines = [len(line) for line in written.splitlines(keepends=True)]
    ends = list(itertools.accumulate(lines))
    for n in range(len(written)):
        flipped = bytearray(written)
        flipped[n] ^= 1 << n % 8
        sound = iter(records(PowerDisk({JOURNAL: bytes(flipped)}), JOURNAL))
        for _ in range(sum(end <= n for end in ends)):
            next(sound)
        with pytest.raises(Corrupt):
            next(sound)


async def test_one_process_at_a_time(path: Path, clock: SteppedClock) -> None:
    store = TinyStore(LocalDisk(path.parent), clock)
    with pytest.raises(Held, match=f"another process holds .* \\(process {os.getpid()} on "):
        TinyStore(LocalDisk(path.parent), clock)
    await store.close()
    await TinyStore(LocalDisk(path.parent), clock).close()


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
    newer = {"position": 3, "at": "2026-01-15T12:00:00+00:00", "streams": [["I", 2, fact]]}
    rest = {"claims": [], "releases": [], "jobs": job, "finishes": [], "messages": []}
    written_by_it({**newer, **rest, "request_key": None, "spent_on": "I"}, path)
    written = path.read_bytes()
    with pytest.raises(TooNew, match=words):
        TinyStore(LocalDisk(path.parent), clock)
    assert path.read_bytes() == written


async def test_a_release_of_an_older_bot_named_nobody(path: Path, clock: SteppedClock) -> None:
    older: dict[str, object] = {
        "position": 3,
        "at": "2026-01-15T12:00:00+00:00",
        "streams": [],
    }
    older |= {"jobs": [], "finishes": [], "messages": [], "request_key": None, "spent_on": ""}
    claimed = {**older, "claims": [["told", "f1", "12:00"]], "releases": []}
    released = {**older, "claims": [], "releases": [["told", "f1"]], "position": 4}
    written_by_it(claimed, path)
    store = TinyStore(LocalDisk(path.parent), clock)
    assert await store.owner("told", "f1") == "12:00"
    await store.close()
    written_by_it(released, path)
    store = TinyStore(LocalDisk(path.parent), clock)
    assert await store.owner("told", "f1") is None
    assert await store.owned("told") == {}
    await store.close()


@pytest.mark.parametrize("document", [{"format": 2}, {"telepathy": []}])
async def test_documents_of_a_newer_bot_are_not_touched(
    path: Path, clock: SteppedClock, document: dict[str, object]
) -> None:
    written_by_it(document, path)
    written = path.read_bytes()
    with pytest.raises(TooNew):
        TinyStore(LocalDisk(path.parent), clock)
    assert path.read_bytes() == written


@pytest.mark.parametrize("order", [(0, 2), (1, 0, 2), (0, 1, 1, 2)])
async def test_records_that_were_left_out_swapped_or_doubled_are_corruption(
    path: Path, clock: SteppedClock, order: tuple[int, ...]
) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[n] for n in order))
    with pytest.raises(Corrupt):
        TinyStore(LocalDisk(path.parent), clock)


def written_by_it(document: dict[str, object], path: Path) -> None:
    journal = Journal(LocalDisk(path.parent), path.name)
    list(journal.documents())
    journal.append([document])
    journal.close()


WRITER = """
import asyncio, itertools, sys
from dataclasses import replace
from pathlib import Path
from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.tinydb import TinyStore
from bot.ports import Commit
from tests.conftest import ALWAYS
from tests.samples import CLOSED, DECLARED, PUT_AWAY

async def write(store, life, writer):
    for n in itertools.count():
        incident = f"I{life}-{writer}-{n}"
        await store.commit(Commit({incident: (0, [DECLARED])}))
        print(incident, 1, flush=True)
        await store.commit(Commit({incident: (1, [CLOSED, replace(PUT_AWAY, facts=2)])}))
        print(incident, 3, flush=True)

async def main(folder, life):
    store = TinyStore(LocalDisk(Path(folder)), SystemClock(), worthwhile=ALWAYS)
    async with asyncio.TaskGroup() as writers:
        for writer in range(5):
            writers.create_task(write(store, life, writer))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_what_was_acknowledged_survives_ten_kills(
    tmp_path: Path, clock: SteppedClock
) -> None:
    promised: dict[str, int] = {}
    for life in range(10):
        writer = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", WRITER, str(tmp_path), str(life)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert writer.stdout
        said = [await writer.stdout.readline() for _ in range(20 + 37 * life)]
        os.kill(writer.pid, signal.SIGKILL)
        said += (await writer.communicate())[0].splitlines(keepends=True)
        for line in said:
            if line.endswith(b"\n"):
                incident, facts = line.decode().split()
                promised[incident] = int(facts)
        store = TinyStore(LocalDisk(tmp_path), clock)
        for incident, least in promised.items():
            assert len(await store.history(incident)) >= least
        told = [position async for position, _ in store.chronicle()]
        assert told == list(range(1, (await store.head()).position + 1))
        await store.close()
    assert len(promised) > 300
