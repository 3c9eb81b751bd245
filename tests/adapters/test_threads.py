"""A few threads for a library that blocks."""

import asyncio
import threading

import pytest

from bot.adapters.threads import Threads


async def test_a_place_is_free_again_whatever_became_of_the_call() -> None:
    threads = Threads("few", 2)

    def fail() -> None:
        raise KeyError("no")

    async with asyncio.timeout(5):
        for _ in range(3):
            assert await threads.run(lambda: 1) == 1
            with pytest.raises(KeyError):
                await threads.run(fail)


async def test_a_call_that_was_given_up_keeps_its_place_until_it_ends() -> None:
    threads, go_on = Threads("few", 1), threading.Event()
    given_up = asyncio.ensure_future(threads.run(lambda: go_on.wait(5)))
    await asyncio.wait([given_up], timeout=0.05)
    given_up.cancel()
    waiting = asyncio.ensure_future(threads.run(lambda: 1))
    await asyncio.wait([given_up, waiting], timeout=0.05)
    assert not waiting.done()
    assert [t.daemon for t in threading.enumerate() if t.name == "few"] == [True]
    go_on.set()
    assert await asyncio.wait_for(waiting, 5) == 1
