"""A socket of this machine: whose it is, who may reach it, and what is left by who ended."""

import asyncio
import grp
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.unix import UnixDoor, short
from bot.ports import Unavailable
from tests.fakes.clock import SteppedClock


def door(path: Path, name: str = "a", clock: SteppedClock | None = None, **more: str) -> UnixDoor:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=name)

    app = web.Application()
    app.router.add_get("/", answer)
    return UnixDoor(app, path, clock or SteppedClock(), **more)


async def asked(path: Path) -> str:
    """Return who answers there."""
    with short(path) as name:
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(name)) as session,
            session.get("http://x/") as answer,
        ):
            return await answer.text()


async def first_answer(path: Path, *clocks: SteppedClock) -> str:
    """Return who answers there, as soon as somebody does."""
    while True:
        with suppress(OSError, aiohttp.ClientError):
            return await asked(path)
        for clock in clocks:
            clock.advance(1)
        await asyncio.sleep(0)


async def checked(door: UnixDoor) -> None:
    """Look again and again, until there is trouble."""
    while True:
        await door.check()
        await asyncio.sleep(0)


@asynccontextmanager
async def running(door: UnixDoor) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(door.run())
    yield task
    task.cancel()
    await asyncio.wait([task])


def left_behind(path: Path) -> None:
    """Leave a socket that nobody listens at, as a process does that was killed."""
    with socket.socket(socket.AF_UNIX) as stale, short(path) as name:
        stale.bind(name)


async def test_its_user_alone_may_reach_it_and_it_is_gone_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "new" / "s"
    async with running(door(path)):
        assert await first_answer(path) == "a"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not path.exists()


async def test_a_group_may_be_let_in(tmp_path: Path) -> None:
    path, group = tmp_path / "s", grp.getgrgid(os.getgid()).gr_name
    async with running(door(path, group=group)):
        await first_answer(path)
        assert path.stat().st_mode & 0o777 == 0o660
        assert path.group() == group


async def test_what_a_killed_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "s"
    left_behind(path)
    async with running(door(path)):
        assert await first_answer(path) == "a"


async def test_a_second_one_waits_and_takes_over(tmp_path: Path) -> None:
    path, clock = tmp_path / "s", SteppedClock()
    first, second = door(path, "a"), door(path, "b", clock)
    async with running(first) as one:
        await first_answer(path)
        async with running(second):
            for _ in range(3):
                clock.advance(10)
                assert await asked(path) == "a"
            await second.check()
            one.cancel()
            await asyncio.wait([one])
            assert await first_answer(path, clock) == "b"


async def test_one_that_somebody_removed_is_made_again(tmp_path: Path) -> None:
    path, clock = tmp_path / "s", SteppedClock()
    async with running(door(path, clock=clock)):
        await first_answer(path)
        path.unlink()
        assert await first_answer(path, clock) == "a"


async def test_a_path_longer_than_the_kernel_takes_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / ("d" * 200) / "s"
    async with running(door(path)):
        assert await first_answer(path) == "a"


@pytest.mark.parametrize("what", ["file", "name", "group"])
async def test_where_it_cannot_be_it_says_so_until_it_can(tmp_path: Path, what: str) -> None:
    path, clock, more = tmp_path / "s", SteppedClock(), {}
    if what == "file":
        path.write_text("somebody's")
    elif what == "name":
        path = tmp_path / ("s" * 200)
    else:
        more = {"group": "no-such-group"}
    tried = door(path, clock=clock, **more)
    async with running(tried):
        with pytest.raises(Unavailable, match=f"{path.name}: .*"):
            await checked(tried)
        if what == "file":
            assert path.read_text() == "somebody's"
            path.unlink()
            assert await first_answer(path, clock) == "a"
            await tried.check()
        assert path.exists() is (what == "file")
