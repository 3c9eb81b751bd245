"""What every Archive promises; each test runs on the twin and on the folder."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.folder import Folder
from bot.ports import Archive, Unavailable
from tests.fakes.archive import MemoryArchive


@pytest.fixture(params=["twin", "folder"])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    if request.param == "twin":
        yield MemoryArchive()
    else:
        folder = Folder(tmp_path / "data" / "exports")
        yield folder
        folder.close()


async def test_what_is_kept_is_known_by_its_last_line(archive: Archive) -> None:
    assert await archive.kept() == {}
    await archive.keep("INC-1", "# é\n\nlast\n")
    await archive.keep("INC-2", "x" * 5000 + "\n" + "end\n")
    assert await archive.kept() == {"INC-1": "last", "INC-2": "end"}


async def test_the_newest_is_kept(archive: Archive) -> None:
    for text in ("one\n", "two\n"):
        await archive.keep("INC-1", text)
    assert await archive.kept() == {"INC-1": "two"}


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    made = Folder(tmp_path / "exports")
    yield made
    made.close()


async def test_only_the_owner_reads_it(folder: Folder, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        await folder.keep("INC-1", "secret\n")
    finally:
        os.umask(before)
    path = tmp_path / "exports" / "INC-1" / "postmortem.md"
    assert path.read_text() == "secret\n"
    modes = [p.stat().st_mode & 0o777 for p in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


async def test_what_a_crash_left_behind_is_in_nobodys_way(folder: Folder, tmp_path: Path) -> None:
    await folder.keep("INC-1", "old\n")
    (tmp_path / "exports" / "INC-1" / "postmortem.md.new").write_text("half")
    assert await folder.kept() == {"INC-1": "old"}
    await folder.keep("INC-1", "new\n")
    assert [p.name for p in (tmp_path / "exports" / "INC-1").iterdir()] == ["postmortem.md"]


async def test_what_the_disk_refuses_is_said_in_words(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file")
    with pytest.raises(Unavailable, match="exports"):
        await folder.keep("INC-1", "x\n")
