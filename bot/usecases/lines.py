"""What is said in the incident's room and to those who follow from afar, as facts come in."""

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.authority import BOT
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident, evolve, replay
from bot.domain.jobs import Job
from bot.domain.visibility import visible
from bot.ports import Chat, Rules
from bot.render import Wording

from .board import Board
from .places import Place, room
from .voice import Voice

History = Callable[[str, int], Awaitable[Sequence[Fact]]]


class Lines:
    """Tells one fact, as things stood with it, however late it is told."""

    def __init__(
        self, chat: Chat, board: Board, rules: Rules, wording: Wording, history: History
    ) -> None:
        self._chat = chat
        self._voice = Voice(chat)
        self._board = board
        self._rules = rules
        self._wording = wording
        self._history = history

    async def line(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell a fact in the thread of the announcement, or of somebody who subscribed."""
        if place := self._thread(job, incident):
            facts = await self._history(job.incident, 0)
            fact = facts[job.wanted_seq - 1]
            before = replay(job.incident, facts[: job.wanted_seq - 1])
            after = await self._board.quoted(evolve(before, fact))
            words = self._wording.message(
                "line",
                kind=type(fact).__name__,
                by=await self._name(fact.stamp.by),
                at=fact.stamp.occurred_at,
                before=before,
                incident=after,
            )
            await self._voice.say(job, place, words)
        return ()

    async def find_line(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was told, if an earlier attempt told it unheard."""
        return () if await self._voice.said(job, self._thread(job, incident)) else None

    async def update(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Say an update in the room."""
        if place := room(incident):
            facts = (await self._history(job.incident, 0))[: job.wanted_seq]
            told = await self._board.quoted(replay(job.incident, facts))
            by = await self._name(facts[-1].stamp.by)
            words = self._wording.message("update", incident=told, by=by)
            await self._voice.say(job, place, words)
        return ()

    async def find_update(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was said, if an earlier attempt said it unheard."""
        return () if await self._voice.said(job, room(incident)) else None

    async def _name(self, person: str) -> str | None:
        """Return what somebody is called: to mention them would call them to what they did."""
        try:
            return None if person == BOT.person else await self._chat.name(person)
        except Refused:
            return None

    def _thread(self, job: Job, incident: Incident) -> Place | None:
        """Return the thread to tell it in, unless they may not know of it any more."""
        if job.reply is None:
            post = incident.announcement if incident.audience is None else None
        else:
            person = job.reply.person
            sees = visible(incident, self._rules.authority(person))
            post = incident.subscribers.get(person) if sees else None
        return Place(post.channel, post.ts) if post else None
