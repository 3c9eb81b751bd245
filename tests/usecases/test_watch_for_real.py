"""The watch on a real Prometheus, real addresses and real log files."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.addresses import Http
from bot.adapters.logfiles import LogFiles
from bot.adapters.prometheus import Prometheus
from bot.domain.alerts import Group, Outcome, Result
from bot.domain.catalogue import Service
from bot.domain.policy import Policy
from bot.domain.watching import WatchRules
from bot.sources import Metrics
from bot.usecases.watch import Sources, Watch
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.fakes.store import MemoryStore
from tests.prometheus import prometheus

PATIENCE = 30.0  # seconds
SCRAPES = """
global: {{scrape_interval: 1s, scrape_timeout: 500ms}}
scrape_configs:
  - job_name: checkout
    static_configs: [{{targets: ["{target}"]}}]
"""


class Shop:
    """A service that can be broken."""

    def __init__(self) -> None:
        self.works = True
        app = web.Application()
        app.router.add_get("/healthz", self._answer)
        app.router.add_get("/metrics", self._answer)
        self.server = TestServer(app)

    async def _answer(self, _: web.Request) -> web.Response:
        return web.Response(text="up_and_running 1\n", status=200 if self.works else 503)


@asynccontextmanager
async def shop() -> AsyncIterator[Shop]:
    shop = Shop()
    async with shop.server:
        yield shop


async def scraped(metrics: Metrics) -> None:
    """Return once a target was asked."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await metrics.now("up == 1"):
                return
            await asyncio.sleep(0.1)


@pytest.mark.server
async def test_a_service_that_breaks_is_told_of_by_all_that_look_at_it(
    tmp_path: Path, clock: SteppedClock
) -> None:
    told = set[tuple[str, bool]]()

    async def take(group: Group) -> Outcome:
        for alert in group.alerts:
            kind = alert.fingerprint.split("/")[0]
            told.discard((kind, not alert.firing))
            told.add((kind, alert.firing))
        return Outcome(Result.COUNTED)

    async def look_until(found: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not found():
                clock.advance(30)
                await watch.look()
                await asyncio.sleep(0.1)

    def all_are(*, firing: bool) -> bool:
        return told == {("health", firing), ("target", firing), ("errors", firing)}

    log = tmp_path / "checkout.log"
    log.write_text("out of memory\n")  # before anybody looked
    async with shop() as checkout:
        target = f"127.0.0.1:{checkout.server.port}"
        with prometheus(SCRAPES.format(target=target)) as url:
            service = Service(
                "checkout", health=f"http://{target}/healthz", logs=(str(tmp_path / "*.log"),)
            )
            rules = FixedRules(Policy(services={"checkout": service}, watch=WatchRules()))
            metrics = Prometheus(url)
            await scraped(metrics)
            sources = Sources(Http(), LogFiles(), metrics)
            watch = Watch(MemoryStore(clock), rules, sources, take, clock)
            await look_until(lambda: all_are(firing=False))
            checkout.works = False
            with log.open("a") as file:
                file.write("java.lang.OutOfMemoryError: password=hunter2hunter2\n")
            await look_until(lambda: all_are(firing=True))
            found = watch.finding("checkout")
            assert found
            assert found.health
            assert (found.health.works, found.health.said) == (False, "answered 503")
            assert found.down == (target,)
            assert all("hunter2" not in errors.example for errors in found.errors)
            checkout.works = True
            await look_until(lambda: all_are(firing=False))
            await watch.check()
