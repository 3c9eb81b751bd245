"""Effects that say something once: answers, reminders, what went wrong."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Reply
from bot.domain.practice import policy_of
from bot.ports import Chat, Rules, Words
from bot.render import Wording

from .places import room


class Where(NamedTuple):
    """One person's direct messages, or a channel, or a thread of it."""

    person: str = ""
    channel: str = ""
    thread: str = ""


class Notices:
    """Says things to people, and finds another way where the first is closed."""

    def __init__(self, chat: Chat, rules: Rules, wording: Wording) -> None:
        self._chat = chat
        self._rules = rules
        self._wording = wording

    async def answer(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact]:
        """Answer somebody where they asked, so that only they see it."""
        if job.reply:
            await self._say(job.reply, Mark(job.incident, job.key))
        return ()

    async def find_answer(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact] | None:
        """Return that it was said directly; what only they saw in a channel cannot be found."""
        return await self._found(job, Where(person=job.reply.person if job.reply else ""))

    async def operators(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact]:
        """Tell the operators something in their channel."""
        if job.reply:
            await self._say_at(job, Where(channel=job.reply.channel), job.reply.message)
        return ()

    async def find_operators(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact] | None:
        """Return that they were told, if an earlier attempt told them unheard."""
        return await self._found(job, Where(channel=job.reply.channel if job.reply else ""))

    async def trouble(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell who carries the incident, or else the operators, what was not done."""
        trouble = next((t for t in incident.troubles if t.seq == job.wanted_seq), None)
        if trouble:  # else it is over already
            words = self._wording.message(
                "trouble", incident=incident, job=trouble.job, reason=trouble.reason
            )
            await self._say_at(job, self._carrying(incident), words)
        return ()

    async def find_trouble(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was told, if an earlier attempt told it unheard."""
        return await self._found(job, self._carrying(incident))

    async def unanswered(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Say in the channel that nobody has taken the incident, unless somebody has meanwhile."""
        if incident.acknowledged_by or not incident.under_way:
            return ()
        words = self._wording.message("unanswered", incident=incident)
        await self._say_at(job, self._room(incident), words)
        return ()

    async def find_unanswered(
        self, job: Job, incident: Incident, _: Stamp
    ) -> Sequence[Fact] | None:
        """Return that it was said, if an earlier attempt said it unheard."""
        return await self._found(job, self._room(incident))

    def _room(self, incident: Incident) -> Where:
        place = room(incident)
        if incident.suggested and incident.suggestion and incident.suggestion.post:
            post = incident.suggestion.post
            return Where("", post.channel, post.ts)
        return Where("", *place) if place else self._carrying(incident)

    def _carrying(self, incident: Incident) -> Where:
        """Return who carries it and has not left it, else the operators, else its room."""
        person = incident.carrier
        if person or incident.audience is not None:  # others may not even know of it
            return Where(person=person or "")
        if operators := policy_of(incident, self._rules.policy()).operators:
            return Where(channel=operators)
        place = room(incident)
        return Where("", *place) if place else Where()

    async def _say_at(self, job: Job, where: Where, words: Words) -> None:
        mark = Mark(job.incident, job.key)
        if where.person:
            await self._chat.tell(where.person, words, mark)
        elif where.channel:
            await self._chat.post(where.channel, words, mark, where.thread)

    async def _found(self, job: Job, where: Where) -> Sequence[Fact] | None:
        mark = Mark(job.incident, job.key)
        try:
            if where.person:
                found = await self._chat.told(where.person, mark)
            else:
                found = bool(where.channel) and bool(
                    await self._chat.find_post(where.channel, mark, where.thread)
                )
        except Refused:
            return None  # where nothing can be read, nothing was said
        return () if found else None

    async def _say(self, reply: Reply, mark: Mark) -> None:
        if reply.channel:
            try:
                await self._chat.whisper(reply.channel, reply.person, reply.message, reply.thread)
            except Refused:
                pass  # not in that channel, or it is gone: say it directly
            else:
                return
        await self._chat.tell(reply.person, reply.message, mark)
