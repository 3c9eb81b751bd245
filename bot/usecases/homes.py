"""Whose Home was looked at lately: it is drawn again when something changes."""

from datetime import timedelta

from bot.domain.jobs import home
from bot.ports import Clock, Commit, Store

LATELY = timedelta(days=7)
KEPT = timedelta(days=90)  # so long somebody may still have a Home of ours before them
MOST = 100  # as many as Slack lets us draw in a minute; the others see it when they look again


class Homes:
    """Keeps in mind who looks, a claim for each person and day."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def opened(self, person: str) -> Commit:
        """Return what owes somebody their Home now, and again when something changes."""
        head, now = await self._store.head(), self._clock.now()
        looked = {("home", f"{now:%Y-%m-%d}/{person}"): person}
        return Commit(claims=looked, jobs=(home(person, head.position + 1, now),))

    async def changed(self, *, everybody: bool = False) -> Commit | None:
        """Return what owes a fresh Home to those who looked last, and forgets who did long ago.

        Everybody's is owed where something must not be seen any more.
        """
        head, now = await self._store.head(), self._clock.now()
        looked = await self._store.owned("home")
        last = {looked[key]: key for key in sorted(looked)}
        kept, lately = (f"{now - length:%Y-%m-%d}" for length in (KEPT, LATELY))
        over = {
            ("home", key): person
            for key, person in looked.items()
            if key < kept or key != last[person]
        }
        people = sorted((p for p in last if last[p] >= kept), key=lambda p: last[p], reverse=True)
        if not everybody:
            people = [person for person in people if last[person] >= lately][:MOST]
        jobs = tuple(home(person, head.position + 1, now) for person in people)
        return Commit(releases=over, jobs=jobs) if looked else None
