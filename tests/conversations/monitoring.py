"""A shop, a real Prometheus that looks at it, and a real Alertmanager that tells the bot.

They are set up as docs/alerts.md says, but quicker, and on this machine.
"""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from tests.conversations.stage import ROOT
from tests.ports import free_port
from tests.prometheus import alertmanager, prometheus

TOKEN = "a-token-of-alertmanager"
RESEND = "5s"  # what Prometheus tells holds for four times as long
SCRAPES = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
scrape_configs:
  - job_name: shop
    static_configs: [{{targets: ["{shop}"]}}]
"""
CATALOGUE = """
services:
  payments: {}
  checkout:
    on_call: [UBO]
    depends_on: [payments]
    measures:
      failed: sum(rate(http_requests_total{app="checkout",code=~"5.."}[5s]))
      users: sum(users_hit)
  mail: {}
"""


def documented(name: str) -> str:
    """Return what docs/alerts.md says to write into a file."""
    page = (ROOT / "docs" / "alerts.md").read_text()
    (text,) = re.findall(rf"^`{name}`.*:\n\n```yaml\n((?:.|\n)*?)```", page, re.MULTILINE)
    return str(text)


def quick(text: str) -> str:
    """Return it with all that waits waiting for a second."""
    text = re.sub(r"\b(for|group_wait|group_interval|repeat_interval): \w+", r"\1: 1s", text)
    return text.replace("[1m]", "[5s]")


@dataclass
class Shop:
    """What is measured: how much of it fails, and how long its queue is."""

    errors: float = 0.0  # per second
    queue: int = 0
    failed: float = 0.0  # requests, so far
    at: float = field(default_factory=time.monotonic)

    def fails(self, errors: float) -> None:
        """Let so many requests fail each second from now on."""
        self._count()
        self.errors = errors

    def _count(self) -> None:
        now = time.monotonic()
        self.failed += self.errors * (now - self.at)
        self.at = now

    async def page(self, _: web.Request) -> web.Response:
        """Answer as programs do that are looked at by Prometheus."""
        self._count()
        lines = [
            f'http_requests_total{{app="checkout",code="500"}} {self.failed:.3f}',
            f'queue_length{{app="mail"}} {self.queue}',
            f"users_hit {self.errors:.0f}",
        ]
        return web.Response(text="\n".join([*lines, ""]))


@dataclass
class Monitoring:
    """All of it, for the bot at a port."""

    folder: Path
    bot: int
    shop: Shop = field(default_factory=Shop)
    port: int = field(default_factory=free_port)  # Alertmanager's
    http: ClientSession = field(init=False)
    prometheus: str = field(init=False)

    async def __aenter__(self) -> Self:
        self._all, self._told = AsyncExitStack(), AsyncExitStack()
        self.http = await self._all.enter_async_context(ClientSession())
        page = web.Application()
        page.router.add_get("/metrics", self.shop.page)
        server = await self._all.enter_async_context(TestServer(page))
        await self.alertmanager_begins()
        rules = quick(documented("rules.yml"))
        asks = SCRAPES.format(shop=f"127.0.0.1:{server.port}") + documented("prometheus.yml")
        config = asks.replace("alertmanager.example.com:9093", f"127.0.0.1:{self.port}")
        looks = prometheus(config, files={"rules.yml": rules}, resend=RESEND)
        self.prometheus = await _begun(self._all, looks)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._all.aclose()
        await self._told.aclose()

    @property
    def environment(self) -> Mapping[str, str]:
        """What the bot has to have in its environment."""
        return {"ALERTMANAGER_TOKEN": TOKEN, "no_proxy": "127.0.0.1"}

    @property
    def config(self) -> str:
        """What the bot has to have in its configuration, quicker than documented."""
        own = documented("incident.yml").replace("alerts:", "alerts:\n  quiet_minutes: 1")
        own = own.replace("http://alertmanager.example.com:9093", self.alertmanager)
        own = own.replace("http://prometheus.example.com:9090", self.prometheus)
        return CATALOGUE + own.replace("within_minutes: 10", "within_minutes: 1")

    @property
    def alertmanager(self) -> str:
        """Where Alertmanager is, or was."""
        return f"http://127.0.0.1:{self.port}"

    async def alertmanager_begins(self) -> None:
        """Start it, with what it knew when it ended."""
        kept, token = self.folder / "alertmanager", self.folder / "incidents.token"
        kept.mkdir(exist_ok=True)
        token.write_text(f"{TOKEN}\n")
        config = quick(documented("alertmanager.yml"))
        config = config.replace("https://bot.example.com", f"http://127.0.0.1:{self.bot}")
        config = config.replace("/etc/alertmanager/incidents.token", str(token))
        await _begun(self._told, alertmanager(config, self.port, kept))

    async def alertmanager_ends(self) -> None:
        """Stop it, as its operator does."""
        await self._told.aclose()

    async def asked(self, path: str) -> Any:
        """Return what Alertmanager's API says."""
        async with self.http.get(f"{self.alertmanager}/api/v2/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def alerts(self) -> list[dict[str, Any]]:
        """Return the alerts that Prometheus has now."""
        async with self.http.get(f"{self.prometheus}/api/v1/alerts") as answer:
            return list((await answer.json())["data"]["alerts"])

    async def silences(self) -> list[dict[str, Any]]:
        """Return all silences that Alertmanager has had, whatever their state."""
        return list(await self.asked("silences"))


async def _begun(stack: AsyncExitStack, server: AbstractContextManager[str]) -> str:
    """Start a server beside the loop, which has others to answer; end it so, too."""
    url = await asyncio.to_thread(server.__enter__)
    ended: Callable[..., Any] = server.__exit__
    stack.push_async_callback(asyncio.to_thread, ended, None, None, None)
    return url
