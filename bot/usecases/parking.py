"""Which kinds of job wait because the outside asked to or is away, and how they come back."""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain.jobs import Kind

LONG = timedelta(minutes=10)  # after a wait, whatever it was for is over
TRY_AGAIN = timedelta(seconds=30)  # a job of each kind, while the outside is away
TRIALS = 8  # jobs that go one at a time after a wait, before all may go again


class Parking:
    """After its wait a kind goes one job at a time: what it waited for may be scarce still."""

    def __init__(self) -> None:
        self.away = False
        self._until: dict[Kind, datetime] = {}
        self._trials: dict[Kind, int] = {}
        self._silent: set[Kind] = set()

    def park(self, kind: Kind, until: datetime) -> None:
        """Have a kind wait."""
        self._until[kind] = max(until, self._until.get(kind, until))
        self._trials[kind] = TRIALS
        self._silent.discard(kind)

    def silent(self, kind: Kind, at: datetime) -> None:
        """Have a kind wait because the outside is away: for a while, or until it is back."""
        if kind in self._silent or self._until.get(kind, at) <= at:
            self.park(kind, at + TRY_AGAIN)
            self._silent.add(kind)

    def lost(self) -> None:
        """Note that the outside as a whole is away."""
        self.away = True

    def back(self, at: datetime) -> bool:
        """Note that it is not, and end the waits for that; False if that was known."""
        was_away, self.away = self.away, False
        self._until |= dict.fromkeys(self._silent & self._until.keys(), at)
        self._silent.clear()
        return was_away

    def went(self, kind: Kind, at: datetime) -> None:
        """Note that a job of the kind was not sent back."""
        if kind in self._trials and self._until[kind] <= at:
            self._trials[kind] -= 1
            if not self._trials[kind]:
                del self._trials[kind], self._until[kind]

    def shut(self, at: datetime, running: Collection[Kind]) -> frozenset[Kind]:
        """Return the kinds that nothing may be claimed of now."""
        return frozenset(
            kind for kind, until in self._until.items() if until > at or kind in running
        )

    def careful(self, shut: Collection[Kind], at: datetime) -> bool:
        """Say whether only one job may be claimed, since it may be one that feels its way."""
        for kind in [kind for kind, until in self._until.items() if until + LONG <= at]:
            del self._trials[kind], self._until[kind]
        return any(kind not in shut for kind in self._trials)

    def ends(self, at: datetime) -> datetime | None:
        """Return when the next wait is over."""
        return min((until for until in self._until.values() if until > at), default=None)
