"""Effects that bring people into the incident's room."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.domain.practice import policy_of
from bot.ports import Chat, Rules
from bot.render import Wording

from .places import Place, room


class Guests:
    """Invites people to the channel; in a thread they are named instead, which calls them."""

    def __init__(self, chat: Chat, rules: Rules, wording: Wording) -> None:
        self._chat = chat
        self._rules = rules
        self._wording = wording

    async def invite(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Bring in the one it is about, or else everybody who takes part; not who has left."""
        if incident.channel:
            about = job.reply.person if job.reply else ""
            wanted = incident.people & {about} if about else incident.people
            missing = await self._chat.invite(incident.channel, wanted)
            _complain(await self._named(missing))
        return ()

    async def gather(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Bring in who owns the services, who is on call for them, and their user groups."""
        place = room(incident)
        if place is None or incident.audience is not None:
            return ()
        if place.thread:
            await self._name_all(job, incident, place)
            return ()
        people, troubles = await self._called(incident)
        missing = await self._chat.invite(place.channel, people - incident.left)
        _complain([*troubles, *await self._named(missing)])
        return ()

    async def find_gathering(
        self, job: Job, incident: Incident, _: Stamp
    ) -> Sequence[Fact] | None:
        """Return that they were named in the thread; invitations to a channel may be repeated."""
        place = room(incident)
        if place is None or not place.thread:
            return None
        mark = Mark(job.incident, job.key)
        return () if await self._chat.find_post(place.channel, mark, place.thread) else None

    async def _name_all(self, job: Job, incident: Incident, place: Place) -> None:
        services = policy_of(incident, self._rules.policy()).catalogued(incident.services)
        people = dict.fromkeys(p for s in services for p in (*s.owners, *s.on_call))
        groups = dict.fromkeys(g for s in services for g in s.user_groups)
        words = self._wording.message("gather", people=[*people], groups=[*groups])
        await self._chat.post(place.channel, words, Mark(job.incident, job.key), place.thread)

    async def _called(self, incident: Incident) -> tuple[frozenset[str], list[str]]:
        """Return whom the services name, and what is wrong with the groups that they name."""
        services = policy_of(incident, self._rules.policy()).catalogued(incident.services)
        people = {person for s in services for person in (*s.owners, *s.on_call)}
        troubles = list[str]()
        for group in sorted({group for s in services for group in s.user_groups}):
            try:
                members = await self._chat.members(group)
            except Refused as refused:
                troubles.append(f"the user group {group}: {refused}")
            else:
                people |= members
                if not members:
                    troubles.append(f"the user group {group}: it is switched off, or empty")
        return frozenset(people), troubles

    async def _named(self, missing: Mapping[str, str]) -> list[str]:
        """Return who is missing and why, by the names they go by."""
        named = list[str]()
        for person, why in sorted(missing.items()):
            name = person
            with suppress(Refused):
                name = f"{await self._chat.name(person)} ({person})"
            named.append(f"{name}: {why}")
        return named


def _complain(troubles: Sequence[str]) -> None:
    if troubles:
        raise Refused("; ".join(troubles))
