"""Storms of alerts against the whole bot: what is lost, who is disturbed, what it costs."""

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.domain.facts import AlertFired
from tests.bench_bot import busy, line, room, took
from tests.conversations import kept
from tests.conversations.stage import CONFIG, Stage

TOKEN = "a-token-of-storms"
ALERTS, CONNECTIONS, GROUPS, SECONDS = 10_000, 20, 20, 60
DEPENDANTS = 200
COMMANDS_A_SECOND = 5
FLAPS, EVERY = 360, timedelta(seconds=5)

Body = dict[str, Any]


def config() -> str:
    """Return services of which 200 need one, and 20 that need nothing."""
    services: Body = {"db": {}}
    services |= {f"part-{n}": {"depends_on": ["db"]} for n in range(DEPENDANTS)}
    services |= {f"alone-{n}": {} for n in range(GROUPS)}
    return f"{CONFIG}\n{yaml.safe_dump({'services': services})}"


def told(
    group: str, service: str, fingerprint: str, *, began: datetime, ended: datetime | None = None
) -> Body:
    """Return what Alertmanager sends of one alert."""
    labels = {"alertname": f"Broken{group}", "service": service, "severity": "critical"}
    status = "resolved" if ended else "firing"
    alert = {
        "status": status,
        "labels": {**labels, "pod": fingerprint},
        "annotations": {"summary": f"{service} is broken"},
        "startsAt": began.isoformat(),
        "endsAt": ended.isoformat() if ended else "0001-01-01T00:00:00Z",
        "generatorURL": "http://127.0.0.1/graph",
        "fingerprint": fingerprint,
    }
    return {
        "version": "4",
        "groupKey": group,
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "bot",
        "groupLabels": {"alertname": labels["alertname"]},
        "commonLabels": labels,
        "commonAnnotations": {},
        "externalURL": "http://127.0.0.1",
        "alerts": [alert],
    }


class Storm:
    """Sends, and counts what comes of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.results: Counter[str] = Counter()
        self.answers: list[float] = []
        self.again = 0

    async def send(self, body: Body) -> None:
        """Send until it is taken, as Alertmanager does."""
        address = f"http://127.0.0.1:{self.stage.port}/alerts/alertmanager"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        while True:
            began = time.perf_counter()
            async with self.stage.http.post(address, json=body, headers=headers) as answer:
                said = await answer.json()
            if answer.status == 200:
                self.answers.append((time.perf_counter() - began) * 1000)
                self.results.update(group["result"] for group in said["groups"])
                return
            if answer.status not in {429, 503}:
                raise RuntimeError(said)
            self.again += 1
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))

    def memory(self) -> float:
        """Return how many MB the bot holds."""
        assert self.stage.process
        status = Path(f"/proc/{self.stage.process.pid}/status").read_text(encoding="ascii")
        resident = next(x for x in status.splitlines() if x.startswith("VmRSS"))
        return int(resident.split()[1]) / 1024


async def many(storm: Storm) -> Sequence[str]:
    """Send 10,000 alerts of 20 groups in 60 s over 20 connections, in a random order."""
    began = datetime.now(UTC)
    names = [f"f{n}" for n in range(ALERTS)]
    bodies = [
        told(f"g{n % GROUPS}", f"alone-{n % GROUPS}", name, began=began)
        for n, name in enumerate(names)
    ]
    random.Random(7).shuffle(bodies)
    loop = asyncio.get_running_loop()
    start = loop.time()

    async def connection(first: int) -> None:
        for n in range(first, ALERTS, CONNECTIONS):
            await asyncio.sleep(start + n * SECONDS / ALERTS - loop.time())
            await storm.send(bodies[n])

    await asyncio.gather(*map(connection, range(CONNECTIONS)))
    return names


async def one_need(storm: Storm) -> Sequence[str]:
    """Send 200 groups of services that need the same, at once."""
    began = datetime.now(UTC)
    names = [f"n{n}" for n in range(DEPENDANTS)]
    await asyncio.gather(
        *(
            storm.send(told(f"d{n}", f"part-{n}", name, began=began))
            for n, name in enumerate(names)
        )
    )
    return names


async def flapping(storm: Storm) -> Sequence[str]:
    """Send what an alert that comes and goes every 5 s says in an hour, without the hour."""
    at = datetime.now(UTC) - 2 * FLAPS * EVERY
    for _ in range(FLAPS):
        await storm.send(told("flap", "alone-0", "flap", began=at))
        await storm.send(told("flap", "alone-0", "flap", began=at, ended=at + EVERY))
        at += 2 * EVERY
    return ["flap"]


async def measured(name: str, sends: Callable[[Storm], Awaitable[Sequence[str]]]) -> None:
    """Print what one storm does."""
    environment = {"ALERTMANAGER_TOKEN": TOKEN, "no_proxy": "127.0.0.1"}
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder), config=config(), environment=environment) as stage:
            await stage.start()
            first = await room(stage, "trouble of another kind")
            await kept.until_nothing_is_owed(stage)
            storm, commands, sent = Storm(stage), list[float](), asyncio.Event()

            async def ask() -> None:
                n = 0
                while not sent.is_set():
                    n += 1
                    commands.append(await took(stage, f"note what I see is {n}", first))
                    await asyncio.sleep(1 / COMMANDS_A_SECOND)

            before, made = storm.memory(), len(await stage.get("calls"))
            asking = asyncio.create_task(ask())
            names = await sends(storm)
            sent.set()
            await asking
            await kept.until_nothing_is_owed(stage)
            await report(name, storm, names, before, made)
            line("  acknowledged meanwhile", commands, "ms")


async def report(name: str, storm: Storm, names: Sequence[str], before: float, made: int) -> None:
    """Print the figures."""
    stage = storm.stage
    facts = await kept.facts(stage)
    of_alerts = {i: [f for f in fs if isinstance(f, AlertFired)] for i, fs in facts.items()}
    of_alerts = {incident: fired for incident, fired in of_alerts.items() if fired}
    lost = set(names) - {f.fingerprint for fired in of_alerts.values() for f in fired}
    calls = (await stage.get("calls"))[made:]
    channels = [c for c in (await stage.get("state"))["channels"] if c["name"].startswith("inc-")]
    ours = {c["id"] for c in channels if any(i.lower() in c["name"] for i in of_alerts)}
    where = Counter(
        (call["method"], str(call["args"].get("channel", "")))
        for call in calls
        if call["method"] in {"chat.postMessage", "chat.update"}
    )
    posts = [sum(n for (_, place), n in where.items() if place == room_of) for room_of in ours]
    told_directly = {place for (_, place) in where if place.startswith(("D", "U"))}
    print(f"{name}: {len(names)} alerts, {len(lost)} lost, {storm.again} sent again")
    print(f"  results {dict(storm.results)}")
    print(f"  incidents and suggestions {len(of_alerts)}, channels {len(ours)}")
    print(f"  posts and edits in each channel {sorted(posts)}, people told {len(told_directly)}")
    print(f"  memory {before:.0f} MB, then {storm.memory():.0f} MB")
    line("  alerts answered", storm.answers, "ms")


async def main() -> None:
    """Measure each storm; nothing is asserted."""
    busy("before")
    await measured("10,000 alerts in 60 s", many)
    await measured("200 groups of one need", one_need)
    await measured("the same alert for an hour", flapping)
    busy("after")


if __name__ == "__main__":
    asyncio.run(main())
