"""The workspace, what stands around it and the bot beside it: started and ended together."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from sandbox.clock import Clock
from sandbox.companion import ALERTMANAGER_TOKEN, Companion, bot, configured
from sandbox.rehearsal.hands import Hands
from sandbox.rehearsal.scene import AlertDoor, Around
from sandbox.seed import Seed
from sandbox.server import HOST, PortTakenError, Sandbox
from sandbox.surroundings import NO_STORY, Ground, Story, surroundings

PORT = 8765
FOLDER = "incident-demo-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be started; no port is the usual one, or a free one if that is taken."""

    seed: Seed
    port: int | None = None
    story: Story = NO_STORY
    keep: bool = False
    configuration: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Together:
    """What was started: the workspace, the bot's process, its folder, and what is around."""

    sandbox: Sandbox
    process: asyncio.subprocess.Process
    folder: Path
    around: Around
    told: str = ""

    def end_of_log(self, lines: int = 20) -> str:
        """Return the last lines of the bot's log."""
        text = (self.folder / "bot.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:]) or "(it is empty)"

    async def connected(self) -> bool:
        """Say, once one of both is so, whether the bot is connected or has ended."""
        ended = asyncio.ensure_future(self.process.wait())
        greeted = asyncio.ensure_future(_greeted(self.around.hands))
        try:
            await asyncio.wait({ended, greeted}, return_when=asyncio.FIRST_COMPLETED)
            return greeted.done()
        finally:
            ended.cancel()
            greeted.cancel()
            await asyncio.gather(ended, greeted, return_exceptions=True)


@asynccontextmanager
async def workspace(port: int | None, seed: Seed) -> AsyncIterator[Sandbox]:
    """Run a workspace at this port; at the usual one or, if that is taken, at a free one."""
    async with AsyncExitStack() as stack:
        try:
            own = Sandbox(port=PORT if port is None else port, seed=seed)
            sandbox = await stack.enter_async_context(own)
        except PortTakenError:
            if port is not None:
                raise
            sandbox = await stack.enter_async_context(Sandbox(port=0, seed=seed))
        yield sandbox


@asynccontextmanager
async def together(wanted: Wanted, sandbox: Sandbox) -> AsyncIterator[Together]:
    """Run a bot and what is around in a workspace; leave nothing unless it is to be kept."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_folder(keep=wanted.keep))
        http = await stack.enter_async_context(ClientSession())
        port = free_port()
        alerts = f"http://{HOST}:{port}/alerts/alertmanager"
        ground = Ground(folder / "production", Clock(), alerts, ALERTMANAGER_TOKEN)
        found = await stack.enter_async_context(surroundings(wanted.story, ground))
        companion = Companion(
            folder, port, configured(found.configuration, wanted.configuration), found.environment
        )
        process = await stack.enter_async_context(bot(companion, sandbox.api_url, wanted.seed))
        door = AlertDoor(http, alerts, ALERTMANAGER_TOKEN)
        around = Around(Hands(http, sandbox.url), ground.clock, door, found.acts)
        yield Together(sandbox, process, folder, around, found.told)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    if keep:
        yield Path(tempfile.mkdtemp(prefix=FOLDER))
        return
    with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
        yield Path(folder)


async def _greeted(hands: Hands) -> None:
    while not (state := await hands.get("state"))["connections"]:
        await hands.changed(state["version"])
