"""Effects of leaving one room for another: whoever comes to the old one finds the new one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from bot.chatter import Mark
from bot.domain.authority import BOT
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.ports import Chat, Unavailable, Words
from bot.render import Wording

from .board import Board
from .places import Place, room

Learned = Sequence[Fact]


class Moves:
    """Says once, in a room, where the incident came from or where it went; closes old rooms."""

    def __init__(self, chat: Chat, board: Board, wording: Wording) -> None:
        self._chat = chat
        self._board = board
        self._wording = wording

    async def continued(self, job: Job, incident: Incident, _: Stamp) -> Learned:
        """Say in the new channel where it was before."""
        words = self._wording.message("continued", incident=incident)
        return await self._say(job, room(incident), words)

    async def pointer(self, job: Job, incident: Incident, _: Stamp) -> Learned:
        """Say in the room of a merged incident which one goes on, and where."""
        into = await self._board.incident(incident.into or "", BOT)
        words = self._wording.message("pointer", incident=incident, into=into)
        return await self._say(job, room(incident), words)

    async def find_said(self, job: Job, incident: Incident, _: Stamp) -> Learned | None:
        """Return that it was said in the room, if an earlier attempt said it unheard."""
        place = room(incident)
        return () if place is None or await self._said(job, place) else None

    async def roomless(self, job: Job, incident: Incident, _: Stamp) -> Learned:
        """Tell one of those in it directly that it has no room, and what to do."""
        person = job.reply.person if job.reply else ""
        if person in incident.people and not incident.room:
            words = self._wording.message("roomless", incident=incident)
            await self._chat.tell(person, words, Mark(job.incident, job.key))
        return ()

    async def find_told(self, job: Job, _: Incident, __: Stamp) -> Learned | None:
        """Return that they were told, if an earlier attempt told them unheard."""
        person = job.reply.person if job.reply else ""
        return () if await self._chat.told(person, Mark(job.incident, job.key)) else None

    async def archive(self, job: Job, incident: Incident, _: Stamp) -> Learned:
        """Say in the old channel where things are from now on, and close it."""
        place = _place(job)
        with suppress(Refused):  # somebody else has closed it
            await self._say(job, place, self._wording.message("goodbye", incident=incident))
        return await self._close(place)

    async def find_archived(self, job: Job, _: Incident, __: Stamp) -> Learned | None:
        """Close the old channel if the rest was done unheard."""
        place = _place(job)
        return await self._close(place) if await self._said(job, place) else None

    async def tombstone(self, job: Job, incident: Incident, _: Stamp) -> Learned:
        """Say where it was that it is private now, and show nothing more of it there."""
        place = _place(job)
        if place.channel not in incident.former_channels:
            return await self._hide_thread(job, place)
        with suppress(Refused):
            await self._say(job, Place(place.channel), self._wording.message("tombstone"))
        return await self._bury(job, place)

    async def find_tombstone(self, job: Job, incident: Incident, _: Stamp) -> Learned | None:
        """Do the rest if it was said unheard; a thread is hidden as often as you like."""
        place = _place(job)
        if place.channel not in incident.former_channels:
            return None
        said = await self._said(job, Place(place.channel))
        return await self._bury(job, place) if said else None

    async def _bury(self, job: Job, place: Place) -> Learned:
        """Take the card of the old channel away, and close it."""
        with _begun(), suppress(Refused):  # there never was a card, or the channel is closed
            card = place.thread or await self._card(job, Place(place.channel))
            if card:
                await self._chat.edit(place.channel, card, self._wording.message("hidden"))
        return await self._close(place)

    async def _hide_thread(self, job: Job, place: Place) -> Learned:
        hidden = self._wording.message("hidden")
        await self._chat.edit(place.channel, place.thread, hidden)
        if card := await self._card(job, place):
            await self._chat.edit(place.channel, card, hidden)
        return ()

    async def _card(self, job: Job, place: Place) -> str | None:
        mark = Mark(job.incident, f"{job.incident}/{Kind.CARD}")
        return await self._chat.find_post(place.channel, mark, place.thread)

    async def _close(self, place: Place) -> Learned:
        with _begun():
            await self._chat.archive(place.channel)
        return ()

    async def _say(self, job: Job, place: Place | None, words: Words) -> Learned:
        if place:
            mark = Mark(job.incident, job.key)
            await self._chat.post(place.channel, words, mark, place.thread)
        return ()

    async def _said(self, job: Job, place: Place) -> bool:
        mark = Mark(job.incident, job.key)
        try:
            return await self._chat.find_post(place.channel, mark, place.thread) is not None
        except Refused:
            return False  # where nothing can be read, nothing was said


@contextmanager
def _begun() -> Iterator[None]:
    """Let what has to wait count as begun: the next attempt looks what was said already."""
    try:
        yield
    except Unavailable as error:
        raise Unavailable(str(error)) from error


def _place(job: Job) -> Place:
    """Return which room the job is about: a channel and a message in it, perhaps its thread."""
    return Place(job.reply.channel, job.reply.thread) if job.reply else Place("")
