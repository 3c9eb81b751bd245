"""Prints figures: start, acknowledgement, channel. `make bench` runs it; nothing is asserted."""

import asyncio
import statistics
import tempfile
from functools import partial
from pathlib import Path

from tests import bench_page, bench_sandbox, bench_store
from tests.conversations.stage import Json, Stage

STARTS, COMMANDS, BURST = 5, 200, 50


async def starts() -> list[float]:
    """Return the seconds from `python -m bot` to /readyz, for several starts."""
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage:
            seconds = []
            for _ in range(STARTS):
                seconds.append(await stage.start())
                await stage.stop()
    return seconds


async def acknowledged(stage: Stage) -> tuple[list[float], list[float]]:
    """Return the milliseconds until a commit was acknowledged: one by one, and many at once."""
    await stage.ana.types("declare checkout is down")
    room = await stage.until(partial(joined, stage))
    quiet = [await took(stage, f"severity P{n % 4}", room) for n in range(COMMANDS)]
    burst = (took(stage, f"declare trouble {n}", "CINCIDENTS") for n in range(BURST))
    return quiet, list(await asyncio.gather(*burst))


async def joined(stage: Stage) -> str | None:
    """Return the newest incident's channel once its declarer is in it."""
    made = await stage.channel()
    return made["id"] if made and "UANA" in made["members"] else None


async def took(stage: Stage, text: str, channel: str) -> float:
    """Return the milliseconds until the command was acknowledged."""
    report = await stage.ana.types(text, channel)
    if report["warning"] or "INC-" not in report["body"]["text"]:
        raise RuntimeError(report)
    return float(report["ms"])


async def channel_ready(stage: Stage) -> float:
    """Return the milliseconds from the command to the card in the channel."""
    began = asyncio.get_running_loop().time()
    await stage.ana.types("declare checkout is down")

    async def card() -> Json | None:
        made = await stage.channel()
        said = await stage.ana.sees(made["id"]) if made else []
        return next((m for m in said if m.get("metadata")), None)

    await stage.until(card)
    return (asyncio.get_running_loop().time() - began) * 1000


def line(name: str, values: list[float], unit: str) -> None:
    """Print a figure."""
    ordered = sorted(values)
    p = {q: ordered[min(len(ordered) - 1, int(len(ordered) * q / 100))] for q in (50, 95, 99)}
    shown = "  ".join(f"p{q} {value:8.2f}" for q, value in p.items())
    mean = statistics.fmean(values)
    print(f"{name:<38} {shown}  max {ordered[-1]:8.2f}  mean {mean:8.2f} {unit}  n={len(values)}")


async def main() -> None:
    """Measure and print."""
    line("start to /readyz", await starts(), "s ")
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage:
            await stage.start()
            ready = await channel_ready(stage)
            quiet, burst = await acknowledged(stage)
            line("acknowledged, one by one", quiet, "ms")
            line(f"acknowledged, {BURST} at once", burst, "ms")
            line("declare to the card in its channel", [ready], "ms")


async def everything() -> None:
    """Measure the whole bot, then the stores and the sandbox by themselves."""
    await main()
    await bench_store.main()
    await bench_sandbox.main()
    await bench_page.main()


if __name__ == "__main__":
    asyncio.run(everything())
