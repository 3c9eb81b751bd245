"""Says something once, in a place or to a person, and finds there what it said."""

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.jobs import Job
from bot.ports import Chat, Words

from .places import Place

Where = Place | str  # a place, or a person


class Voice:
    """Marks what it says with the job it is said for."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def say(self, job: Job, where: Where, words: Words) -> None:
        """Say it."""
        mark = Mark(job.incident, job.key)
        if isinstance(where, Place):
            await self._chat.post(where.channel, words, mark, where.thread)
        else:
            await self._chat.tell(where, words, mark)

    async def said(self, job: Job, *wheres: Where | None) -> bool:
        """Say whether it was said in one of these; where nothing can be read, it was not."""
        mark = Mark(job.incident, job.key)
        for where in wheres:
            try:
                if isinstance(where, Place):
                    if await self._chat.find_post(where.channel, mark, where.thread):
                        return True
                elif where and await self._chat.told(where, mark):
                    return True
            except Refused:
                continue
        return False
