"""Play rehearsals in real time, each in a workspace with a bot of its own."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.manifest import ManifestError, seeded
from sandbox.seed import Seed
from sandbox.surroundings import NoScenarioError, Story
from sandbox.together import Wanted, together, workspace

from . import report
from .hands import RefusedError
from .player import play
from .script import Mistakes, Rehearsal, read

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
WELL, AMISS, WRONG, INTERRUPTED = 0, 1, 2, 130
BOT_ENDED = (
    "The bot ended with status {status} before it was connected. The end of its log:\n{log}"
)


async def rehearse(rehearsal: Rehearsal, wanted: Wanted) -> bool:
    """Play a rehearsal and tell each step; say whether all went as written."""
    if task := asyncio.current_task():
        for ending in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    async with workspace(wanted.port, wanted.seed) as sandbox, together(wanted, sandbox) as there:
        if not await there.connected():
            status, log = there.process.returncode, there.end_of_log()
            _say(BOT_ENDED.format(status=status, log=log))
            return False
        _say(f"To be watched at {sandbox.url}/")
        last = None
        async for last in play(rehearsal, there.around):
            _say(report.line(last))
        if last:
            _say(report.ending(rehearsal, last))
        if wanted.keep:
            _say(f"The bot's data and log are in {there.folder}.")
        return last is not None and not last.amiss


def schema() -> str:
    """Return the JSON schema of a rehearsal's file, for editors that check while one types."""
    return json.dumps(Rehearsal.model_json_schema(), indent=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play what the command line names; return the exit status: 0 if all went as written."""
    parser = argparse.ArgumentParser(prog="rehearse", description=__doc__)
    parser.add_argument("files", metavar="FILE", type=Path, nargs="*")
    parser.add_argument("--speed", type=float, default=1.0, help="of what happens in production")
    parser.add_argument("--seed", type=int, default=1, help="the same number, the same chances")
    parser.add_argument("--keep", action="store_true", help="keep the bot's data and log")
    parser.add_argument("--check", action="store_true", help="only look for mistakes in the files")
    parser.add_argument("--schema", action="store_true", help="print the format as JSON schema")
    given = parser.parse_args(arguments)
    if given.schema:
        _say(schema())
        return WELL
    if not given.files:
        parser.error("name a FILE, or several")
    try:
        rehearsals = [(path, read(path)) for path in given.files]
        seed = seeded(MANIFEST, Seed()) if MANIFEST.exists() else Seed()
    except (Mistakes, ManifestError) as mistakes:
        sys.stderr.write(f"{mistakes}\n")
        return WRONG
    if given.check:
        _say("No mistakes.")
        return WELL
    status = WELL
    for path, rehearsal in rehearsals:
        _say(report.beginning(rehearsal, str(path)))
        story = Story(rehearsal.scenario or "", given.speed, given.seed)
        wanted = Wanted(seed, 0, story, given.keep, rehearsal.configuration)
        status = max(status, _played(rehearsal, wanted))
    return status


def _played(rehearsal: Rehearsal, wanted: Wanted) -> int:
    try:
        return WELL if asyncio.run(rehearse(rehearsal, wanted)) else AMISS
    except (RefusedError, NoScenarioError) as error:
        _say(str(error))
        return AMISS


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(INTERRUPTED)
