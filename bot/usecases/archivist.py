"""Keeps a copy of every post-mortem where operators find it, whatever becomes of Slack's."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.domain.authority import BOT
from bot.domain.facts import Milestone
from bot.domain.incident import Incident
from bot.domain.status import OPEN, Status
from bot.ports import Archive, Clock, Lease, Store, Unavailable

from .board import Board
from .story import Stories

LEASE = timedelta(seconds=10)
LOOK = timedelta(seconds=5)  # how often it is looked for what is missing
REFRESH = timedelta(minutes=1)  # how often at what is there: somebody may delete it
LONGEST_WAIT = timedelta(seconds=60)
OVER = frozenset(Status) - OPEN
MARK = re.compile(r"<!-- (\S+) after (\d+) facts -->")


class Archivist:
    """Writes while it holds the lease. What is there says how much of its incident it tells."""

    def __init__(
        self, store: Store, board: Board, stories: Stories, archive: Archive, clock: Clock
    ) -> None:
        self._store = store
        self._board = board
        self._stories = stories
        self._archive = archive
        self._clock = clock
        self._kept: dict[str, int] = {}
        self._looked = clock.now() - REFRESH
        self._trouble: str | None = None

    async def run(self) -> None:
        """Write until cancelled."""
        failed = 0
        while True:
            try:
                await self.catch_up()
            except Unavailable as error:
                self._trouble = str(error)
                wait = min(timedelta(seconds=2 ** min(failed, 10)), LONGEST_WAIT)
                failed += 1
            else:
                failed, self._trouble, wait = 0, None, LOOK
            await self._clock.sleep_until(self._clock.now() + wait)

    async def check(self) -> None:
        """Raise Unavailable with what keeps post-mortems from being kept, if anything does."""
        if self._trouble:
            raise Unavailable(self._trouble)

    async def catch_up(self) -> None:
        """Write what is missing or tells too little, if nobody else does. Raises Unavailable."""
        now = self._clock.now()
        over = [i for i in await self._board.incidents(BOT, OVER) if _has_a_story(i)]
        if not over or not await self._store.hold("exports", Lease(now, now + LEASE)):
            return
        if now >= self._looked + REFRESH:
            self._kept = dict(_marks(await self._archive.kept()))
            self._looked = now
        for incident in over:
            if self._kept.get(incident.id, -1) < incident.postmortem_tells:
                await self._keep(incident.id)

    async def _keep(self, incident: str) -> None:
        story = await self._stories.story(incident)
        text = await self._stories.text(story)
        mark = f"<!-- {incident} after {story.tells} facts -->"
        await self._archive.keep(incident, f"{text}\n{mark}\n")
        self._kept[incident] = story.tells


def _has_a_story(incident: Incident) -> bool:
    return Milestone.RESOLVED in incident.milestones


def _marks(kept: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for incident, last_line in kept.items():
        if (mark := MARK.fullmatch(last_line)) and mark[1] == incident:
            yield incident, int(mark[2])
