"""The bot as a process on a disk whose every fsync takes SLOWER seconds more: `python -m` this."""

import os
import sys
import time
from typing import Any

SLOWER = float(os.environ["SLOWER"])
synced = os.fsync


def fsync(fd: Any) -> None:
    """Take that much longer."""
    time.sleep(SLOWER)
    synced(fd)


os.fsync = fsync

from bot.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
