"""What a drill's room is told: how its production can be changed, and how long people took."""

from collections.abc import Sequence

from bot.domain.authority import Authority, Source
from bot.domain.facts import Fact, Staged, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.ports import Chat
from bot.render import Wording

from .drills import Drills
from .lines import History
from .places import room
from .voice import Voice

ANYBODY = Authority("", Source.SLACK)  # what is told in the room, everybody there reads


class Debriefs:
    """Says it once, in the room."""

    def __init__(self, chat: Chat, drills: Drills, wording: Wording, history: History) -> None:
        self._voice = Voice(chat)
        self._drills = drills
        self._wording = wording
        self._history = history

    async def staged(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Say that the production runs and how it is changed, or why it does not run."""
        place = room(incident)
        if place and incident.under_way:
            facts = (await self._history(job.incident, 0))[: job.wanted_seq]
            fact = facts[-1]
            assert isinstance(fact, Staged)
            again = any(isinstance(f, Staged) and not f.trouble for f in facts[:-1])
            words = self._wording.message("staged", incident=incident, stage=fact, again=again)
            await self._voice.say(job, place, words)
        return ()

    async def debrief(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Show how long people took to each step, beside the drills before."""
        if place := room(incident):
            past = await self._drills.past(incident)
            earlier = await self._drills.earlier(ANYBODY, but=incident.id)
            words = self._wording.message("debrief", incident=incident, past=past, earlier=earlier)
            await self._voice.say(job, place, words)
        return ()

    async def find(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was said, if an earlier attempt said it unheard."""
        return () if await self._voice.said(job, room(incident)) else None
