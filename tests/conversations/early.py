"""The bot as a process, in a world that is EARLY seconds behind: `python -m` this.

Together with a workspace as early, a bot that is started the usual way afterwards finds that so
much time has passed.
"""

import os
import sys
import time
from datetime import datetime, timedelta

EARLY = timedelta(seconds=float(os.environ["EARLY"]))
real = time.time
time.time = lambda: real() - EARLY.total_seconds()  # by which Slack's libraries check signatures

from bot.__main__ import main  # noqa: E402 -- once time is what it is here
from bot.adapters.clock import SystemClock  # noqa: E402


class EarlyClock(SystemClock):
    """Tells what the time was."""

    def now(self) -> datetime:
        return super().now() - EARLY


if __name__ == "__main__":
    sys.exit(main(clock=EarlyClock()))
