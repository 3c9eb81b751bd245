"""Runs the bot beside the workspace, exactly as it runs in production."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.seed import Seed

PATIENCE = 10.0  # seconds for the bot to end

CONFIGURATION = """
channels: {announcements: CINCIDENTS, operators: COPS}
groups: {on-call: [UCY], security: [USUE]}
"""


@asynccontextmanager
async def bot(folder: Path, api_url: str, seed: Seed) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot with its data and its log in the folder."""
    configuration, log = folder / "incident.yml", folder / "bot.log"
    configuration.write_text(CONFIGURATION)
    own = {
        "SLACK_BOT_TOKEN": seed.bot_token,
        "SLACK_APP_TOKEN": seed.app_token,
        "SLACK_API_URL": api_url,
        "DATA_DIR": str(folder / "data"),
        "INCIDENT_CONFIG": str(configuration),
        "HOST": "127.0.0.1",
        "PORT": "0",
    }
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot"),
            env={**os.environ, **own},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await process.wait()
        finally:  # who is told twice to stop does not wait, and leaves no bot behind either
            if process.returncode is None:
                process.kill()
                await process.wait()
