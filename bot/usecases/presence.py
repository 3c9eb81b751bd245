"""Sees to it that what was said while the bot was away is read once it is back."""

import structlog

from bot.domain.authority import BOT
from bot.domain.jobs import reading_all
from bot.domain.keeping import places
from bot.domain.status import TRANSITIONS, Status
from bot.ports import Clock, Commit, Store, Unavailable

from .board import Board
from .waiting import Bell, pause

log = structlog.get_logger()

TALKED_OF = frozenset(status for status in Status if TRANSITIONS[status])


class Presence:
    """Each time the bot is back, all that is not over for good is owed to be read again."""

    def __init__(self, store: Store, board: Board, clock: Clock) -> None:
        self._store = store
        self._board = board
        self._clock = clock
        self._bell = Bell(clock)

    def back(self) -> None:
        """Note that events come in from now on, and that some may have been missed before."""
        self._bell.ring()

    async def run(self) -> None:
        """Wait for that until cancelled, and owe the reading however long the store is away."""
        while True:
            await self._bell.wait()
            failures = 0
            while not await self.owe():
                await self._clock.sleep_until(self._clock.now() + pause(failures))
                failures += 1

    async def owe(self) -> bool:
        """Owe the reading; False if that could not be kept."""
        try:
            head, now = await self._store.head(), self._clock.now()
            known = await self._board.incidents(BOT, TALKED_OF)
            jobs = [reading_all(i.id, head.position + 1, now) for i in known if places(i)]
            if jobs:
                await self._store.commit(Commit(jobs=jobs))
        except (Unavailable, TimeoutError) as error:
            log.warning("reading not owed", trouble=str(error))
            return False
        log.info("reading owed", incidents=len(jobs))
        return True
