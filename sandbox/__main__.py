"""Serve a workspace until interrupted: python -m sandbox [--port N] [--with-bot]."""

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
from pathlib import Path

from sandbox.companion import bot
from sandbox.seed import Seed
from sandbox.server import Sandbox

PORT = 8765

ADDRESSES = """\
workspace       {url}
Web API         {url}/api/
bot token       {seed.bot_token}
app-level token {seed.app_token}
signing secret  {seed.signing_secret}
"""

HOW_TO_SPEAK = """
The bot runs beside it; its data and log are in {folder} until you press Ctrl-C.
The workspace has no page yet. Speak as ana, in the channel "incidents", and read what she sees:

  curl -s {url}/control/command \\
    -d '{{"user":"UANA","channel":"CINCIDENTS","text":"declare checkout is down"}}'
  curl -s '{url}/control/state'
  curl -s '{url}/control/messages?channel=CINCIDENTS&user=UANA'

docs/sandbox.md tells the rest: clicks, forms, shortcuts, faults.
"""


async def serve(port: int, *, with_bot: bool) -> None:
    """Serve a workspace and say where it is and what opens it, until told to stop."""
    seed = Seed()
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(port=port, seed=seed))
        _say(ADDRESSES.format(url=sandbox.url, seed=seed))
        if not with_bot:
            await asyncio.Event().wait()
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="incident-demo-"))
        process = await stack.enter_async_context(bot(Path(folder), sandbox.api_url, seed))
        _say(HOW_TO_SPEAK.format(url=sandbox.url, folder=folder))
        status = await process.wait()
        _say(f"The bot ended with status {status}:\n{(Path(folder) / 'bot.log').read_text()}")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=PORT, help="the port to listen on, 0 for a free one"
    )
    parser.add_argument("--with-bot", action="store_true", help="run the bot beside it")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(serve(given.port, with_bot=given.with_bot))


if __name__ == "__main__":
    main()
