"""What `make demo` starts, it ends."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.__main__ import main
from sandbox.together import PORT
from tests.conversations.stage import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
async def test_the_workspace_and_the_bot_in_it_end_together_and_leave_nothing(
    tmp_path: Path, ending: signal.Signals
) -> None:
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--with-bot", "--port", "0"),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert demo.stdout
    async with asyncio.timeout(60):
        told = []
        while b"docs/sandbox.md tells the rest" not in (line := await demo.stdout.readline()):
            assert line
            told.append(line.decode())
        assert f"as {ROOT / 'manifest.yml'} asks" in told[5]
        assert re.fullmatch(r"Started in \d+\.\d s\.\n", told[7])
        assert told[9].startswith("Open http://127.0.0.1:")
        (folder,) = tmp_path.iterdir()
        await connected(told[0].split()[1])
        bot = int((folder / "data" / "incidents.lock").read_text().split()[1])
        demo.send_signal(ending)
        await demo.communicate()
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(bot, 0)


async def connected(url: str) -> None:
    """Wait until the bot has a socket open."""
    async with ClientSession() as session:
        while True:
            async with session.get(f"{url}control/state") as response:
                state = await response.json()
            if state["connections"]:
                return
            await (await session.get(f"{url}control/wait?version={state['version']}")).read()


@pytest.mark.slow
async def test_a_bot_that_dies_is_told_of_and_the_workspace_stays(tmp_path: Path) -> None:
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--with-bot", "--port", "0"),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert demo.stdout
    async with asyncio.timeout(60):
        url = (await demo.stdout.readline()).decode().split()[-1]
        await connected(url)
        (folder,) = tmp_path.iterdir()
        os.kill(int((folder / "data" / "incidents.lock").read_text().split()[1]), signal.SIGKILL)
        while b"The bot ended with status -9" not in (line := await demo.stdout.readline()):
            assert line
        async with ClientSession() as http, http.get(f"{url}control/state") as answer:
            assert answer.status == 200
        demo.send_signal(signal.SIGINT)
        told, _ = await demo.communicate()
    assert b'"event":' in told  # its log
    assert b"press Ctrl-C; then start both again" in told
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
async def test_where_the_usual_port_is_taken_it_is_another_and_what_is_to_be_kept_is_kept(
    tmp_path: Path,
) -> None:
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # whoever has it already
            stack.enter_context(socket.create_server(("127.0.0.1", PORT)))
        demo = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from bot.cli import main; main()", "sandbox", "--keep"),
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
        )
        assert demo.stdout
        async with asyncio.timeout(60):
            told = []
            while b"docs/sandbox.md tells the rest" not in (line := await demo.stdout.readline()):
                assert line
                told.append(line.decode())
            demo.send_signal(signal.SIGHUP)
            assert await demo.wait() == 0
    assert f"Port {PORT} is taken, so it is another one.\n" in told
    (folder,) = tmp_path.iterdir()
    assert f"its data and log are in {folder} and stay there" in told[-1]
    assert (folder / "bot.log").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--port", "{taken}"], 1, "{taken} (address already in use); take another with --port"),
        (["--port", "65536"], 2, "argument --port: a whole number from 0 to 65535"),
        (["--port", "x"], 2, "argument --port: a whole number from 0 to 65535"),
        (["--rate-factor", "nan"], 2, "argument --rate-factor: 0, or a number from"),
        (["--rate-factor", "1e-9"], 2, "argument --rate-factor: 0, or a number from"),
        (["--rate-factor", "fast"], 2, "argument --rate-factor: 0, or a number from"),
        (["--speed", "0"], 2, "argument --speed: a number from 0.001 to 1000"),
        (["--scenario", "none-such", "--with-bot", "--port", "0"], 1, "no scenario none-such"),
        (["--scenario", "bad-deploy"], 2, "--scenario needs --with-bot"),
        (["--manifest", "/nowhere"], 2, "/nowhere cannot be read: No such file"),
    ],
)
def test_a_wrong_command_line_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    words: str,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        given = [argument.format(taken=taken) for argument in arguments]
        monkeypatch.setattr(sys, "argv", ["sandbox", *given])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == status
    said = capfd.readouterr()
    assert words.format(taken=taken) in said.err
    assert "Traceback" not in said.err + said.out
