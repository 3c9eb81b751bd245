"""Serve a workspace until interrupted: python -m sandbox [--port N]."""

import argparse
import asyncio
import contextlib
import sys

from sandbox.seed import Seed
from sandbox.server import Sandbox

PORT = 8765


async def serve(port: int) -> None:
    """Serve a workspace and say where it is and what opens it."""
    seed = Seed()
    async with Sandbox(port=port, seed=seed) as sandbox:
        sys.stdout.write(
            f"workspace       {sandbox.url}\n"
            f"Web API         {sandbox.api_url}\n"
            f"bot token       {seed.bot_token}\n"
            f"app-level token {seed.app_token}\n"
            f"signing secret  {seed.signing_secret}\n"
        )
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the port from the command line and serve."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="the port to listen on")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
