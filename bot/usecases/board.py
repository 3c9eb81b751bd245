"""The read side: what everybody looks at, each seeing only what they may."""

import asyncio
from collections.abc import Collection, Sequence

from bot.domain.authority import Authority
from bot.domain.incident import Incident, evolve
from bot.domain.severity import Severity
from bot.domain.status import OPEN, Status
from bot.domain.visibility import visible
from bot.ports import Store


class Board:
    """Folds the store's feed into small views. Each question names who looks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._position = 0
        self._folding = asyncio.Lock()
        self._incidents: dict[str, Incident] = {}

    async def open_incidents(self, viewer: Authority) -> Sequence[Incident]:
        """Return the open incidents this viewer may know of, as `incidents` orders them."""
        return await self.incidents(viewer, OPEN)

    async def incidents(
        self, viewer: Authority, statuses: Collection[Status]
    ) -> Sequence[Incident]:
        """Return those that stand so and that this viewer may know of.

        The worst come first, then the newest; undecided counts as P1.
        """
        await self._catch_up()
        newest = reversed(self._incidents.values())
        known = [i for i in newest if i.status in statuses and visible(i, viewer)]
        return sorted(known, key=lambda incident: incident.severity or Severity.P1)

    async def incident(self, incident: str, viewer: Authority) -> Incident | None:
        """Return the incident, if there is one that this viewer may know of."""
        await self._catch_up()
        found = self._incidents.get(incident)
        return found if found and visible(found, viewer) else None

    async def position(self) -> int:
        """Return the position up to which everything is shown."""
        head = await self._store.head()
        await self._catch_up()
        return head.position

    async def _catch_up(self) -> None:
        async with self._folding:
            for position, incident, fact in await self._store.feed(self._position):
                known = self._incidents.get(incident, Incident(incident))
                self._incidents[incident] = evolve(known, fact)
                self._position = position
