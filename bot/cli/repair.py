"""Looks at data that cannot be read, and cuts off what is damaged; a copy is kept."""

import argparse
import sys
from datetime import UTC, datetime

from bot.adapters.disk import LocalDisk
from bot.adapters.repair import Examined, InSnapshot, NoBoundary, cut, examine
from bot.adapters.tinydb import JOURNAL, LOCK
from bot.ports import Held
from bot.render import Wording
from bot.settings import Mistakes, read

WELL, DAMAGED, REFUSED = 0, 1, 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options."""
    parser.add_argument("--to", type=int, metavar="OFFSET", help="keep the bytes up to OFFSET")


def mended(disk: LocalDisk, offset: int | None) -> tuple[int, dict[str, object]]:
    """Examine the journal, and cut it if told where; return the exit status and what to say."""
    if disk.size(JOURNAL) is None:
        return REFUSED, {"state": "none"}
    try:
        disk.lock(LOCK)
    except Held as held:
        return REFUSED, {"state": "held", "why": str(held)}
    try:
        found = examine(disk, offset)
        if offset is None:
            return _examined(found)
        copy = cut(disk, offset, datetime.now(UTC))
    except InSnapshot as sound:
        return REFUSED, {"state": "in_snapshot", "sound": str(sound)}
    except NoBoundary as nearest:
        return REFUSED, {"state": "no_boundary", "offset": offset, "nearest": str(nearest)}
    except OSError as error:
        return REFUSED, {"state": "failed", "why": str(error)}
    finally:
        disk.unlock()
    return WELL, {"state": "cut", "found": found, "copy": copy}


def _examined(found: Examined) -> tuple[int, dict[str, object]]:
    if found.damaged:
        return DAMAGED, {"state": "damaged", "found": found}
    return WELL, {"state": "sound", "found": found}


def run(args: argparse.Namespace) -> int:
    """Say what was found or done."""
    try:
        environment, _ = read()
    except Mistakes as mistakes:
        print(mistakes, file=sys.stderr)
        return REFUSED
    status, said = mended(LocalDisk(environment.data_dir), args.to)
    print(Wording().report("repair", folder=environment.data_dir, **said))
    return status
