"""Figures of the whole bot: start, acknowledgement under load, the channel, calls an incident."""

import asyncio
import os
import statistics
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tests.conversations import kept
from tests.conversations.script import number
from tests.conversations.stage import SEED, Json, Stage

STARTS, ROOMS = 5, 8
COMMANDS_A_SECOND, MESSAGES_A_SECOND, SECONDS, BURST = 20, 20, 60, 300
SLOWER_SYNC, LATENCY = 0.01, 0.1  # seconds
T = TypeVar("T")
LISTENING = replace(SEED, events=tuple({*SEED.events, "message.channels"}))


async def starts() -> list[float]:
    """Return the seconds from `python -m bot` to /readyz, for several starts."""
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage:
            seconds = []
            for _ in range(STARTS):
                seconds.append(await stage.start())
                await stage.stop()
    return seconds


@asynccontextmanager
async def on_a_slow_disk() -> AsyncIterator[Stage]:
    """Give a bot that runs, each of whose fsyncs takes longer."""
    with tempfile.TemporaryDirectory() as folder:
        slow = {"SLOWER": str(SLOWER_SYNC)}
        stage = Stage(Path(folder), seed=LISTENING, module="tests.slow_disk", environment=slow)
        async with stage:
            await stage.start()
            yield stage


async def room(stage: Stage, title: str) -> str:
    """Declare; return the incident's channel once its declarer is in it."""
    said = await stage.ana.types(f"declare {title}")
    name = f"inc-{number(str(said['body'])).removeprefix('INC-')}"

    async def opened() -> Any:
        made = await stage.channel(name)
        return made and "UANA" in made["members"] and made["id"]

    return str(await stage.until(opened))


async def took(stage: Stage, text: str, channel: str) -> float:
    """Return the milliseconds until the command was acknowledged."""
    report = await stage.ana.types(text, channel)
    if report["warning"] or "INC-" not in str(report["body"]):
        raise RuntimeError(report)
    return float(report["ms"])


async def steadily(act: Callable[[int], Coroutine[Any, Any, T]], a_second: int) -> list[T]:
    """Do something so often, however long each takes; return what came of it."""
    loop = asyncio.get_running_loop()
    began, doing = loop.time(), list[asyncio.Task[T]]()
    async with asyncio.TaskGroup() as group:
        for n in range(a_second * SECONDS):
            await asyncio.sleep(began + n / a_second - loop.time())
            doing.append(group.create_task(act(n)))
    return [done.result() for done in doing]


async def acknowledged(stage: Stage) -> None:
    """Measure how long commands wait, while people talk in an incident's channel."""
    rooms = [await room(stage, f"trouble in part {n}") for n in range(ROOMS)]

    async def say(n: int) -> None:
        await stage.bo.says(f"what I see is {n}", rooms[0])

    async def judge(n: int) -> float:
        return await took(stage, f"severity P{n // ROOMS % 4}", rooms[n % ROOMS])

    await stage.post("join", user="UBO", channel=rooms[0])
    commands, _ = await asyncio.gather(
        steadily(judge, COMMANDS_A_SECOND), steadily(say, MESSAGES_A_SECOND)
    )
    told = [d for d in await stage.get("deliveries") if d["type"] == "events_api"]
    line(f"acknowledged, {COMMANDS_A_SECOND} commands a second", commands, "ms")
    line(f"and {MESSAGES_A_SECOND} messages a second", [d["ms"] for d in told if d["acked"]], "ms")
    if lost := sum(not d["acked"] for d in told):
        print(f"{lost} events were not acknowledged")
    burst = (took(stage, f"declare trouble {n}", "CINCIDENTS") for n in range(BURST))
    line(f"acknowledged, {BURST} declares at once", list(await asyncio.gather(*burst)), "ms")


async def channels_ready() -> list[float]:
    """Return the milliseconds from commands to their channels, Slack's answers taking as long."""
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage:
            await stage.start()
            await stage.post("faults", method="*", kind="slow", seconds=LATENCY, times=None)
            return [await channel_ready(stage, n) for n in range(ROOMS)]


async def channel_ready(stage: Stage, n: int) -> float:
    """Return the milliseconds from the command to a declarer in the channel before a card."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    channel = await room(stage, f"trouble number {n}")

    async def card() -> bool:
        return any(m["metadata"] for m in await stage.get("messages", channel=channel))

    await stage.until(card)
    took = (loop.time() - began) * 1000
    await kept.until_nothing_is_owed(stage)
    return took


async def calls() -> Counter[str]:
    """Return how often an incident's life calls each of Slack's methods."""
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage:
            await stage.start()
            await kept.until_nothing_is_owed(stage)
            before = len(await stage.get("calls"))
            channel = await room(stage, "checkout is down")
            for text in ("ack", "sev P0", "resolve now", "close"):
                await took(stage, text, channel)
                await kept.until_nothing_is_owed(stage)
            made: list[Json] = await stage.get("calls")
            return Counter(call["method"] for call in made[before:])


def line(name: str, values: list[float], unit: str) -> None:
    """Print a figure."""
    ordered = sorted(values)
    p = {q: ordered[min(len(ordered) - 1, int(len(ordered) * q / 100))] for q in (50, 95, 99)}
    shown = "  ".join(f"p{q} {value:8.2f}" for q, value in p.items())
    mean = statistics.fmean(values)
    print(f"{name:<38} {shown}  max {ordered[-1]:8.2f}  mean {mean:8.2f} {unit}  n={len(values)}")


def busy(name: str) -> None:
    """Print what the machine was doing: all of this, and perhaps something else."""
    minute, five, _ = os.getloadavg()
    print(f"{name}: {os.cpu_count()} processors, load {minute:.2f}, of five minutes {five:.2f}")


async def main() -> None:
    """Measure and print."""
    busy("before")
    line("start to /readyz", await starts(), "s ")
    async with on_a_slow_disk() as stage:
        print(f"each fsync {SLOWER_SYNC * 1000:.0f} ms slower:")
        await acknowledged(stage)
    busy("after")
    line(f"channel ready, Slack {LATENCY * 1000:.0f} ms away", await channels_ready(), "ms")
    made = await calls()
    print(f"Slack calls of an incident: {made.total()}")
    print("\n".join(f"  {method:<28} {count:>3}" for method, count in made.most_common()))


if __name__ == "__main__":
    asyncio.run(main())
