"""The running numbers of a day, each one declaration's at a time, so that there is no gap."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count

from bot.domain.names import incident_id
from bot.ports import Store


class Numbers:
    """Reserves the smallest free number; many may be in flight at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._day = ""
        self._used: set[str] = set()
        self._all_used_up_to = 0
        self._in_flight: set[str] = set()

    @asynccontextmanager
    async def reserved(self, today: datetime) -> AsyncIterator[str]:
        """Give an id that is nobody's; whoever leaves by an error gives it back."""
        while True:
            incident = self._smallest(today)
            self._in_flight.add(incident)
            try:
                free = await self._store.owner("number", incident) is None
                if free:
                    yield incident
                self._used.add(incident)
            finally:
                self._in_flight.discard(incident)
            if free:
                return

    def _smallest(self, today: datetime) -> str:
        if self._day != f"{today:%Y%m%d}":
            self._day, self._used, self._all_used_up_to = f"{today:%Y%m%d}", set(), 0
        while (first := incident_id(today, self._all_used_up_to + 1)) in self._used:
            self._used.discard(first)
            self._all_used_up_to += 1
        ids = (incident_id(today, number) for number in count(self._all_used_up_to + 1))
        return next(i for i in ids if i not in self._used and i not in self._in_flight)
