"""Effects for those who come to an incident: brought in, and told where a message led."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.domain.status import OPEN
from bot.domain.visibility import visible
from bot.ports import Chat, Rules, Unavailable
from bot.render import Wording

from .notices import Notices


class Newcomers:
    """Brings people in who asked for it, and answers the message an incident came from."""

    def __init__(self, chat: Chat, rules: Rules, notices: Notices, wording: Wording) -> None:
        self._chat = chat
        self._rules = rules
        self._notices = notices
        self._wording = wording

    async def join(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Invite somebody to the channel once there is one; say so if that cannot be."""
        person = job.reply.person if job.reply else ""
        if not visible(incident, self._rules.authority(person)):
            return ()  # it became private meanwhile
        if incident.channel:
            try:
                missing = await self._chat.invite(incident.channel, {person})
            except Refused as refused:
                missing = {person: str(refused)}
            if missing:
                await self._cannot_join(job, incident, stamp, missing[person])
        elif _stays_without(incident):
            await self._cannot_join(job, incident, stamp, None)
        elif incident.thread is None:
            raise Unavailable("its channel is being opened")
        return ()

    async def reply(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Say under the message that the incident was declared from it; else tell who did."""
        origin, words = incident.origin, self._wording.message("from_here", incident=incident)
        if origin is None or incident.audience is not None:
            return ()  # what is private is not told of
        try:
            await self._chat.post(origin.channel, words, _mark(job), origin.ts)
        except Refused:
            if who := incident.declared_by:
                told = self._wording.message(
                    "from_there", incident=incident, channel=origin.channel
                )
                await self._chat.tell(who, told, _mark(job))
        return ()

    async def find_reply(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was said, if an earlier attempt said it unheard."""
        origin, who = incident.origin, incident.declared_by
        if origin is None:
            return ()
        try:
            found = await self._chat.find_post(origin.channel, _mark(job), origin.ts) is not None
        except Refused:
            found = bool(who) and await self._chat.told(who or "", _mark(job))
        return () if found else None

    async def _cannot_join(
        self, job: Job, incident: Incident, stamp: Stamp, reason: str | None
    ) -> None:
        words = self._wording.message("not_joined", incident=incident, reason=reason)
        if job.reply:
            told = replace(job, reply=replace(job.reply, message=words))
            await self._notices.answer(told, incident, stamp)


def _stays_without(incident: Incident) -> bool:
    """Say whether no channel is being opened for it: that was refused, or it was archived."""
    refused = any(trouble.job == Kind.OPEN_CHANNEL for trouble in incident.troubles)
    archived = bool(incident.former_channels) and incident.status not in OPEN
    return refused or archived or incident.roomless


def _mark(job: Job) -> Mark:
    return Mark(job.incident, job.key)
