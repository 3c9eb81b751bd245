"""A monitoring to step: its clock, what is measured, and somebody who is told."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from sandbox.clock import SteppedClock
from sandbox.metrics.alertmanager import Receiver
from sandbox.metrics.matching import Matcher
from sandbox.metrics.monitoring import Monitoring
from sandbox.metrics.routing import Route
from sandbox.metrics.rule_files import rule_groups
from sandbox.metrics.series import Store
from sandbox.metrics.written import moment

TOKEN = "a-token-of-alertmanager"
STEP = 5.0
RULES = """
groups:
  - name: services
    rules:
      - alert: QueueGrows
        expr: queue > 1000
        for: 10s
        labels: {severity: warning, service: "{{ $labels.app }}"}
        annotations: {summary: "{{ $labels.app }} has {{ $value | humanize }} waiting"}
      - alert: Watchdog
        expr: vector(1)
"""
WATCHDOG = Route(("alertname",), 5, 10, 30, (Matcher("alertname", "=", "Watchdog"),))
ROUTE = Route(("alertname", "service"), 10, 20, 100, routes=(WATCHDOG,))


@dataclass
class Scene:
    """All of it, and what was told so far."""

    clock: SteppedClock
    store: Store
    http: ClientSession
    monitoring: Monitoring = field(init=False)
    told: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = await request.json()
        self.heard.set()
        await self.answers.wait()
        if self.status == 200 and body["groupLabels"]["alertname"] != "Watchdog":
            self.told.append(body)
        return web.Response(status=self.status)

    async def steps(self, count: int, **queues: float) -> None:
        """Let time go on, with so many mails in each queue."""
        self.answers.set()
        for _ in range(count):
            self.step(**queues)
            await self.monitoring.settled()

    def step(self, **queues: float) -> None:
        """Let time go on, and do not wait for what is told then."""
        self.clock.step(STEP)
        now = self.clock.now()
        told = [("queue", {"app": app}, waiting) for app, waiting in queues.items()]
        self.store.scrape("shop", now, told)
        self.monitoring.advance(now)

    def said(self) -> Sequence[tuple[str, list[tuple[str, str]]]]:
        """Return of all that was told its status, and each alert's own with its service."""
        return [
            (body["status"], [(a["labels"]["service"], a["status"]) for a in body["alerts"]])
            for body in self.told
        ]

    async def ask(self, server: str, path: str, **query: str) -> Any:
        url = getattr(self.monitoring, f"{server}_url")
        async with self.http.get(f"{url}{path}", params=query) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def silence(self, seconds: float, **labels: str) -> str:
        from_, to = self.clock.now(), self.clock.now() + seconds
        body = {
            "matchers": [{"name": n, "value": v, "isRegex": False} for n, v in labels.items()],
            "startsAt": moment(from_),
            "endsAt": moment(to),
            "createdBy": "ana",
            "comment": "known",
        }
        url = f"{self.monitoring.alertmanager_url}/api/v2/silences"
        async with self.http.post(url, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return str((await answer.json())["silenceID"])


@asynccontextmanager
async def scene(rules: str = RULES) -> AsyncIterator[Scene]:
    """Give a monitoring that nothing is measured by yet."""
    async with ClientSession() as http:
        found = Scene(SteppedClock(), Store(), http)
        app = web.Application()
        app.router.add_post("/alerts", found.hear)
        async with TestServer(app) as bot:
            receiver = Receiver(str(bot.make_url("/alerts")), TOKEN)
            async with Monitoring(
                found.clock,
                found.store,
                rule_groups(rules, STEP),
                ROUTE,
                receiver,
                chance=random.Random(7),
            ) as monitoring:
                found.monitoring = monitoring
                yield found
