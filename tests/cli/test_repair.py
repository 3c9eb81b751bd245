"""A journal that was damaged by something else than the bot."""

import asyncio
from pathlib import Path

import pytest

from bot.adapters.disk import LocalDisk
from bot.adapters.journal import Corrupt
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.cli.repair import DAMAGED, REFUSED, WELL, mended
from bot.ports import Commit
from bot.render import Wording
from tests.fakes.clock import SteppedClock
from tests.samples import DECLARED


@pytest.fixture
async def disk(tmp_path: Path, clock: SteppedClock) -> LocalDisk:
    disk = LocalDisk(tmp_path)
    store = TinyStore(disk, clock)
    for n in range(5):
        await store.commit(Commit({f"I{n}": (0, [DECLARED])}))
    await store.close()
    return disk


def damage(disk: LocalDisk, tmp_path: Path, line: int) -> int:
    """Flip a bit in a line; return where the line begins."""
    lines = (tmp_path / JOURNAL).read_bytes().splitlines(keepends=True)
    start = sum(map(len, lines[:line]))
    written = bytearray(b"".join(lines))
    written[start + 200] ^= 1
    (tmp_path / JOURNAL).write_bytes(written)
    return start


def said(disk: LocalDisk, tmp_path: Path, offset: int | None = None) -> tuple[int, str]:
    status, values = mended(disk, offset)
    return status, Wording().report("repair", folder=tmp_path, **values)


def test_a_sound_journal_is_left_alone(disk: LocalDisk, tmp_path: Path) -> None:
    status, words = said(disk, tmp_path)
    assert status == WELL
    assert "up to commit 5" in words


def test_a_torn_record_is_no_damage(disk: LocalDisk, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes((tmp_path / JOURNAL).read_bytes()[:-9])
    status, words = said(disk, tmp_path)
    assert status == WELL
    assert "up to commit 4" in words


async def test_damage_is_named_and_cut_off_and_a_copy_is_kept(
    disk: LocalDisk, tmp_path: Path, clock: SteppedClock
) -> None:
    start = damage(disk, tmp_path, 3)
    damaged = (tmp_path / JOURNAL).read_bytes()
    status, words = said(disk, tmp_path)
    assert status == DAMAGED
    assert f"up to byte {start} (commit 3)" in words
    assert "2 commits can still be told" in words
    assert f"responder repair --to {start}" in words
    assert (tmp_path / JOURNAL).read_bytes() == damaged
    status, words = said(disk, tmp_path, start)
    assert status == WELL
    (copy,) = tmp_path.glob("*.damaged-*")
    assert copy.name in words
    assert copy.read_bytes() == damaged
    store = TinyStore(disk, clock)
    assert (await store.head()).position == 3
    await store.close()


async def test_more_may_be_cut_off_than_is_damaged(disk: LocalDisk, tmp_path: Path) -> None:
    damage(disk, tmp_path, 3)
    lines = (tmp_path / JOURNAL).read_bytes().splitlines(keepends=True)
    status, words = said(disk, tmp_path, len(lines[0]))
    assert status == WELL
    assert f"Kept up to byte {len(lines[0])} (commit 1)" in words
    assert (tmp_path / JOURNAL).read_bytes() == lines[0]


@pytest.mark.parametrize("beyond", [-1, 1, 10_000])
def test_it_is_cut_only_between_sound_records(
    disk: LocalDisk, tmp_path: Path, beyond: int
) -> None:
    start = damage(disk, tmp_path, 3)
    before = (tmp_path / JOURNAL).read_bytes()
    status, words = said(disk, tmp_path, start + beyond)
    assert status == REFUSED
    assert "no sound record ends at byte" in words
    assert (tmp_path / JOURNAL).read_bytes() == before
    assert not list(tmp_path.glob("*.damaged-*"))


async def test_the_sum_of_what_was_before_is_not_cut_apart(
    disk: LocalDisk, tmp_path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(disk, clock)
    many = (store.commit(Commit({f"J{n}": (0, [DECLARED])})) for n in range(600))
    await asyncio.gather(*many)
    await store.compact()
    await store.commit(Commit({"K": (0, [DECLARED])}))
    await store.close()
    lines = (tmp_path / JOURNAL).read_bytes().splitlines(keepends=True)
    after = sum(map(len, lines[:-1]))
    assert said(disk, tmp_path)[0] == WELL
    start = damage(disk, tmp_path, 1)
    for offset in (None, start):
        status, words = said(disk, tmp_path, offset)
        assert status == REFUSED
        assert f"from byte {start} on, is part of the journal's beginning" in words
    (tmp_path / JOURNAL).write_bytes(b"".join(lines[:-2]))  # cut by hand
    with pytest.raises(Corrupt):
        TinyStore(disk, clock)
    (tmp_path / JOURNAL).write_bytes(b"".join(lines))
    damage(disk, tmp_path, len(lines) - 1)
    assert said(disk, tmp_path, after)[0] == WELL
    store = TinyStore(disk, clock)
    assert (await store.head()).position == 605
    await store.close()


async def test_a_running_bot_keeps_its_data(
    disk: LocalDisk, tmp_path: Path, clock: SteppedClock
) -> None:
    store = TinyStore(disk, clock)
    status, words = said(disk, tmp_path, 0)
    assert status == REFUSED
    assert "Stop the bot first" in words
    await store.close()
    assert (tmp_path / JOURNAL).stat().st_size > 0


def test_where_nothing_is_nothing_is_made(tmp_path: Path) -> None:
    status, words = said(LocalDisk(tmp_path), tmp_path)
    assert status == REFUSED
    assert "Is DATA_DIR right?" in words
    assert not list(tmp_path.iterdir())
