"""What one person is told because it is theirs to do, or because they come late."""

from collections.abc import Sequence
from contextlib import suppress

from bot.domain.errors import Refused
from bot.domain.facts import ActionAdded, ActionChanged, Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.domain.practice import policy_of
from bot.domain.status import OPEN
from bot.domain.visibility import visible
from bot.ports import Chat, Rules
from bot.render import Wording

from .board import Board
from .lines import History
from .places import room
from .voice import Voice


class Reminders:
    """Says it once, and not when it is no longer so."""

    def __init__(
        self, chat: Chat, board: Board, rules: Rules, wording: Wording, history: History
    ) -> None:
        self._chat = chat
        self._voice = Voice(chat)
        self._board = board
        self._rules = rules
        self._wording = wording
        self._history = history

    async def remind(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell the commander, or else the room, that the promised update did not come."""
        late = incident.update_by is not None and incident.update_by == incident.update_missed
        if incident.status not in OPEN or not late:
            return ()
        words = self._wording.message("remind", incident=incident)
        commander, place = self._commander(incident), room(incident)
        if commander:
            try:
                await self._voice.say(job, commander, words)
            except Refused:
                if place is None:
                    raise
            else:
                return ()
        if place:
            await self._voice.say(job, place, words)
        return ()

    async def find_remind(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that they were told, if an earlier attempt told them unheard."""
        places = (self._commander(incident), room(incident))
        return () if await self._voice.said(job, *places) else None

    async def assigned(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell somebody what others gave them to do, if it still is theirs."""
        person = job.reply.person if job.reply else ""
        fact = (await self._history(job.incident, job.wanted_seq - 1))[0]
        number = fact.action if isinstance(fact, ActionAdded | ActionChanged) else 0
        told = await self._board.quoted(incident)
        action = next((a for a in told.open_actions if a.number == number), None)
        if action and action.owner == person and self._sees(incident, person):
            words = self._wording.message(
                "assigned", incident=incident, action=action, by=fact.stamp.by
            )
            await self._voice.say(job, person, words)
        return ()

    async def find_assigned(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact] | None:
        """Return that they were told, if an earlier attempt told them unheard."""
        said = await self._voice.said(job, job.reply.person if job.reply else None)
        return () if said else None

    async def catch_up(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell somebody who came late how it stands, so that only they see it."""
        person = job.reply.person if job.reply else ""
        if incident.channel and self._sees(incident, person):
            words = self._wording.message(
                "catch_up",
                incident=await self._board.quoted(incident),
                bridges=policy_of(incident, self._rules.policy()).bridges(incident.services),
            )
            with suppress(Refused):  # they are gone again
                await self._chat.whisper(incident.channel, person, words)
        return ()

    def _commander(self, incident: Incident) -> str | None:
        person = incident.commander
        return person if person and self._sees(incident, person) else None

    def _sees(self, incident: Incident, person: str) -> bool:
        return visible(incident, self._rules.authority(person))
