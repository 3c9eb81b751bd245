"""The read side: what everybody looks at, each seeing only what they may."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby

import structlog

from bot.domain.authority import Authority
from bot.domain.facts import Fact
from bot.domain.incident import Incident, Post, evolve
from bot.domain.quotes import with_words, wordless
from bot.domain.severity import Severity
from bot.domain.state import ActionItem
from bot.domain.status import OPEN, Status
from bot.domain.visibility import visible
from bot.ports import Clock, Store, Unavailable

from .waiting import pause

log = structlog.get_logger()

SLICE = 500  # facts, before others have their turn: a few milliseconds


class Board:
    """Folds the store's feed into small views. Each question names who looks.

    Whoever asks sees all that was committed before. `follow` folds what is new before it is asked.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._position = 0
        self._folding = asyncio.Lock()
        self._incidents: dict[str, Incident] = {}
        self._warm = False

    async def follow(self) -> None:
        """Keep up with the store until cancelled, and wait where it is away."""
        position, failures = 0, 0
        while True:
            try:
                await self._catch_up()
                self._warm = True
                position, failures = await self._store.beyond(position), 0
            except Unavailable as error:
                if not failures:
                    log.warning("board not followed", trouble=str(error))
                await self._clock.sleep_until(self._clock.now() + pause(failures))
                failures += 1

    async def check(self) -> None:
        """Raise Unavailable until everything there was at the start is known."""
        if not self._warm:
            raise Unavailable("what was kept is still being read")

    async def open_incidents(self, viewer: Authority) -> Sequence[Incident]:
        """Return the open incidents this viewer may know of, as `incidents` orders them."""
        return await self.incidents(viewer, OPEN)

    async def incidents(
        self, viewer: Authority, statuses: Collection[Status]
    ) -> Sequence[Incident]:
        """Return those that stand so and that this viewer may know of.

        The worst come first, then the newest; undecided counts as P1. Drills come last.
        """
        await self._catch_up()
        newest = reversed(self._incidents.values())
        known = [i for i in newest if i.status in statuses and visible(i, viewer)]
        return sorted(known, key=_urgency)

    async def suggestions(self, viewer: Authority) -> Sequence[Incident]:
        """Return what alerts suggest and nobody has answered, the newest first."""
        await self._catch_up()
        newest = reversed(self._incidents.values())
        return [i for i in newest if i.suggested and visible(i, viewer)]

    async def begun(self, viewer: Authority, since: datetime) -> Sequence[Incident]:
        """Return what was opened or suggested since then, whatever became of it."""
        await self._catch_up()
        known = [i for i in self._incidents.values() if visible(i, viewer)]
        return [i for i in known if any(at > since for at in _beginnings(i))]

    async def every(self, viewer: Authority) -> Sequence[Incident]:
        """Return all that this viewer may know of, put away or not, the newest first."""
        await self._catch_up()
        newest = reversed(self._incidents.values())
        return [i for i in newest if i.status is not None and visible(i, viewer)]

    async def incident(self, incident: str, viewer: Authority) -> Incident | None:
        """Return the incident, if there is one that this viewer may know of."""
        found = await self.anything(incident, viewer)
        return found if found and found.status else None

    async def anything(self, incident: str, viewer: Authority) -> Incident | None:
        """Return the incident, or what is or was only suggested, if this viewer may know of it."""
        await self._catch_up()
        found = self._incidents.get(incident)
        return found if found and visible(found, viewer) else None

    async def actions(self, viewer: Authority) -> Sequence[tuple[Incident, ActionItem]]:
        """Return what this viewer still has to do, wherever they may know of it; by its day."""
        await self._catch_up()
        mine = [
            (incident, action)
            for known in list(self._incidents.values())
            if visible(known, viewer) and viewer.person in {a.owner for a in known.open_actions}
            for incident in [await self.quoted(known)]
            for action in incident.open_actions
            if action.owner == viewer.person
        ]
        return sorted(mine, key=lambda item: (item[1].due or date.max, item[0].id))

    async def quoted(self, incident: Incident) -> Incident:
        """Return the incident with the words of the messages that it points at."""
        places = wordless(incident)
        words = {
            Post(channel, message.ts): message.text
            for channel in {place.channel for place in places}
            for message in await self._store.transcript(channel)
        }
        return with_words(incident, words) if places else incident

    async def position(self) -> int:
        """Return the position up to which everything is shown."""
        head = await self._store.head()
        await self._catch_up()
        return head.position

    async def _catch_up(self) -> None:
        async with self._folding:
            folded = 0
            feed = await self._store.feed(self._position)
            for position, commit in groupby(feed, key=lambda entry: entry[0]):
                for _, incident, fact in commit:
                    self._fold(incident, fact)
                    folded += 1
                self._position = position
                if folded >= SLICE:
                    folded = 0
                    await asyncio.sleep(0)

    def _fold(self, incident: str, fact: Fact) -> None:
        known = self._incidents.get(incident, Incident(incident))
        self._incidents[incident] = evolve(known, fact)


def _urgency(incident: Incident) -> tuple[bool, Severity]:
    return incident.practice is not None, incident.severity or Severity.P1


def _beginnings(incident: Incident) -> Sequence[datetime]:
    suggested = incident.suggestion.at if incident.suggestion else None
    return [at for at in (incident.declared_at, suggested) if at]
