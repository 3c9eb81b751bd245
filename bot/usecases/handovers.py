"""What people are told of roles: offered, given, accepted or declined."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.facts import Fact, HandoverDeclined, HandoverOffered, RoleAssigned, Stamp
from bot.domain.handing import ended
from bot.domain.incident import Incident, evolve, replay
from bot.domain.jobs import Job, Kind
from bot.domain.state import Offer
from bot.domain.visibility import visible
from bot.ports import Chat, Rules, Words
from bot.render import Wording

from .places import Place, room

History = Callable[[str, int], Awaitable[Sequence[Fact]]]
OfRoles = HandoverOffered | HandoverDeclined | RoleAssigned


class Ending(NamedTuple):
    """What became of an offer, and by or for whom."""

    state: str
    person: str


class Handovers:
    """Tells who is offered a role, who waits for an answer, and the room."""

    def __init__(self, chat: Chat, rules: Rules, wording: Wording, history: History) -> None:
        self._chat = chat
        self._rules = rules
        self._wording = wording
        self._history = history

    async def offer(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Ask somebody directly to take a role, unless the offer was taken back meanwhile."""
        offer = next((o for o in incident.offers if o.seq == job.wanted_seq), None)
        if offer and self._may_know(job, incident):
            words = self._wording.message("handover", incident=incident, offer=offer, over=None)
            await self._tell(job, words)
        return ()

    async def over(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Show in the message that asked what became of it, instead of its buttons."""
        facts = await self._history(job.incident, 0)
        before, fact = replay(job.incident, facts[: job.wanted_seq - 1]), facts[job.wanted_seq - 1]
        told = incident if self._may_know(job, incident) else None
        channel = await self._chat.direct(_person(job))
        for offer in ended(before, evolve(before, fact)):
            asked = Mark(
                job.incident, f"{job.incident}/{offer.seq}/{Kind.HANDOVER}/{offer.person}"
            )
            ts = await self._ours(channel, asked) if offer.person == _person(job) else None
            if ts:
                over = _ending(fact, offer)
                words = (
                    self._wording.message("handover", incident=told, offer=offer, over=over)
                    if told
                    else self._wording.message("hidden")
                )
                await self._chat.edit(channel, ts, words)
        return ()

    async def _ours(self, channel: str, mark: Mark) -> str | None:
        """Return the message, unless it was deleted or nothing can be read there."""
        try:
            return await self._chat.find_post(channel, mark)
        except Refused:
            return None

    async def told(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell one person what became of a role that they offered, were offered or were given."""
        if self._may_know(job, incident):
            await self._tell(job, await self._news(job, incident))
        return ()

    async def find(self, job: Job, _: Incident, __: Stamp) -> Sequence[Fact] | None:
        """Return that they were told, if an earlier attempt told them unheard."""
        try:
            found = await self._chat.told(_person(job), Mark(job.incident, job.key))
        except Refused:
            return None  # where nothing can be read, nothing was said
        return () if found else None

    async def taken(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Tell the room who has a role now, or has declined it."""
        if place := room(incident):
            words, mark = await self._news(job, incident), Mark(job.incident, job.key)
            await self._chat.post(place.channel, words, mark, place.thread)
        return ()

    async def find_taken(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that the room was told, if an earlier attempt told it unheard."""
        place = room(incident)
        return () if place and await self._posted(job, place) else None

    async def _posted(self, job: Job, place: Place) -> bool:
        try:
            mark = Mark(job.incident, job.key)
            return bool(await self._chat.find_post(place.channel, mark, place.thread))
        except Refused:
            return False

    def _may_know(self, job: Job, incident: Incident) -> bool:
        return visible(incident, self._rules.authority(_person(job)))

    async def _tell(self, job: Job, words: Words) -> None:
        await self._chat.tell(_person(job), words, Mark(job.incident, job.key))

    async def _news(self, job: Job, incident: Incident) -> Words:
        facts = await self._history(job.incident, 0)
        before, fact = replay(job.incident, facts[: job.wanted_seq - 1]), facts[job.wanted_seq - 1]
        assert isinstance(fact, OfRoles)
        offer = next((o for o in before.offers if o.role is fact.role), None)
        return self._wording.message(
            "role_told",
            incident=incident,
            fact=fact,
            state=_state(job, fact, offer.person if offer else ""),
            person=fact.person
            if isinstance(fact, RoleAssigned)
            else offer.person
            if offer
            else "",
            to=_person(job),
        )


def _person(job: Job) -> str:
    return job.reply.person if job.reply else ""


def _ending(fact: Fact, offer: Offer) -> Ending:
    """Say how an offer ended, and whom that has to do with."""
    match fact:
        case RoleAssigned(_, _, person):
            return Ending("accepted" if person == offer.person else "given", person)
        case HandoverDeclined(stamp):
            return Ending("declined" if stamp.by == offer.person else "taken back", stamp.by)
        case HandoverOffered(_, _, person):
            return Ending("asked again" if person == offer.person else "asked another", person)
        case _:
            return Ending("over", "")


def _state(job: Job, fact: OfRoles, offered: str) -> str:
    """Say what there is to tell: that somebody has it, declined it, or is no longer asked."""
    match fact:
        case RoleAssigned(stamp, _, person):
            passed_over = job.kind is Kind.HANDOVER_ANSWERED and person != stamp.by
            withdrawn = job.kind is Kind.HANDOVER_ANSWERED and offered != person
            return "withdrawn" if passed_over or withdrawn else "has"
        case HandoverDeclined(stamp, _) if stamp.by == offered:
            return "declined"
        case _:
            return "withdrawn"
