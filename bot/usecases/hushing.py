"""Takes away what was told in threads of others, once nobody else may know of the incident."""

from collections.abc import Sequence
from contextlib import suppress

from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.facts import ChannelOpened, Fact, Stamp, ThreadOpened
from bot.domain.incident import Incident, Post
from bot.domain.jobs import Job, Kind, hushing
from bot.domain.visibility import visible
from bot.ports import Chat, Commit, Rules, Store
from bot.render import Wording


class Hushing:
    """Hides a message in each job: of a long thread none is begun again."""

    def __init__(self, store: Store, chat: Chat, rules: Rules, wording: Wording) -> None:
        self._store = store
        self._chat = chat
        self._rules = rules
        self._wording = wording

    async def hush(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Owe that each of our messages in the threads is hidden, or hide the one it is about."""
        if job.reply is None:
            return ()
        place = Post(job.reply.channel, job.reply.thread)
        if ts := str(job.reply.message.get("ts", "")):
            with suppress(Refused):  # somebody deleted it
                await self._chat.edit(place.channel, ts, self._wording.message("hidden"))
        else:
            owed = await self._told(job, place) if place != incident.origin else []
            if incident.origin:
                with suppress(Refused):  # where nothing can be read, nothing was said
                    owed += await self._told(job, incident.origin)
            owed += await self._told_directly(job, incident)
            if owed:
                await self._store.commit(Commit(jobs=owed))
        return ()

    async def _told(self, job: Job, place: Post) -> list[Job]:
        part = await self._chat.replies(place.channel, place.ts)
        ours = part.shown - {message.ts for message in part.said} - {place.ts}
        return [hushing(job, place, ts) for ts in sorted(ours)]

    async def _told_directly(self, job: Job, incident: Incident) -> list[Job]:
        """Return what is to be hidden of what its declarer was told for want of a thread."""
        who = incident.declared_by
        if not (who and incident.origin) or visible(incident, self._rules.authority(who)):
            return []
        facts = await self._store.history(incident.id)
        opened = (n for n, f in enumerate(facts, 1) if isinstance(f, ChannelOpened | ThreadOpened))
        mark = Mark(incident.id, f"{incident.id}/{next(opened, 0)}/{Kind.ORIGIN}")
        with suppress(Refused):  # where nothing can be read, nothing was said
            channel = await self._chat.direct(who)
            if ts := await self._chat.find_post(channel, mark):
                return [hushing(job, Post(channel, ""), ts)]
        return []
