"""Serve a workspace until interrupted: python -m sandbox [--port N] [--with-bot]."""

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from sandbox.companion import bot
from sandbox.manifest import ManifestError, seeded
from sandbox.rates import FASTEST, SLOWEST
from sandbox.seed import Seed
from sandbox.server import PortTakenError, Sandbox

PORT, LAST_PORT = 8765, 65535
OF_THE_PROJECT = Path(__file__).parents[1] / "manifest.yml"

ADDRESSES = """\
workspace       {url}/
Web API         {url}/api/
bot token       {seed.bot_token}
app-level token {seed.app_token}
signing secret  {seed.signing_secret}
app             {app}
"""

HOW_TO_SPEAK = """
Open {url}/ and type "/incident declare checkout is down" in the channel "incidents".
The bot runs beside the workspace; its data and log are in {folder} until you press Ctrl-C.
The same by curl, and all that a script can do: docs/sandbox.md tells the rest.
"""

THE_BOT_ENDED = """
The bot ended with status {status}. The end of its log:

{log}

The workspace stays as it is until you press Ctrl-C; then start both again.
"""
LINES_OF_LOG = 20


def seed_of(given: argparse.Namespace) -> tuple[Seed, str]:
    """Return what the workspace starts from, and where the app's part of it comes from."""
    manifest: Path | None = given.manifest
    if manifest is None and given.with_bot and OF_THE_PROJECT.exists():
        manifest = OF_THE_PROJECT
    seed = replace(Seed(), rate_factor=given.rate_factor)
    if manifest is None:
        return seed, "no manifest: the sandbox's own scopes, events and commands"
    return seeded(manifest, seed), f"as {manifest} asks"


async def serve(port: int, seed: Seed, app: str, *, with_bot: bool) -> None:
    """Serve a workspace and say where it is and what opens it, until told to stop."""
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(port=port, seed=seed))
        _say(ADDRESSES.format(url=sandbox.url, seed=seed, app=app))
        if not with_bot:
            await asyncio.Event().wait()
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="incident-demo-"))
        process = await stack.enter_async_context(bot(Path(folder), sandbox.api_url, seed))
        _say(HOW_TO_SPEAK.format(url=sandbox.url, folder=folder))
        status = await process.wait()
        _say(THE_BOT_ENDED.format(status=status, log=_end_of(Path(folder) / "bot.log")))
        await asyncio.Event().wait()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join(lines[-LINES_OF_LOG:]) or "(it is empty)"


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > LAST_PORT:
        words = f"a whole number from 0 to {LAST_PORT}"
        raise argparse.ArgumentTypeError(words)
    return int(text)


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = -1.0
    if factor and not SLOWEST <= factor <= FASTEST:
        words = f"0, or a number from {SLOWEST} to {FASTEST}"
        raise argparse.ArgumentTypeError(words)
    return factor


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument(
        "--port", type=_port, default=PORT, help="the port to listen on, 0 for a free one"
    )
    parser.add_argument("--with-bot", action="store_true", help="run the bot beside it")
    parser.add_argument(
        "--manifest", type=Path, help="the app's manifest (YAML): scopes, events, commands, name"
    )
    parser.add_argument(
        "--rate-factor",
        type=_factor,
        default=1.0,
        help="how many times as fast as Slack's the rate limits are, 0 for none",
    )
    return parser


def main() -> None:
    """Read the command line and serve."""
    parser = _parser()
    given = parser.parse_args()
    try:
        seed, app = seed_of(given)
    except ManifestError as error:
        parser.error(str(error))
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        try:
            asyncio.run(serve(given.port, seed, app, with_bot=given.with_bot))
        except PortTakenError as error:
            parser.exit(1, f"{parser.prog}: {error}\n")


if __name__ == "__main__":
    main()
