"""What every Logs promises, and what may become of files."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.logfiles import MANY, MOST, LogFiles
from bot.ports import Unavailable
from bot.sources import Logs, Places
from tests.fakes.sources import FakeLogs


class Place:
    """Logs, and files in them."""

    def __init__(self, logs: Logs, pattern: str, write: Callable[[str], None]) -> None:
        self.logs, self.patterns, self.write = logs, [pattern], write


@pytest.fixture(params=["memory", "files"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    pattern = str(tmp_path / "*.log")
    if request.param == "files":

        def append(line: str) -> None:
            with (tmp_path / "app.log").open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

        return Place(LogFiles(), pattern, append)
    fake = FakeLogs()
    return Place(fake, pattern, lambda line: fake.write(pattern, line))


async def test_what_is_written_after_the_first_look_is_read_once(place: Place) -> None:
    place.write("old")
    first = await place.logs.since(place.patterns, None)
    assert list(first.lines) == []
    place.write("one")
    place.write("two \u202e ÿ")
    second = await place.logs.since(place.patterns, first.places)
    assert list(second.lines) == ["one", "two \u202e ÿ"]
    third = await place.logs.since(place.patterns, second.places)
    assert (list(third.lines), third.skipped, list(third.unread)) == ([], 0, [])
    again = await place.logs.since(place.patterns, first.places)
    assert again.lines == second.lines


async def test_a_log_that_is_begun_after_the_first_look_is_read_from_its_beginning(
    place: Place,
) -> None:
    first = await place.logs.since(place.patterns, None)
    place.write("one")
    assert list((await place.logs.since(place.patterns, first.places)).lines) == ["one"]


class Files:
    """A folder with a log in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "app.log"
        self.logs = LogFiles()
        self.patterns = [str(folder / "*.log*")]
        self.places: Places | None = None

    async def new(self) -> list[str]:
        found = await self.logs.since(self.patterns, self.places)
        self.places = found.places
        self.skipped, self.unread = found.skipped, found.unread
        return list(found.lines)

    def append(self, data: bytes) -> None:
        with self.log.open("ab") as file:
            file.write(data)


@pytest.fixture
async def files(tmp_path: Path) -> Files:
    files = Files(tmp_path)
    files.append(b"2026-01-15 old, and long enough to be told from others that begin alike\n")
    assert await files.new() == []
    return files


async def test_half_a_line_is_read_when_it_is_whole(files: Files) -> None:
    files.append(b"one\ntw")
    assert await files.new() == ["one"]
    files.append(b"o\r\n\n")
    assert await files.new() == ["two", ""]


async def test_what_is_no_text_is_read_all_the_same(files: Files) -> None:
    files.append(b"\xff\x00 one\x0b\xe2\x80\xa8 still one\n")
    assert await files.new() == ["�\x00 one\x0b\u2028 still one"]


async def test_a_file_that_was_cut_is_read_from_its_beginning(files: Files) -> None:
    files.log.write_bytes(b"one\n")
    assert await files.new() == ["one"]
    files.log.write_bytes(b"")
    assert await files.new() == []
    files.append(b"two\n")
    assert await files.new() == ["two"]


async def test_a_file_that_was_cut_and_is_longer_than_before_is_noticed(files: Files) -> None:
    files.log.write_bytes(b"new\n" * 100)
    assert await files.new() == ["new"] * 100


async def test_a_file_that_was_cut_and_begins_as_before_is_noticed(files: Files) -> None:
    before = files.log.read_bytes()
    files.append(before * 10)
    assert len(await files.new()) == 10
    files.log.write_bytes(before * 2)
    assert len(await files.new()) == 2


async def test_a_file_with_another_name_is_read_on_and_the_one_in_its_place_too(
    files: Files,
) -> None:
    files.append(b"one\n")
    files.log.rename(files.folder / "app.log.1")
    files.log.write_bytes(b"two\n" * 100)
    assert sorted(await files.new()) == ["one", *["two"] * 100]
    assert await files.new() == []


async def test_a_file_in_the_place_of_another_is_noticed_though_the_disk_calls_it_the_same(
    files: Files,
) -> None:
    files.log.unlink()
    files.log.write_bytes(b"new\n" * 100)  # some disks give it the number of the one before
    assert await files.new() == ["new"] * 100


async def test_of_too_much_the_newest_is_read(files: Files) -> None:
    files.append(b"x" * 99 + b"\n")
    files.append((b"y" * 99 + b"\n") * (MOST // 100 + 1000) + b"last\n")
    lines = await files.new()
    assert lines[-1] == "last"
    assert set(lines[:-1]) == {"y" * 99}
    assert (
        sum(len(line) + 1 for line in lines) + files.skipped
        == 100 + (MOST // 100 + 1000) * 100 + 5
    )
    assert sum(len(line) + 1 for line in lines) <= MOST
    assert await files.new() == []


async def test_a_line_without_end_does_not_stop_the_reading(files: Files) -> None:
    files.append(b"x" * (3 * MOST))
    assert await files.new() == []
    files.append(b"\none\n")
    assert (await files.new())[-1] == "one"


async def test_what_is_no_file_or_packed_is_passed_over(files: Files) -> None:
    os.mkfifo(files.folder / "pipe.log")
    (files.folder / "folder.log").mkdir()
    (files.folder / "app.log.2.gz").write_bytes(b"one\n")
    (files.folder / "again.log").symlink_to(files.log)
    files.append(b"one\n")
    assert await files.new() == ["one"]
    assert files.unread == []


async def test_one_that_cannot_be_read_is_named_and_the_others_read(files: Files) -> None:
    (files.folder / "b.log").write_bytes(b"one\n")
    (files.folder / "a.log").symlink_to(files.folder / "gone")
    assert await files.new() == ["one"]
    assert files.unread == [f"{files.folder / 'a.log'}: No such file or directory"]
    shutil.rmtree(files.folder)
    files.folder.mkdir()
    assert await files.new() == []


async def test_one_that_could_not_be_read_for_a_while_is_read_on(files: Files) -> None:
    other, link = files.folder / "other", files.folder / "b.log"
    other.write_bytes(b"old\n")
    link.symlink_to(other)
    assert await files.new() == ["old"]
    other.rename(files.folder / "away")
    assert await files.new() == []
    assert files.unread
    (files.folder / "away").rename(other)
    assert await files.new() == []


async def test_if_nothing_can_be_read_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.log").symlink_to(tmp_path / "gone")
    with pytest.raises(Unavailable, match="No such file"):
        await LogFiles().since([str(tmp_path / "*.log")], None)


async def test_of_too_many_files_some_are_read(files: Files) -> None:
    for number in range(MANY + 5):
        (files.folder / f"{number}.log").write_bytes(b"one\n")
    assert len(await files.new()) in {MANY, MANY - 1}
    assert "more than" in files.unread[0]
