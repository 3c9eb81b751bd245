"""The Practice port: a program that plays a production; docs/drills.md has its protocol."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain.catalogue import Measures, Service
from bot.domain.errors import Refused
from bot.ports import Unavailable
from bot.sources import Outset, Scenario, Stage

from .addresses import Http
from .logfiles import LogFiles
from .prometheus import Prometheus

log = structlog.get_logger()

LISTING = 20.0  # seconds
ENDING = 5.0  # seconds, for what it was asked to end; then it is killed
LINE = 1 << 20  # bytes of what it tells first
PASSED_ON = ("PATH", "PYTHONPATH", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV")  # no secret is in these
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
WRONG = "the practice program did not tell what docs/drills.md asks of it"


class Told(BaseModel):
    """A part of what the program tells."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ToldScenario(Told):
    """One that it knows."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    about: str = Field("", max_length=150)


class ToldMeasures(Told):
    """Queries of its metrics."""

    requests: str = ""
    failed: str = ""
    users: str = ""
    lost: str = ""
    currency: str = ""


class ToldService(Told):
    """A service that it plays; it has no people."""

    depends_on: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}
    health: str | None = None
    logs: tuple[str, ...] = ()
    measures: ToldMeasures = ToldMeasures()

    def service(self, name: str) -> Service:
        """Return it for the domain."""
        return Service(
            name,
            depends_on=self.depends_on,
            labels=self.labels,
            health=self.health,
            logs=self.logs,
            measures=Measures(**self.measures.model_dump()),
            aliases=self.aliases,
        )


class ToldStage(Told):
    """What it tells once it runs."""

    prometheus: str
    services: Mapping[str, ToldService]
    ways: tuple[str, ...] = ()

    def strays(self, folder: Path) -> str | None:
        """Return what of it is not on this machine, or not in its folder, if anything is."""
        health = (service.health for service in self.services.values() if service.health)
        for address in (self.prometheus, *health):
            if not _is_here(address):
                return address
        logs = (pattern for service in self.services.values() for pattern in service.logs)
        return next((p for p in logs if not Path(p).resolve().is_relative_to(folder)), None)


@dataclass(slots=True)
class Running:
    """A program that runs."""

    process: asyncio.subprocess.Process
    folder: Path


class PracticeProgram:
    """Starts the program for each drill, in a folder of the drill's, with nobody's secrets."""

    def __init__(self, command: Sequence[str], folder: Path, ending: float = ENDING) -> None:
        self._command = command
        self._ending = ending
        self._folder = folder.resolve()
        self._running: dict[str, Running] = {}

    async def scenarios(self) -> Sequence[Scenario]:
        """Return what can be practised."""
        process = await self._begun(["--list"], Path.cwd(), {}, None)
        try:
            async with asyncio.timeout(LISTING):
                told, _ = await process.communicate()
        except TimeoutError as error:
            raise Unavailable("the practice program took too long") from error
        finally:
            await _ended(process, self._ending)
        if process.returncode:
            msg = f"the practice program ended with status {process.returncode}"
            raise Unavailable(msg)
        try:
            known = TypeAdapter(list[ToldScenario]).validate_json(told)
        except ValidationError as error:
            raise Refused(WRONG) from error
        return [Scenario(each.name, each.about) for each in known]

    async def start(self, outset: Outset) -> Stage:
        """Start an incident's production, and return once it runs."""
        folder = self._folder / outset.incident
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        arguments = {
            "--scenario": outset.scenario,
            "--seed": str(outset.seed),
            "--port": "0",
            "--began": outset.began.isoformat(),
            "--alerts": outset.alerts,
            "--folder": str(folder),
        }
        every = [word for argument in arguments.items() for word in argument]
        secret = {"DRILL_TOKEN": outset.token}
        process = await self._begun(every, folder, secret, folder / "program.log")
        self._running[outset.incident] = Running(process, folder)
        return _stage(await self._first_line(process), folder)

    async def trouble(self, incident: str) -> str | None:
        """Say why an incident's production does not run, if it does not."""
        running = self._running.get(incident)
        if running is None:
            return "it was not started"
        status = running.process.returncode
        return None if status is None else f"it ended by itself, with status {status}"

    async def stop(self, incident: str) -> None:
        """End an incident's production and remove all of it."""
        running = self._running.pop(incident, None)
        if running:
            await _ended(running.process, self._ending)
            shutil.rmtree(running.folder, ignore_errors=True)

    async def _begun(
        self, arguments: Sequence[str], where: Path, secret: Mapping[str, str], errors: Path | None
    ) -> asyncio.subprocess.Process:
        """Start the program; it ends too when its input does, as when the bot is killed."""
        known = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        stderr = errors.open("wb") if errors else None
        try:
            return await asyncio.create_subprocess_exec(
                *self._command,
                *arguments,
                cwd=where,
                env={**known, **secret},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr or asyncio.subprocess.DEVNULL,
                limit=LINE,
                start_new_session=True,  # so that Ctrl-C is the bot's to handle
            )
        except OSError as error:
            msg = f"the practice program does not start: {error.strerror}"
            raise Unavailable(msg) from error
        finally:
            if stderr:
                stderr.close()

    async def _first_line(self, process: asyncio.subprocess.Process) -> bytes:
        assert process.stdout
        try:
            line = await process.stdout.readline()
        except ValueError as error:  # longer than the limit
            raise Refused(WRONG) from error
        if not line:
            status = await process.wait()
            msg = f"the practice program ended with status {status}"
            raise Unavailable(msg)
        return line


def _is_here(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in HERE


def _stage(line: bytes, folder: Path) -> Stage:
    try:
        told = ToldStage.model_validate_json(line)
    except ValidationError as error:
        raise Refused(WRONG) from error
    if stray := told.strays(folder):
        log.warning("practice strays", place=stray)
        raise Refused("the practice program names something that is not its own")
    services = {name: service.service(name) for name, service in told.services.items()}
    return Stage(
        services,
        told.ways,
        Prometheus(told.prometheus, proxies=False),
        Http(proxies=False),
        LogFiles(),
    )


async def _ended(process: asyncio.subprocess.Process, within: float) -> None:
    """End it, and wait until it has."""
    if process.stdin:
        process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
    try:
        async with asyncio.timeout(within):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
