"""The seal: what the history amounts to, said where nobody can unsay it."""

from collections.abc import Awaitable, Callable, Sequence

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.ports import Chat, Head
from bot.render import Wording

from .places import room


class Seals:
    """Posts the store's head in an incident's channel; history rewritten later does not fit it."""

    def __init__(self, chat: Chat, head: Callable[[], Awaitable[Head]], wording: Wording) -> None:
        self._chat = chat
        self._head = head
        self._wording = wording

    async def post(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Say in the channel how the store's history ends now."""
        place = room(incident)
        if place:
            words = self._wording.message("sealed", incident=incident, head=await self._head())
            mark = Mark(job.incident, job.key)
            await self._chat.post(place.channel, words, mark, place.thread)
        return ()

    async def find(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was said, if an earlier attempt said it unheard."""
        mark, place = Mark(job.incident, job.key), room(incident)
        if place is None:
            return None
        try:
            found = await self._chat.find_post(place.channel, mark, place.thread)
        except Refused:
            return None  # where nothing can be read, nothing was said
        return () if found else None
