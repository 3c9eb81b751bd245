"""The program that plays a production: what it is told, what it may tell, and that it ends."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.practice import PracticeProgram, ToldService, ToldStage
from bot.domain.catalogue import Service
from bot.domain.errors import Refused
from bot.ports import Unavailable
from bot.sources import Outset
from tests.samples import ID, T

pytestmark = pytest.mark.slow
PROGRAM = str(Path(__file__).parent.parent / "practice_program.py")
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-secret",
    "DATABASE_URL": "postgresql://secret",
    "KUBECONFIG": "/secret/kubeconfig",
    "PGPASSWORD": "secret",
    "HTTPS_PROXY": "http://secret",
    "PROMETHEUS_LOGIN": "secret",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "drills"


@pytest.fixture
async def program(folder: Path) -> AsyncIterator[PracticeProgram]:
    made = PracticeProgram((sys.executable, PROGRAM), folder)
    yield made
    await made.stop(ID)


@pytest.fixture
def secretive(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def outset(scenario: str) -> Outset:
    return Outset(ID, scenario, 7, T, "nowhere", "a token of its own")


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / ID / "told.json").read_text())
    return found


async def test_it_says_what_can_be_practised(program: PracticeProgram) -> None:
    known = await program.scenarios()
    assert (known[0].name, known[0].about) == ("bad-deploy", "orders fail")


async def test_it_is_told_how_to_begin_and_no_secret(
    program: PracticeProgram, folder: Path, secretive: None
) -> None:
    await program.start(outset("bad-deploy"))
    found = told(folder)
    env = found.pop("env")
    assert {name: found[name] for name in ("scenario", "seed", "began", "alerts")} == {
        "scenario": "bad-deploy",
        "seed": "7",
        "began": T.isoformat(),
        "alerts": "nowhere",
    }
    assert env.pop("DRILL_TOKEN") == "a token of its own"
    assert not {*SECRETS} & {*env}
    assert "secret" not in str(env)


async def test_what_it_tells_is_asked_from_then_on_and_all_of_it_is_gone_at_the_end(
    program: PracticeProgram, folder: Path
) -> None:
    stage = await program.start(outset("bad-deploy"))
    assert stage.services["shop"] == Service(
        "shop", health="http://127.0.0.1:1/health", logs=(f"{folder / ID}/*.log",)
    )
    assert stage.ways == (f"kubectl --kubeconfig {folder / ID}/kubeconfig get pods",)
    process = program._running[ID].process
    assert await program.trouble(ID) is None
    await program.stop(ID)
    assert process.returncode is not None
    assert not (folder / ID).exists()
    assert await program.trouble(ID) == "it was not started"
    await program.stop(ID)


@pytest.mark.parametrize("scenario", ["strays", "strays-in-files", "nonsense"])
async def test_what_is_not_its_own_is_refused(program: PracticeProgram, scenario: str) -> None:
    with pytest.raises(Refused, match="practice program"):
        await program.start(outset(scenario))


@pytest.mark.parametrize(
    "address",
    [
        "http://prometheus.example:9090",
        "http://127.0.0.1:80@prometheus.example/",
        "http://127.0.0.1.example:80",
        "https://127.0.0.1:80",
        "file:///etc/passwd",
        "http://[::1",
        "",
    ],
)
def test_no_address_is_of_another_machine(address: str, tmp_path: Path) -> None:
    stage = ToldStage(prometheus=address, services={})
    assert stage.strays(tmp_path) == address
    healthy = ToldStage(
        prometheus="http://127.0.0.1:9090", services={"a": ToldService(health=address or "x")}
    )
    assert healthy.strays(tmp_path) == (address or "x")


@pytest.mark.parametrize("pattern", ["/var/log/*.log", "{}/../*.log", "*.log", "{}x/*.log"])
def test_no_file_is_of_another_folder(pattern: str, tmp_path: Path) -> None:
    logs = pattern.format(tmp_path)
    stage = ToldStage(prometheus="http://[::1]:1", services={"a": ToldService(logs=(logs,))})
    assert stage.strays(tmp_path) == logs


async def test_what_ends_says_so(program: PracticeProgram) -> None:
    with pytest.raises(Unavailable, match="ended with status 3"):
        await program.start(outset("dies"))
    assert await program.trouble(ID) == "it ended by itself, with status 3"


async def test_what_does_not_tell_can_be_given_up(program: PracticeProgram) -> None:
    starting = asyncio.ensure_future(program.start(outset("mute")))
    while ID not in program._running:
        await asyncio.wait([starting], timeout=0.01)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    process = program._running[ID].process
    await program.stop(ID)
    assert process.returncode is not None


async def test_what_does_not_want_to_end_is_killed(folder: Path) -> None:
    program = PracticeProgram((sys.executable, PROGRAM), folder, ending=0.2)
    await program.start(outset("stubborn"))
    process = program._running[ID].process
    await program.stop(ID)
    assert process.returncode == -9


async def test_it_ends_with_the_bot_however_that_ends(program: PracticeProgram) -> None:
    await program.start(outset("bad-deploy"))
    process = program._running[ID].process
    assert process.stdin
    process.stdin.close()  # as the kernel does for a bot that is killed
    assert await process.wait() == 0


async def test_without_a_program_nothing_can_be_practised(folder: Path) -> None:
    with pytest.raises(Unavailable, match="does not start: No such file"):
        await PracticeProgram(("/no/such/program",), folder).scenarios()
    with pytest.raises(Unavailable, match="ended with status 1"):
        await PracticeProgram((sys.executable, "-c", "raise SystemExit(1)"), folder).scenarios()
    with pytest.raises(Refused, match=r"docs/drills\.md"):
        await PracticeProgram((sys.executable, "-c", "print('hello')"), folder).scenarios()
    assert os.listdir(folder.parent) == []
