"""Which kinds of job wait because the outside asked to, and which feel their way back."""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain.jobs import Kind

LONG = timedelta(minutes=10)  # after a wait, whatever it was for is over
TRIALS = 8  # jobs that go one at a time after a wait, before all may go again


class Parking:
    """After its wait a kind goes one job at a time: what it waited for may be scarce still."""

    def __init__(self) -> None:
        self._until: dict[Kind, datetime] = {}
        self._trials: dict[Kind, int] = {}

    def park(self, kind: Kind, until: datetime) -> None:
        """Have a kind wait."""
        self._until[kind] = max(until, self._until.get(kind, until))
        self._trials[kind] = TRIALS

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
