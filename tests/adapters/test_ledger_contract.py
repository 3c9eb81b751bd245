"""What every Ledger promises, and what the disk may do to the real one."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.adapters.events import LONGEST, EventFile, whole_and_torn
from bot.ports import Held, Ledger, Tail, Unavailable
from tests.fakes.ledger import Disk, FakeLedger


class Place:
    """Where the file is, and ledgers on it."""

    def __init__(self, ledger: Callable[[], Ledger], path: Path, disk: Disk | None) -> None:
        self._make, self._path, self._disk = ledger, path, disk
        self.made: list[Ledger] = []

    def ledger(self) -> Ledger:
        self.made.append(self._make())
        return self.made[-1]

    def written(self) -> bytes | None:
        if self._disk:
            return self._disk.bytes
        return self._path.read_bytes() if self._path.exists() else None

    def write(self, data: bytes) -> None:
        if self._disk:
            self._disk.bytes = data
        else:
            self._path.write_bytes(data)

    def remove(self) -> None:
        if self._disk:
            self._disk.remove()
        else:
            self._path.unlink()


@pytest.fixture(params=["memory", "file"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    path, disk = tmp_path / "events.ndjson", Disk()
    if request.param == "memory":
        place = Place(lambda: FakeLedger(disk), path, disk)
    else:
        place = Place(lambda: EventFile(path), path, None)
    yield place
    for ledger in place.made:
        await ledger.close()


async def test_lines_are_appended_and_found_again(place: Place) -> None:
    ledger = place.ledger()
    assert await ledger.take() == Tail(b"", b"")
    await ledger.append([b"one", b"two"])
    await ledger.append([])
    await ledger.append([b"three"])
    await ledger.release()
    assert place.written() == b"one\ntwo\nthree\n"
    assert await ledger.take() == Tail(b"three", b"")


@pytest.mark.parametrize(
    ("data", "tail", "kept"),
    [
        (b"one\ntwo\nthr", Tail(b"two", b"thr"), b"one\ntwo\n"),
        (b"on", Tail(b"", b"on"), b""),
        (b"one\n", Tail(b"one", b""), b"one\n"),
        (b"one\n" + b"x" * 200_000 + b"\ny", Tail(b"x" * 200_000, b"y"), None),
    ],
)
async def test_what_was_begun_is_cut_by_the_next_write_and_not_before(
    place: Place, data: bytes, tail: Tail, kept: bytes | None
) -> None:
    place.write(data)
    ledger = place.ledger()
    assert await ledger.take() == tail
    assert place.written() == data
    await ledger.append([])
    kept = data[:-1] if kept is None else kept
    assert place.written() == kept
    await ledger.append([b"new"])
    assert place.written() == kept + b"new\n"


async def test_two_cannot_have_it(place: Place) -> None:
    one, two = place.ledger(), place.ledger()
    await one.take()
    with pytest.raises(Held):
        await two.take()
    await one.release()
    await two.take()


async def test_without_the_file_taken_nothing_is_written(place: Place) -> None:
    ledger = place.ledger()
    with pytest.raises(Unavailable):
        await ledger.append([b"one"])
    assert place.written() is None


async def test_a_file_that_is_gone_or_changed_is_not_written_until_taken_again(
    place: Place,
) -> None:
    ledger = place.ledger()
    for change in (place.remove, lambda: place.write(b"")):
        await ledger.take()
        await ledger.append([b"one"])
        change()
        with pytest.raises(Unavailable):
            await ledger.append([b"two"])
        with pytest.raises(Unavailable):
            await ledger.append([b"two"])
        assert place.written() in {None, b""}
        assert await ledger.take() == Tail(b"", b"")
        await ledger.append([b"three"])
        assert place.written() == b"three\n"


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "events.ndjson"


async def test_the_file_is_for_its_owner_and_its_folder_is_made(path: Path) -> None:
    ledger = EventFile(path)
    await ledger.take()
    assert path.stat().st_mode & 0o777 == 0o600
    await ledger.close()


async def test_a_file_put_in_its_place_is_not_written_into(path: Path) -> None:
    ledger = EventFile(path)
    await ledger.take()
    path.rename(path.with_name("rotated"))
    path.write_bytes(b"")
    with pytest.raises(Unavailable, match="was moved"):
        await ledger.append([b"one"])
    await ledger.close()
    assert path.read_bytes() == path.with_name("rotated").read_bytes() == b""


async def test_another_process_cannot_have_it_either(path: Path) -> None:
    ledger = EventFile(path)
    await ledger.take()
    lock = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    tried = subprocess.run(  # noqa: ASYNC221 -- nothing else runs
        [sys.executable, "-c", lock, str(path)], capture_output=True, check=False
    )
    assert b"BlockingIOError" in tried.stderr
    await ledger.close()


async def test_a_place_that_cannot_be_written_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    pipe = path / "pipe"
    os.mkfifo(pipe)
    for there in (path, pipe):
        ledger = EventFile(there)
        with pytest.raises(Unavailable, match=str(there)):
            await ledger.take()
        await ledger.close()


async def test_a_file_without_lines_is_not_read_whole(path: Path) -> None:
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(LONGEST * 100)
    ledger = EventFile(path)
    with pytest.raises(Unavailable, match="too long to be ours"):
        await ledger.take()
    await ledger.close()


async def test_when_the_disk_is_full_what_was_written_in_part_is_cut(path: Path) -> None:
    ledger = EventFile(path)
    await ledger.take()
    await ledger.append([b"one"])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6, limits[1]))
    try:
        with pytest.raises(Unavailable, match="File too large"):
            await ledger.append([b"two", b"three"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert path.read_bytes() == b"one\n"
    assert await ledger.take() == Tail(b"one", b"")
    await ledger.append([b"two", b"three"])
    assert path.read_bytes() == b"one\ntwo\nthree\n"
    await ledger.close()


def test_lines_are_read_as_far_as_the_file_went_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"one\ntwo\nth")
    lines = whole_and_torn(path)
    assert next(lines) == b"one\n"
    with path.open("ab") as file:
        file.write(b"ree\nfour\n")
    assert list(lines) == [b"two\n", b"th"]


@pytest.mark.parametrize("found", [b"\n", b"one\n\n", b"one\n\n\n"])
async def test_an_empty_line_at_the_end_is_not_ours(place: Place, found: bytes) -> None:
    place.write(found)
    with pytest.raises(Unavailable, match="empty line"):
        await place.ledger().take()
    assert place.written() == found
