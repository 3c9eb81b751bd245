"""Calling people to an incident, and telling them when they are not needed any more."""

from collections.abc import Collection, Sequence

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Paged, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.domain.practice import policy_of
from bot.domain.visibility import visible
from bot.ports import Chat, Rules
from bot.render import Wording

from .lines import History
from .places import Place, room
from .voice import Voice


class Calls:
    """Calls only who may know of the incident; who cannot be reached is told of in its room."""

    def __init__(self, chat: Chat, rules: Rules, wording: Wording, history: History) -> None:
        self._chat = chat
        self._voice = Voice(chat)
        self._rules = rules
        self._wording = wording
        self._history = history

    async def page(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Call one person, unless they are not needed any more."""
        person = _person(job)
        needed = person in incident.paged and incident.under_way
        if not needed or not self._may_know(incident, person):
            return ()
        why = policy_of(incident, self._rules.policy()).on_call_for(person, incident.services)
        words = self._wording.message("page", incident=incident, services=why)
        try:
            await self._voice.say(job, person, words)
        except Refused as refused:
            await self._not_reached(job, incident, person, refused)
        return ()

    async def find_page(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that they were called, or told of, if an earlier attempt did it unheard."""
        person = _person(job)
        direct = person if self._may_know(incident, person) else None
        return () if await self._voice.said(job, direct, room(incident)) else None

    async def paged(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Bring who was called into the room, and say there who that is."""
        place, called = room(incident), await self._called(job, incident)
        if place and called is None:
            await self._nobody(job, incident, place)
        elif place and called:
            if not place.thread:  # who cannot come was not reached either, and is told of
                await self._chat.invite(place.channel, called)
            words = self._wording.message("paged", incident=incident, people=called)
            await self._voice.say(job, place, words)
        return ()

    async def find_paged(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was said, if an earlier attempt said it unheard."""
        return () if await self._voice.said(job, room(incident)) else None

    async def stand_down(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell somebody who was called that they are not needed, and why."""
        person = _person(job)
        needed_again = person in incident.paged
        if self._may_know(incident, person) and not needed_again and await self._was_paged(job):
            words = self._wording.message("stand_down", incident=incident)
            await self._voice.say(job, person, words)
        return ()

    async def find_stand_down(
        self, job: Job, incident: Incident, _: Stamp
    ) -> Sequence[Fact] | None:
        """Return that they were told, if an earlier attempt told them unheard."""
        return () if await self._voice.said(job, _person(job)) else None

    async def _not_reached(
        self, job: Job, incident: Incident, person: str, refused: Refused
    ) -> None:
        """Say in the room that somebody was not called; without a room the commander is told."""
        place = room(incident)
        if place is None:
            raise refused
        reason = str(refused)
        words = self._wording.message("not_paged", person=person, reason=reason)
        await self._voice.say(job, place, words)

    async def _nobody(self, job: Job, incident: Incident, place: Place) -> None:
        """Say that nobody was called, and who might be, unless somebody is there by now."""
        if incident.acknowledged_by or incident.paged or not incident.under_way:
            return
        policy = policy_of(incident, self._rules.policy())
        severity = incident.severity or policy.undecided_is
        known = policy.to_page(severity, incident.services)
        names = [await self._name(person) for person in known]
        words = self._wording.message("nobody_paged", incident=incident, names=names)
        await self._voice.say(job, place, words)

    async def _name(self, person: str) -> str:
        """Return what somebody is called: to mention who may not know of it would be no help."""
        try:
            return await self._chat.name(person)
        except Refused:
            return person

    async def _called(self, job: Job, incident: Incident) -> Collection[str] | None:
        """Return whom the fact called, or once there is a room all who were called before.

        None is that nobody could be.
        """
        fact = (await self._history(job.incident, job.wanted_seq - 1))[0]
        if isinstance(fact, Paged) and not fact.people:
            return None
        called = fact.people if isinstance(fact, Paged) else incident.paged
        still = [person for person in called if person in incident.paged]
        return [person for person in still if self._may_know(incident, person)]

    async def _was_paged(self, job: Job) -> bool:
        """Say whether the page got through: it may not have been sent before it was needless."""
        person = _person(job)
        facts = await self._history(job.incident, 0)
        numbers = [
            number
            for number, fact in enumerate(facts[: job.wanted_seq], 1)
            if isinstance(fact, Paged) and person in fact.people
        ]
        mark = Mark(job.incident, f"{job.incident}/{max(numbers)}/{Kind.PAGE}/{person}")
        try:
            return await self._chat.told(person, mark)
        except Refused:
            return True  # nothing can be read there: rather once too often

    def _may_know(self, incident: Incident, person: str) -> bool:
        return visible(incident, self._rules.authority(person))


def _person(job: Job) -> str:
    return job.reply.person if job.reply else ""
