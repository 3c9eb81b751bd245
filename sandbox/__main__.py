"""Serve a workspace until interrupted: python -m sandbox [--port N] [--with-bot]."""

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from sandbox.manifest import ManifestError, seeded
from sandbox.rates import FASTEST, SLOWEST
from sandbox.seed import Seed
from sandbox.server import PortTakenError, Sandbox
from sandbox.surroundings import NoScenarioError, Story
from sandbox.together import PORT, Wanted, together, workspace

LAST_PORT = 65535
MOST_SPEED = 1000.0
OF_THE_PROJECT = Path(__file__).parents[1] / "manifest.yml"
BEGAN = time.perf_counter()

ADDRESSES = """\
workspace       {url}/
Web API         {url}/api/
bot token       {seed.bot_token}
app-level token {seed.app_token}
signing secret  {seed.signing_secret}
app             {app}
"""

HOW_TO_SPEAK = """
Started in {seconds:.1f} s.

Open {url}/ and type "/incident declare checkout is down" in the channel "incidents".
The bot runs beside the workspace; its data and log are in {folder} {until}.
The same by curl, and all that a script can do: docs/sandbox.md tells the rest.
"""

THE_BOT_ENDED = """
The bot ended with status {status}. The end of its log:

{log}

The workspace stays as it is until you press Ctrl-C; then start both again.
"""


def seed_of(given: argparse.Namespace) -> tuple[Seed, str]:
    """Return what the workspace starts from, and where the app's part of it comes from."""
    manifest: Path | None = given.manifest
    if manifest is None and given.with_bot and OF_THE_PROJECT.exists():
        manifest = OF_THE_PROJECT
    seed = replace(Seed(), rate_factor=given.rate_factor)
    if manifest is None:
        return seed, "no manifest: the sandbox's own scopes, events and commands"
    return seeded(manifest, seed), f"as {manifest} asks"


async def serve(wanted: Wanted, app: str, *, with_bot: bool) -> None:
    """Serve a workspace and say where it is and what opens it, until told to stop."""
    if task := asyncio.current_task():
        for ending in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    async with workspace(wanted.port, wanted.seed) as sandbox:
        _say(ADDRESSES.format(url=sandbox.url, seed=wanted.seed, app=app))
        if wanted.port is None and not sandbox.url.endswith(f":{PORT}"):
            _say(f"Port {PORT} is taken, so it is another one.\n")
        if with_bot:
            await _beside(wanted, sandbox)
        await asyncio.Event().wait()


async def _beside(wanted: Wanted, sandbox: Sandbox) -> None:
    """Run the bot in the workspace, and say what there is to do, until it ends."""
    async with together(wanted, sandbox) as all_of_it:
        until = "and stay there" if wanted.keep else "until you press Ctrl-C"
        if await all_of_it.connected():
            seconds = time.perf_counter() - BEGAN
            told = {"url": sandbox.url, "folder": all_of_it.folder, "until": until}
            _say(HOW_TO_SPEAK.format(seconds=seconds, **told) + all_of_it.told)
        status = await all_of_it.process.wait()
        _say(THE_BOT_ENDED.format(status=status, log=all_of_it.end_of_log()))
        await asyncio.Event().wait()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > LAST_PORT:
        words = f"a whole number from 0 to {LAST_PORT}"
        raise argparse.ArgumentTypeError(words)
    return int(text)


def _factor(text: str) -> float:
    factor = _number(text)
    if factor and not SLOWEST <= factor <= FASTEST:
        words = f"0, or a number from {SLOWEST} to {FASTEST}"
        raise argparse.ArgumentTypeError(words)
    return factor


def _speed(text: str) -> float:
    speed = _number(text)
    if not 1 / MOST_SPEED <= speed <= MOST_SPEED:
        words = f"a number from {1 / MOST_SPEED} to {MOST_SPEED:.0f}"
        raise argparse.ArgumentTypeError(words)
    return speed


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    add = parser.add_argument
    add("--port", type=_port, help=f"the port to listen on, 0 for a free one (else {PORT})")
    add("--with-bot", action="store_true", help="run the bot beside it")
    add("--manifest", type=Path, help="the app's manifest (YAML): scopes, events, commands, name")
    words = "how many times as fast as Slack's the rate limits are, 0 for none"
    add("--rate-factor", type=_factor, default=1.0, help=words)
    add("--scenario", default="", help="what happens to the production")
    add("--speed", type=_speed, default=1.0, help="how many times as fast as in life it happens")
    add("--seed", type=int, default=1, help="the same number, the same chances")
    add("--keep", action="store_true", help="keep the bot's data and log at the end")
    return parser


def main() -> None:
    """Read the command line and serve."""
    parser = _parser()
    given = parser.parse_args()
    try:
        seed, app = seed_of(given)
    except ManifestError as error:
        parser.error(str(error))
    story = Story(given.scenario, given.speed, given.seed)
    wanted = Wanted(seed, given.port, story, given.keep)
    if given.scenario and not given.with_bot:
        parser.error("--scenario needs --with-bot")
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        try:
            asyncio.run(serve(wanted, app, with_bot=given.with_bot))
        except (PortTakenError, NoScenarioError) as error:
            parser.exit(1, f"{parser.prog}: {error}\n")


if __name__ == "__main__":
    main()
