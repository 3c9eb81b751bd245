"""Effects on the incident's channel: opened once, made ready, kept true."""

from collections.abc import Sequence

from bot.domain.facts import ChannelOpened, Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.domain.names import channel_names
from bot.ports import Chat, NameTaken
from bot.render import Wording


class Rooms:
    """Opens and furnishes channels."""

    def __init__(self, chat: Chat, wording: Wording) -> None:
        self._chat = chat
        self._wording = wording

    async def open_channel(self, _: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Open the channel under the first name that is free."""
        refused = NameTaken("every name for its channel is taken")
        for name in channel_names(incident):
            try:
                opened = await self._chat.open_channel(name, private=incident.audience is not None)
            except NameTaken as taken:
                refused = taken
            else:
                return [ChannelOpened(stamp, opened, name)]
        raise refused

    async def find_channel(
        self, _: Job, incident: Incident, stamp: Stamp
    ) -> Sequence[Fact] | None:
        """Return the channel if an earlier attempt opened it unheard."""
        found = await self._chat.find_channel(set(channel_names(incident)))
        return [ChannelOpened(stamp, *found)] if found else None

    async def invite(self, _: Job, incident: Incident, __: Stamp) -> Sequence[Fact]:
        """Bring in who declared it and who took it; others come and go as they like."""
        carrying = {incident.commander, incident.acknowledged_by}
        await self._chat.invite(incident.channel or "", incident.people & carrying)
        return ()

    async def purpose(self, _: Job, incident: Incident, __: Stamp) -> Sequence[Fact]:
        """Say in the channel's purpose whose channel it is."""
        purpose = self._wording.line("purpose", incident=incident)
        await self._chat.set_purpose(incident.channel or "", purpose)
        return ()

    async def pin(self, _: Job, incident: Incident, __: Stamp) -> Sequence[Fact]:
        """Keep the card at hand."""
        await self._chat.pin(incident.channel or "", incident.card or "")
        return ()

    async def topic(self, _: Job, incident: Incident, __: Stamp) -> tuple[int, Sequence[Fact]]:
        """Show the state in the topic. One that is right stays: everybody sees a change."""
        channel, topic = incident.channel or "", self._wording.line("topic", incident=incident)
        if await self._chat.topic(channel) != topic:
            await self._chat.set_topic(channel, topic)
        return incident.seq, ()
