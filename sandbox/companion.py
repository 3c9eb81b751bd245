"""Runs the bot beside the workspace, exactly as it runs in production."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import reduce
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


@dataclass(frozen=True, slots=True)
class Companion:
    """Where the bot has its data and its log, where it listens, and how it is set up."""

    folder: Path
    port: int = 0
    configuration: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def configured(*otherwise: Mapping[str, Any]) -> str:
    """Return the bot's YAML file for the sandbox, with what is given laid over it in turn."""
    merged = reduce(_laid_over, otherwise, CONFIGURATION)
    return yaml.safe_dump(dict(merged), allow_unicode=True)


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
async def bot(
    own: Companion, api_url: str, seed: Seed
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot with its data and its log in the folder."""
    configuration, log = own.folder / "incident.yml", own.folder / "bot.log"
    configuration.write_text(own.configuration or configured())
    environment = {
        "SLACK_BOT_TOKEN": seed.bot_token,
        "SLACK_APP_TOKEN": seed.app_token,
        "SLACK_API_URL": api_url,
        "ALERTMANAGER_TOKEN": ALERTMANAGER_TOKEN,
        "DATA_DIR": str(own.folder / "data"),
        "INCIDENT_CONFIG": str(configuration),
        "HOST": "127.0.0.1",
        "PORT": str(own.port),
        **own.environment,
    }
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot"),
            env={**os.environ, **environment},
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
