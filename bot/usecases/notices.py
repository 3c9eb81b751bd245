"""Effects that say something once: answers, reminders, what went wrong."""

from collections.abc import Sequence

from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Reply
from bot.ports import Chat, Mark, Rules, Words
from bot.render import Wording


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
        mark = Mark(job.incident, job.key)
        told = job.reply and await self._chat.told(job.reply.person, mark)
        return () if told else None

    async def operators(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact]:
        """Tell the operators something in their channel."""
        if job.reply:
            mark = Mark(job.incident, job.key)
            await self._chat.post(job.reply.channel, job.reply.message, mark)
        return ()

    async def find_operators(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact] | None:
        """Return that they were told, if an earlier attempt told them unheard."""
        mark = Mark(job.incident, job.key)
        told = job.reply and await self._chat.find_post(job.reply.channel, mark)
        return () if told else None

    async def trouble(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell the commander, or else the operators, what was not done and what to do."""
        trouble = next((t for t in incident.troubles if t.seq == job.wanted_seq), None)
        if trouble:  # else it is over already
            words = self._wording.message(
                "trouble", incident=incident, job=trouble.job, reason=trouble.reason
            )
            await self._say_of(job, incident, words)
        return ()

    async def unanswered(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Say in the channel that nobody has taken the incident."""
        words = self._wording.message("unanswered", incident=incident)
        if incident.channel:
            await self._chat.post(incident.channel, words, Mark(job.incident, job.key))
        else:
            await self._say_of(job, incident, words)
        return ()

    async def find(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was said of the incident, if an earlier attempt said it unheard."""
        mark, operators = Mark(job.incident, job.key), self._rules.policy().operators
        said = (
            (incident.channel and await self._chat.find_post(incident.channel, mark))
            or (incident.commander and await self._chat.told(incident.commander, mark))
            or (operators and await self._chat.find_post(operators, mark))
        )
        return () if said else None

    async def _say_of(self, job: Job, incident: Incident, words: Words) -> None:
        mark, operators = Mark(job.incident, job.key), self._rules.policy().operators
        if incident.commander:
            await self._chat.tell(incident.commander, words, mark)
        elif operators:
            await self._chat.post(operators, words, mark)

    async def _say(self, reply: Reply, mark: Mark) -> None:
        if reply.channel:
            try:
                await self._chat.whisper(reply.channel, reply.person, reply.message)
            except Refused:
                pass  # not in that channel, or it is gone: say it directly
            else:
                return
        await self._chat.tell(reply.person, reply.message, mark)
