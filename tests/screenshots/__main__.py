"""`make screenshots`: the workspace, the real bot, Chromium, Alertmanager."""

import asyncio
import tempfile
from pathlib import Path

from tests.browser import browsing
from tests.conversations.stage import Stage
from tests.prometheus import alertmanager

from . import alarms, scenes
from .visitor import IMAGES

CONFIG = """
channels: {announcements: CINCIDENTS, operators: COPS}
groups: {on-call: [UCY], security: [USUE]}
services:
  checkout: {on_call: [UCY], links: {Dashboard: "https://grafana.example.com/d/shop"}}
  payments: {}
  search: {}
bridge: https://meet.example.com/incidents
offers: {channels: [CINCIDENTS]}
"""


async def main() -> None:
    """Start everything, play the story, stop everything."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder), config=CONFIG) as stage, browsing() as browser:
            await stage.start()
            await scenes.play(stage, browser)
    with tempfile.TemporaryDirectory() as folder, alertmanager() as url:
        config = alarms.CONFIG.format(alertmanager=url)
        bot = Stage(
            Path(folder), config=config, environment=alarms.ENVIRONMENT, seed=alarms.WORKSPACE
        )
        async with bot as stage, browsing() as browser:
            await stage.start()
            await alarms.play(stage, browser)


if __name__ == "__main__":
    asyncio.run(main())
