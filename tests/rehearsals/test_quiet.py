"""The clock moves when nothing else can go on, and not a moment before."""

import asyncio
import sys
import time
from collections.abc import Coroutine
from typing import Any

from aiohttp import ClientSession, web

from bot.adapters.threads import Threads
from sandbox.clock import SteppedClock
from tests.rehearsals.stepped import stepping

LONG = 0.05  # real seconds, far longer than a step of the clock takes


def run(clock: SteppedClock, work: Coroutine[Any, Any, float]) -> float:
    with asyncio.Runner(loop_factory=lambda: stepping(clock)) as runner:
        return runner.run(work)


async def passed(clock: SteppedClock, work: Coroutine[Any, Any, object]) -> float:
    """Return how far the clock moved during the work, while somebody waits to wake each second."""

    async def restless() -> None:
        while True:
            await clock.sleep(1)

    began, waiting = clock.now(), asyncio.create_task(restless())
    await work
    waiting.cancel()
    return clock.now() - began


def test_hours_go_by_in_order_and_at_once() -> None:
    clock, woken = SteppedClock(), list[int]()

    async def wakes(hours: int) -> None:
        await clock.sleep(3600 * hours)
        woken.append(hours)

    async def work() -> float:
        began = clock.now()
        await asyncio.gather(*(wakes(hours) for hours in (3, 1, 2)))
        return clock.now() - began

    began = time.monotonic()
    assert round(run(clock, work())) == 3 * 3600
    assert woken == [1, 2, 3]
    assert time.monotonic() - began < 5


def test_it_stands_still_while_a_thread_works() -> None:
    clock = SteppedClock()

    async def in_executor() -> None:
        await asyncio.get_running_loop().run_in_executor(None, time.sleep, LONG)

    assert run(clock, passed(clock, in_executor())) == 0
    assert run(clock, passed(clock, Threads("any", 1).run(lambda: time.sleep(LONG)))) == 0


def test_it_stands_still_while_a_process_runs() -> None:
    clock = SteppedClock()

    async def process() -> None:
        words = (sys.executable, "-c", f"import time; time.sleep({LONG})")
        started = await asyncio.create_subprocess_exec(*words)
        await started.wait()

    assert run(clock, passed(clock, process())) == 0


def test_it_stands_still_while_something_is_on_its_way() -> None:
    clock = SteppedClock()

    async def asked() -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=b"x" * 3_000_000)

        application = web.Application()
        application.router.add_get("/", answer)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession() as http:
            for _ in range(5):
                async with http.get(f"http://127.0.0.1:{runner.addresses[0][1]}/") as got:
                    assert len(await got.read()) == 3_000_000
        await runner.cleanup()

    assert run(clock, passed(clock, asked())) == 0
