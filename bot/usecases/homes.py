"""Whose Home was looked at lately: it is drawn again when something changes."""

from datetime import timedelta

from bot.domain.jobs import home
from bot.ports import Clock, Commit, Store

LATELY = timedelta(days=7)
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

    async def changed(self) -> Commit | None:
        """Return what owes a fresh Home to those who looked last, and forgets who did long ago."""
        head, now = await self._store.head(), self._clock.now()
        looked = await self._store.owned("home")
        since = f"{now - LATELY:%Y-%m-%d}"
        long_ago = [("home", key) for key in looked if key < since]
        lately = sorted((key for key in looked if key >= since), reverse=True)
        people = list(dict.fromkeys(looked[key] for key in lately))[:MOST]
        jobs = tuple(home(person, head.position + 1, now) for person in people)
        return Commit(releases=long_ago, jobs=jobs) if looked else None
