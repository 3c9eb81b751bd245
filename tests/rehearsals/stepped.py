"""The workspace and the real bot in one process, on one clock that moves when all is quiet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.__main__ import run
from bot.settings import ConfiguredRules, Environment
from sandbox.clock import SteppedClock
from sandbox.companion import ALERTMANAGER_TOKEN, configured
from sandbox.rehearsal.hands import Hands
from sandbox.rehearsal.scene import AlertDoor, Around
from sandbox.rehearsal.script import Rehearsal
from sandbox.server import Sandbox
from sandbox.surroundings import Ground, Story, surroundings
from tests.conversations.stage import SEED
from tests.ports import free_port
from tests.rehearsals.quiet import QuietLoop

SETTLED = 5.0  # seconds in which what was said last is delivered and drawn
INSTANT = 1e-6  # what a datetime tells apart


class BotClock:
    """The bot's Clock port, on the sandbox's clock."""

    def __init__(self, clock: SteppedClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)

    async def sleep_until(self, at: datetime) -> None:
        while (left := (at - self.now()).total_seconds()) > 0:
            await self._clock.sleep(max(left, INSTANT))


def stepping(clock: SteppedClock) -> QuietLoop:
    """Return a loop that steps the clock to whoever wakes next, whenever all is quiet."""

    def stir() -> bool:
        wait = clock.next()
        if wait is not None:
            clock.step(wait)
        return wait is not None

    return QuietLoop(stir)


@asynccontextmanager
async def stage(folder: Path, rehearsal: Rehearsal, clock: SteppedClock) -> AsyncIterator[Around]:
    """Run a workspace and a bot in it for as long as this is entered."""
    port = free_port()
    alerts = f"http://127.0.0.1:{port}/alerts/alertmanager"
    story = Story(rehearsal.scenario or "")
    ground = Ground(folder / "production", clock, alerts, ALERTMANAGER_TOKEN)
    async with (
        Sandbox(seed=SEED, clock=clock) as sandbox,
        ClientSession() as http,
        surroundings(story, ground) as found,
    ):
        configuration = folder / "incident.yml"
        configuration.write_text(configured(found.configuration, rehearsal.configuration))
        added: dict[str, Any] = {n.lower(): value for n, value in found.environment.items()}
        environment = Environment(
            _env_file=None,
            slack_bot_token=SEED.bot_token,
            slack_app_token=SEED.app_token,
            slack_api_url=sandbox.api_url,
            alertmanager_token=ALERTMANAGER_TOKEN,
            data_dir=folder / "data",
            host="127.0.0.1",
            port=port,
            **added,
        )
        rules = ConfiguredRules(configuration)
        hands = Hands(http, sandbox.url)
        async with asyncio.TaskGroup() as tasks:
            bot = tasks.create_task(run(environment, rules, asyncio.Event(), BotClock(clock)))
            await connected(hands)
            door = AlertDoor(http, alerts, ALERTMANAGER_TOKEN)
            yield Around(hands, clock, door, found.acts)
            await clock.sleep(SETTLED)
            bot.cancel()


async def connected(hands: Hands) -> None:
    """Return once the bot has a connection."""
    while not (state := await hands.get("state"))["connections"]:
        await hands.changed(state["version"])
