"""Prints how many incidents are complete, half made, silent or doubled after what befell them.

`make figures` runs it. Everything is as in production, Slack's pace included, so it takes minutes.
"""

import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conversations import kept, whole
from tests.conversations.script import number
from tests.conversations.stage import Json, Stage
from tests.conversations.troubles import failing

DECLARES, SUBMISSIONS, KILLS = 40, 20, 20
PATIENCE = 900.0  # seconds, for what is owed: Slack's pace is 20 new channels a minute
ENDS = ("complete", "half made", "silent", "doubled")
Count = Counter[str]


@asynccontextmanager
async def started() -> AsyncIterator[Stage]:
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage:
            await stage.start()
            yield stage


def told(report: Json) -> str:
    """Return the incident that the person was told of; nothing if they were told of none."""
    heard = "" if report["warning"] else str(report["body"])
    return number(heard) if "INC-" in heard else ""


async def ends(stage: Stage, titles: list[str], answers: list[str]) -> Count:
    """Return how it ended with each title that was declared, once nothing is owed."""
    await kept.until_nothing_is_owed(stage, PATIENCE)
    seen = await whole.look(stage)
    twice = [*whole.doubled(seen), *whole.strange(seen)]
    return Counter(
        end(seen, twice, title, answer) for title, answer in zip(titles, answers, strict=True)
    )


def end(seen: whole.Seen, twice: list[str], title: str, answer: str) -> str:
    """Return how it ended with what was declared under that title."""
    made = [incident for incident in seen.incidents.values() if incident.title == title]
    if not made or (answer and made[0].id != answer):
        return "silent"
    number = made[0].id.removeprefix("INC-")
    if len(made) > 1 or any(number in told for told in twice):
        return "doubled"
    return "half made" if [*whole.missing(seen, made[0], "CINCIDENTS")] else "complete"


async def with_failing_calls() -> tuple[Count, str]:
    """Declare while a fifth of all calls fail, until all is paid."""
    titles = [f"trouble number {n}" for n in range(DECLARES)]
    async with started() as stage, failing(stage):
        answers = [told(await stage.ana.types(f"declare {title}")) for title in titles]
        found = await ends(stage, titles, answers)
        found["silent"] += sum(not answer for answer in answers)
        calls = await stage.get("calls")
        failed = sum(call["fault"] is not None for call in calls)
    return found, f"{failed} of {len(calls)} calls failed"


async def delivered_twice() -> tuple[Count, str]:
    """Send forms of which each is delivered twice at once."""
    titles = [f"form number {n}" for n in range(SUBMISSIONS)]
    async with started() as stage:
        for title in titles:
            await stage.post("settings", copies=1)
            await stage.ana.types("declare")
            await stage.post("settings", copies=2)
            sent = await stage.ana.submits(title={"title": title})
            if sent["warning"]:
                print(sent)
        found = await ends(stage, titles, [""] * len(titles))
        heard = [m["text"] for m in await stage.ana.sees() if m["ephemeral"]]
        answered = Counter(title for title in titles for text in heard if f"{title}\n" in text)
        told_twice = sum(count > 1 for count in answered.values())
        found["silent"] += len(titles) - len(answered)
        deliveries = await stage.get("deliveries")
    return found, f"{len(deliveries)} deliveries, {told_twice} told twice"


async def killed_in_set_up() -> tuple[Count, str]:
    """Kill the bot somewhere in the set-up of each incident."""
    rnd, titles = random.Random(1), [f"kill number {n}" for n in range(KILLS)]
    async with started() as stage:
        answers, calls = list[str](), list[int]()
        for title in titles:
            before = len(await stage.get("calls"))
            answers.append(told(await stage.ana.types(f"declare {title}")))
            await asyncio.sleep(rnd.random() * 0.25)  # a set-up takes about as long
            await stage.kill()
            calls.append(len(await stage.get("calls")) - before)
            await stage.start()
        found = await ends(stage, titles, answers)
        found["silent"] += sum(not answer for answer in answers)
    return found, f"killed after {min(calls)} to {max(calls)} calls"


async def main() -> None:
    """Count and print."""
    print(f"{'':<42}" + "".join(f"{end:>11}" for end in ENDS))
    for name, run in (
        (f"{DECLARES} declares, 20 % of all calls fail", with_failing_calls),
        (f"{SUBMISSIONS} forms, each delivered twice", delivered_twice),
        (f"{KILLS} kills during set-up", killed_in_set_up),
    ):
        began = time.monotonic()
        found, more = await run()
        took = f"{time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}"
        print(f"{name:<42}" + "".join(f"{found[end]:>11}" for end in ENDS), f"  {more}; {took}")


if __name__ == "__main__":
    asyncio.run(main())
