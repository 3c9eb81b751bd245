"""Effects on the incident's room: opened once, in a channel or else in a thread of another."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.chatter import Mark, OwnChannel
from bot.domain.errors import Refused
from bot.domain.facts import ChannelOpened, Fact, Stamp, ThreadOpened
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.domain.names import channel_names
from bot.domain.policy import Policy
from bot.domain.practice import policy_of
from bot.ports import Chat, NameTaken, NotAllowed, Rules
from bot.render import Wording

CLOCKS_DIFFER = timedelta(minutes=5)  # at most, ours and the chat's


class Rooms:
    """Opens rooms, and keeps true what they are called."""

    def __init__(self, chat: Chat, rules: Rules, wording: Wording) -> None:
        self._chat = chat
        self._rules = rules
        self._wording = wording

    async def open_channel(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Open the channel under the first name that is free, or a thread if we may not."""
        if incident.room:
            return ()  # asked for twice
        private = incident.audience is not None
        refused = NameTaken("every name for its channel is taken")
        for name in channel_names(incident):
            try:
                opened = await self._chat.open_channel(name, private=private)
            except NameTaken as taken:
                refused = taken
                if own := await self._own(incident, {name}, stamp):
                    return own
            except NotAllowed as not_allowed:
                return await self._open_thread(job, incident, stamp, not_allowed)
            else:
                return [ChannelOpened(stamp, opened, name, private)]
        raise refused

    async def find_channel(
        self, job: Job, incident: Incident, stamp: Stamp
    ) -> Sequence[Fact] | None:
        """Return the channel or the thread if an earlier attempt opened it unheard."""
        if incident.room:
            return ()
        own = await self._own(incident, set(channel_names(incident)), stamp)
        return own or await self._find_thread(job, incident, stamp)

    async def _own(
        self, incident: Incident, names: Collection[str], stamp: Stamp
    ) -> Sequence[Fact] | None:
        found = await self._chat.own_channels(names)
        own = next((channel for channel in found if _is_its_own(channel, incident)), None)
        return [ChannelOpened(stamp, own.id, own.name, own.private)] if own else None

    async def _open_thread(
        self, job: Job, incident: Incident, stamp: Stamp, why: NotAllowed
    ) -> Sequence[Fact]:
        """Begin a thread where everybody looks; what is private has no place there."""
        channel = self._policy(incident).announcements
        if incident.audience is not None or channel is None:
            raise why
        words = self._wording.message("thread", incident=incident)
        ts = await self._chat.post(channel, words, Mark(job.incident, job.key))
        return [ThreadOpened(stamp, channel, ts)]

    async def _find_thread(
        self, job: Job, incident: Incident, stamp: Stamp
    ) -> Sequence[Fact] | None:
        channel = self._policy(incident).announcements
        if incident.audience is not None or channel is None:
            return None
        try:
            ts = await self._chat.find_post(channel, Mark(job.incident, job.key))
        except Refused:
            return None  # where nothing can be read, nothing was said
        return [ThreadOpened(stamp, channel, ts)] if ts else None

    def _policy(self, incident: Incident) -> Policy:
        return policy_of(incident, self._rules.policy())

    async def purpose(self, _: Job, incident: Incident, __: Stamp) -> Sequence[Fact]:
        """Say in the channel's purpose whose channel it is."""
        if incident.channel:
            purpose = self._wording.line("purpose", incident=incident)
            await self._chat.set_purpose(incident.channel, purpose)
        return ()

    async def pin(self, _: Job, incident: Incident, __: Stamp) -> Sequence[Fact]:
        """Keep the card at hand."""
        if incident.channel and incident.card:
            await self._chat.pin(incident.channel, incident.card)
        return ()

    async def topic(self, _: Job, incident: Incident, __: Stamp) -> tuple[int, Sequence[Fact]]:
        """Show the state in the topic. One that is right stays: everybody sees a change."""
        if incident.channel:
            topic = self._wording.line("topic", incident=incident)
            if await self._chat.topic(incident.channel) != topic:
                await self._chat.set_topic(incident.channel, topic)
        return incident.seq, ()

    async def bookmarks(self, _: Job, incident: Incident, __: Stamp) -> tuple[int, Sequence[Fact]]:
        """Keep the links of its services and its bridges at the top of the channel."""
        if incident.channel is None:
            return incident.seq, ()
        policy = self._policy(incident)
        wanted = {link: "Bridge" for link in policy.bridges(incident.services)}
        for service in policy.catalogued(incident.services):
            wanted |= {link: f"{service.name}: {title}" for title, link in service.links.items()}
        there = await self._chat.bookmarks(incident.channel)
        for link, title in wanted.items():
            if link not in there:
                await self._chat.bookmark(incident.channel, title, link)
        return incident.seq, ()


def _is_its_own(channel: OwnChannel, incident: Incident) -> bool:
    """Say whether a channel of ours is this incident's, and not of one that bore its name before.

    An attempt that was not heard of left it without a purpose, and not before the incident began.
    """
    began = incident.declared_at
    return (
        channel.id not in incident.former_channels
        and channel.private is (incident.audience is not None)
        and (not channel.purpose or incident.id in channel.purpose)
        and (began is None or channel.opened_at >= began - CLOCKS_DIFFER)
    )
