"""What `make demo` starts, it ends."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

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
        assert told[7].startswith("Open http://127.0.0.1:")
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
