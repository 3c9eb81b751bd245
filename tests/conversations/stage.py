"""A workspace and the real bot as a process beside it: people speak through the control API."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession

from sandbox.clock import Clock
from sandbox.manifest import seeded
from sandbox.seed import Seed
from sandbox.server import Sandbox
from tests.ports import free_port

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent
SEED = seeded(ROOT / "manifest.yml", Seed())  # the bot may do what it asks for, and no more
PATIENCE = 120.0  # seconds for anything that is waited for: a job may rest for 60
CONFIG = """
channels: {announcements: CINCIDENTS, operators: COPS}
groups: {on-call: [UCY], security: [USUE]}
"""


class TooLate(AssertionError):
    """What was waited for did not come."""


@dataclass
class Person:
    """Somebody in the workspace."""

    stage: "Stage"
    id: str

    async def types(self, text: str, channel: str = "CINCIDENTS") -> Json:
        return await self.stage.post("command", user=self.id, channel=channel, text=text)

    async def says(self, text: str, channel: str = "CINCIDENTS") -> Json:
        return await self.stage.post("message", user=self.id, channel=channel, text=text)

    async def clicks(self, action: str, **where: Any) -> Json:
        return await self.stage.post("click", user=self.id, action_id=action, **where)

    async def submits(self, **values: Json) -> Json:
        return await self.stage.post("submit", user=self.id, values=values)

    async def uses(self, callback: str, **where: Any) -> Json:
        return await self.stage.post("shortcut", user=self.id, callback_id=callback, **where)

    async def opens_home(self) -> Json:
        return await self.stage.post("home", user=self.id)

    async def sees(self, channel: str = "CINCIDENTS") -> list[Json]:
        seen = await self.stage.get("messages", channel=channel, user=self.id)
        return [m for m in seen if "subtype" not in m or m["subtype"] is None]

    async def home(self) -> Json | None:
        shown: Json | None = await self.stage.get("home", user=self.id)
        return shown

    async def views(self) -> list[Json]:
        stacked: list[Json] = await self.stage.get("views", user=self.id)
        return stacked


@dataclass
class Stage:
    """Starts, kills and watches; `mode` is socket or http, `copies` how often all is delivered.

    `database` is the URL of the store, if it is not to be in the folder. A second bot is a stage
    of its own `beside` the first, in whose workspace it is; `name` tells their calls apart.
    `seed` is the workspace, `clock` its time, `module` what is run as the bot.
    """

    folder: Path
    mode: str = "socket"
    copies: int = 1
    config: str = CONFIG
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    database: str | None = None
    name: str = ""
    beside: "Stage | None" = None
    seed: Seed = SEED
    clock: Clock | None = None
    module: str = "bot"

    async def __aenter__(self) -> Self:
        beside = self.beside
        own = Sandbox(seed=self.seed, clock=self.clock)
        self.sandbox: Sandbox = beside.sandbox if beside else await own.__aenter__()
        self.http: ClientSession = beside.http if beside else ClientSession()
        self.process: asyncio.subprocess.Process | None = None
        self.log = self.folder / "bot.log"
        self.ana, self.bo, self.cy, self.sue, self.eve = (
            Person(self, who) for who in ("UANA", "UBO", "UCY", "USUE", "UEVE")
        )
        (self.folder / "incident.yml").write_text(self.config)
        if not self.beside:
            await self.post("settings", mode=self.mode, copies=self.copies, url=self.door)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process and self.process.returncode is None:
            await self.stop()
        if not self.beside:
            await self.http.close()
            await self.sandbox.__aexit__(None, None, None)

    @property
    def door(self) -> str:
        """Where the bot takes what is delivered over HTTP."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self, *, ready: bool = True) -> float:
        """Start the bot; return the seconds until it was ready."""
        door = {"socket": {"SLACK_APP_TOKEN": "xapp-sandbox"}}.get(
            self.mode, {"SLACK_SIGNING_SECRET": "sandbox-signing-secret"}
        )
        own = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_API_URL": f"{self.sandbox.url}/{self.name and f'from/{self.name}/'}api/",
            "DATA_DIR": str(self.folder / "data"),
            "INCIDENT_CONFIG": str(self.folder / "incident.yml"),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            **({"DATABASE_URL": self.database} if self.database else {}),
        }
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "error", "-m", self.module),
                cwd=self.folder,
                env={**own, **door, **self.environment},
                stdout=log,
                stderr=log,
            )
        if ready:
            await self.until_ready()
        return time.perf_counter() - began

    async def until_ready(self, *, ready: bool = True) -> Json:
        """Return what /readyz says once it says that."""
        async with asyncio.timeout(PATIENCE):
            while True:
                told = await self.readyz()
                if told.get("ready") is ready:
                    return told
                assert self.process
                if self.process.returncode is not None:
                    raise TooLate(self.log.read_text())
                await asyncio.sleep(0.02)  # a process outside has no clock of ours

    async def readyz(self) -> Json:
        try:
            async with self.http.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                told: Json = await answer.json()
                return told
        except OSError:
            return {}

    async def kill(self) -> None:
        """End the bot as a power cut does."""
        assert self.process
        os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """End the bot as an operator does; return its exit status."""
        assert self.process
        self.process.terminate()
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def post(self, path: str, **body: Any) -> Json:
        async with self.http.post(f"{self.sandbox.url}/control/{path}", json=body) as answer:
            told: Json = await answer.json()
            assert answer.status == 200, told
            return told

    async def get(self, path: str, **query: Any) -> Any:
        url = f"{self.sandbox.url}/control/{path}"
        async with self.http.get(url, params=query) as answer:
            return await answer.json()

    async def let_go(self) -> None:
        """Cancel all faults, and let the calls that are held go on."""
        async with self.http.delete(f"{self.sandbox.url}/control/faults") as answer:
            assert answer.status == 200

    async def until(self, what: Callable[[], Any], why: str = "") -> Any:
        """Return what is found once there is something; look again whenever anything changed."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            version = (await self.get("state"))["version"]
            if found := await what():
                return found
            await self.get("wait", version=version, timeout=1)
        msg = f"{why}\n{self.log.read_text()[-6000:]}"
        raise TooLate(msg)

    async def channel(self, name: str = "inc-") -> Json | None:
        """Return the newest channel whose name begins so."""
        found = [c for c in (await self.get("state"))["channels"] if c["name"].startswith(name)]
        return found[-1] if found else None

    async def room_ready(self, text: str) -> float:
        """Let Ana declare; return the seconds until she is in the channel with the card."""
        known = {c["id"] for c in (await self.get("state"))["channels"]}
        began = time.perf_counter()
        await self.ana.types(f"declare {text}")

        async def ready() -> bool:
            made = await self.channel()
            if made is None or made["id"] in known or "UANA" not in made["members"]:
                return False
            said = await self.get("messages", channel=made["id"])
            return any(message["metadata"] for message in said)

        await self.until(ready, "the room is not ready")
        return time.perf_counter() - began

    async def settled(self) -> None:
        """Return when nothing has been said for longer than a card may wait to be drawn."""
        while True:
            version = (await self.get("state"))["version"]
            after = await self.get("wait", version=version, timeout=2.6)
            if after["version"] == version:
                return

    def logged(self) -> list[Json]:
        """Return every line of the bot's log."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]
