"""Runs the bot beside the workspace, exactly as it runs in production."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from sandbox.seed import Seed

PATIENCE = 10.0  # seconds for the bot to end

ALERTMANAGER_TOKEN = "sandbox-alertmanager-token"
CONFIGURATION: Mapping[str, Any] = {
    "channels": {"announcements": "CINCIDENTS", "operators": "COPS"},
    "groups": {"on-call": ["UCY"], "security": ["USUE"]},
}


def configured(otherwise: Mapping[str, Any]) -> str:
    """Return the bot's YAML file, in which what is given is otherwise than in the sandbox."""
    return yaml.safe_dump(_laid_over(CONFIGURATION, otherwise), allow_unicode=True)


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = _laid_over(old, value)
        else:
            merged[key] = value
    return merged


@asynccontextmanager
async def bot(folder: Path, api_url: str, seed: Seed) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot with its data and its log in the folder."""
    configuration, log = folder / "incident.yml", folder / "bot.log"
    configuration.write_text(configured({}))
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
