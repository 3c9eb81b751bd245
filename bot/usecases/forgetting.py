"""Erases what was said, once it was kept for long enough."""

from collections.abc import Iterable, Sequence

from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.domain.keeping import before_it_was_put_away, is_to_be_forgotten, places, stands_in
from bot.domain.transcript import Message, erased
from bot.ports import Clock, Commit, Store

AT_ONCE = 500  # messages in a commit
RETENTION, REQUEST = "retention", "request"


class Forgetting:
    """Who said something and when is all that stays of it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def forget(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Erase what was said of an incident, unless it was taken up again since."""
        facts = await self._store.history(incident.id)
        if is_to_be_forgotten(incident.id, facts, job.wanted_seq):
            for post in places(before_it_was_put_away(incident.id, facts)):
                said = await self._store.transcript(post.channel)
                await self._erase((m for m in said if stands_in(post, m)), RETENTION)
        return ()

    async def forget_person(self, person: str) -> int:
        """Erase all that somebody said; return how many messages that was."""
        return await self._erase(await self._store.said_by(person), REQUEST)

    async def _erase(self, messages: Iterable[Message], by: str) -> int:
        at = f"{self._clock.now().timestamp():.6f}"
        gone = [erased(message, at, by) for message in messages if not message.deleted]
        for start in range(0, len(gone), AT_ONCE):
            await self._store.commit(Commit(messages=gone[start : start + AT_ONCE]))
        return len(gone)
