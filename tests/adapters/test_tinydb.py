"""What the disk may do to us."""

import asyncio
import itertools
import os
import random
import resource
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.disk import LocalDisk
from bot.adapters.index import Index
from bot.adapters.journal import Corrupt, Journal, records
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.adapters.writer import Writer
from bot.domain.records import TooNew
from bot.domain.transcript import Message
from bot.ports import Commit, Conflict, Fenced, Head, Held, Lease, Unavailable
from tests.adapters.test_store_contract import LATER, LEASE, job
from tests.fakes.clock import SteppedClock
from tests.fakes.disk import PowerDisk
from tests.samples import DECLARED, JOINED, TAKEN


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


async def hanging(clock: SteppedClock) -> tuple[TinyStore, threading.Event, threading.Event]:
    """Return a store whose disk hangs in a commit: when that began, and what ends it."""
    disk, begun, go_on = PowerDisk(), threading.Event(), threading.Event()
    store = TinyStore(disk, clock)
    await store.commit(Commit({"I": (0, [DECLARED])}, jobs=[job("a")]))

    def wait() -> None:
        begun.set()
        go_on.wait()

    disk.before_sync = wait
    return store, begun, go_on


async def test_a_disk_that_hangs_is_not_ready_and_what_is_known_can_be_read(
    clock: SteppedClock,
) -> None:
    store, begun, go_on = await hanging(clock)
    committing = asyncio.ensure_future(store.commit(Commit({"I": (1, [TAKEN])})))
    await asyncio.to_thread(begun.wait)
    asked = asyncio.ensure_future(store.ready())
    done, _ = await asyncio.wait([asked, committing], timeout=0.05)
    assert not done
    assert list(await store.history("I")) == [DECLARED]  # only what is on the disk is true
    assert (await store.head()).position == 1
    go_on.set()
    await asked
    assert await committing == 2
    assert list(await store.history("I")) == [DECLARED, TAKEN]
    await store.close()


async def test_those_who_wait_share_a_sync(clock: SteppedClock) -> None:
    store, begun, go_on = await hanging(clock)
    first = asyncio.ensure_future(store.commit(Commit({"I": (1, [TAKEN])})))
    await asyncio.to_thread(begun.wait)
    rest = [store.commit(Commit({f"J{n}": (0, [DECLARED])})) for n in range(50)]
    waiting = asyncio.gather(first, *rest)
    await asyncio.sleep(0)
    disk = store._disk
    assert isinstance(disk, PowerDisk)
    syncs: list[None] = []
    disk.before_sync = lambda: syncs.append(None)
    go_on.set()
    assert await waiting == list(range(2, 53))
    assert len(syncs) == 1
    await store.close()


async def test_two_that_ask_about_the_same_are_judged_one_after_the_other(
    clock: SteppedClock,
) -> None:
    store, begun, go_on = await hanging(clock)
    first = asyncio.ensure_future(store.commit(Commit(request_key="first")))
    await asyncio.to_thread(begun.wait)
    same = [
        *(Commit({"I": (1, [TAKEN])}) for _ in range(2)),
        *(Commit({f"K{n}": (0, [DECLARED])}, {("number", "1"): f"K{n}"}) for n in range(2)),
        *(Commit(request_key="r") for _ in range(2)),
    ]
    done = asyncio.gather(*(store.commit(c) for c in same), return_exceptions=True)
    await asyncio.sleep(0)
    go_on.set()
    await first
    assert [type(outcome) for outcome in await done] == [int, Conflict] * 3
    await store.close()


async def test_a_job_finished_too_late_is_not_given_away_in_the_same_breath(
    clock: SteppedClock,
) -> None:
    store, begun, go_on = await hanging(clock)
    go_on.set()
    (late,) = await store.claim_jobs(1, LEASE)
    go_on.clear()
    begun.clear()
    first = asyncio.ensure_future(store.commit(Commit(request_key="first")))
    await asyncio.to_thread(begun.wait)
    finishing = asyncio.ensure_future(store.commit(Commit(finishes=[late])))
    claiming = asyncio.ensure_future(store.claim_jobs(1, LATER))
    await asyncio.sleep(0)
    go_on.set()
    await first
    assert await finishing == 3
    assert await claiming == []
    assert await store.next_due() is None
    await store.close()


async def test_a_job_is_finished_once_however_many_say_so_at_once(clock: SteppedClock) -> None:
    store, begun, go_on = await hanging(clock)
    go_on.set()
    (held,) = await store.claim_jobs(1, LEASE)
    go_on.clear()
    begun.clear()
    first = asyncio.ensure_future(store.commit(Commit(request_key="first")))
    await asyncio.to_thread(begun.wait)
    ends = [Commit(finishes=[held]), Commit(finishes=[held]), Commit(jobs=[held])]
    done = asyncio.gather(*(store.commit(c) for c in ends), return_exceptions=True)
    await asyncio.sleep(0)
    go_on.set()
    await first
    assert [type(outcome) for outcome in await done] == [int, Fenced, Fenced]
    await store.close()


async def test_a_job_given_on_is_not_finished_by_who_had_it_in_the_same_breath(
    clock: SteppedClock,
) -> None:
    store, begun, go_on = await hanging(clock)
    go_on.set()
    (late,) = await store.claim_jobs(1, LEASE)
    go_on.clear()
    begun.clear()
    first = asyncio.ensure_future(store.commit(Commit(request_key="first")))
    await asyncio.to_thread(begun.wait)
    claiming = asyncio.ensure_future(store.claim_jobs(1, LATER))
    finishing = asyncio.ensure_future(store.commit(Commit(finishes=[late])))
    await asyncio.sleep(0)
    go_on.set()
    await first
    (again,) = await claiming
    with pytest.raises(Fenced):
        await finishing
    await store.commit(Commit(finishes=[again]))
    await store.close()


async def test_two_who_claim_at_once_are_both_answered(clock: SteppedClock) -> None:
    store = TinyStore(PowerDisk(), clock)
    claims = [store.claim_jobs(1, LEASE) for _ in range(2)]
    assert not any(await asyncio.gather(*claims))
    await store.close()


async def in_one_breath(clock: SteppedClock, *wishes: Callable[[TinyStore], Any]) -> list[Any]:
    """Have several things asked while the disk is busy, so that they are judged together."""
    store, begun, go_on = await hanging(clock)
    first = asyncio.ensure_future(store.commit(Commit({"I": (1, [TAKEN])}, request_key="first")))
    await asyncio.to_thread(begun.wait)
    asked = asyncio.gather(*(wish(store) for wish in wishes), return_exceptions=True)
    await asyncio.sleep(0)
    go_on.set()
    await first
    return [store, *await asked]


async def test_a_picture_wanted_while_it_is_claimed_is_drawn_again(clock: SteppedClock) -> None:
    store, _, (held,) = await in_one_breath(
        clock,
        lambda store: store.commit(Commit(jobs=[job("a", wanted=7)])),
        lambda store: store.claim_jobs(1, LEASE),
    )
    await store.commit(Commit(finishes=[held]))
    assert [j.wanted_seq for j in await store.claim_jobs(1, LEASE)] == [7]
    await store.close()


async def test_who_waits_to_finish_is_not_overtaken_by_who_claims(clock: SteppedClock) -> None:
    store, begun, go_on = await hanging(clock)
    go_on.set()
    (late,) = await store.claim_jobs(1, LEASE)
    go_on.clear()
    begun.clear()
    first = asyncio.ensure_future(store.commit(Commit(request_key="first")))
    await asyncio.to_thread(begun.wait)
    asked = asyncio.gather(
        store.commit(Commit({"I": (1, [TAKEN])})),
        store.commit(Commit({"I": (2, [JOINED])}, finishes=[late])),  # waits for the one before
        store.claim_jobs(1, LATER),
    )
    await asyncio.sleep(0)
    go_on.set()
    await first
    assert [*await asked] == [3, 4, []]
    await store.close()


async def test_what_is_being_given_away_is_not_renewed(clock: SteppedClock) -> None:
    store, begun, go_on = await hanging(clock)
    go_on.set()
    (late,) = await store.claim_jobs(1, LEASE)
    go_on.clear()
    begun.clear()
    claiming = asyncio.ensure_future(store.claim_jobs(1, LATER))
    await asyncio.to_thread(begun.wait)
    assert await store.renew([late], LATER.until) == [late]
    go_on.set()
    (again,) = await claiming
    assert await store.renew([late, again], LATER.until) == [late]
    await store.close()


class Forgetful(Index):
    """Does not understand what was written."""

    def apply(self, commit: Commit, at: datetime, head: Head) -> None:
        if commit.request_key == "beyond it":
            raise RuntimeError
        super().apply(commit, at, head)


async def test_what_was_written_and_not_understood_stops_everything(clock: SteppedClock) -> None:
    writer = Writer(Forgetful(), clock, lambda _: None)
    asked = (writer.commit(Commit(request_key=key)) for key in ("fine", "beyond it", "after"))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [int, TimeoutError, TimeoutError]
    with pytest.raises(Unavailable, match="start me again"):
        await writer.commit(Commit())
    await writer.close()
    with pytest.raises(Unavailable, match="closed"):
        await writer.commit(Commit())


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


async def test_who_gave_up_waiting_is_not_written(clock: SteppedClock) -> None:
    store, begun, go_on = await hanging(clock)
    first = asyncio.ensure_future(store.commit(Commit({"I": (1, [TAKEN])})))
    await asyncio.to_thread(begun.wait)
    second = asyncio.ensure_future(store.commit(Commit({"J": (0, [DECLARED])})))
    await asyncio.sleep(0)
    first.cancel()  # too late: it is being written
    second.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await store.close()
    assert isinstance(store._disk, PowerDisk)
    again = TinyStore(store._disk, clock)
    assert [(p, i) for p, i, _ in await again.feed()] == [(1, "I"), (2, "I")]
    await again.close()


async def test_what_cannot_be_written_harms_nobody_else(clock: SteppedClock) -> None:
    store, begun, go_on = await hanging(clock)
    first = asyncio.ensure_future(store.commit(Commit(request_key="first")))
    await asyncio.to_thread(begun.wait)
    half = Message("C1", "1.0", "UANA", "half a character: \ud83d")
    both = asyncio.gather(
        store.commit(Commit(messages=[half])),
        store.commit(Commit(messages=[replace(half, text="a whole one")])),
        return_exceptions=True,
    )
    await asyncio.sleep(0)
    go_on.set()
    await first
    refused, position = await both
    assert isinstance(refused, TypeError)
    assert position == 3
    assert [m.text for m in await store.transcript("C1")] == ["a whole one"]
    await store.close()


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
