"""Pictures of what is known now, edited in place: the card, the announcement, Home."""

from collections.abc import Sequence

from bot.domain.facts import Announced, CardPosted, Fact, Stamp
from bot.domain.incident import Incident, Post
from bot.domain.jobs import Job
from bot.ports import Chat, Clock, Mark, Rules, Words
from bot.render import Wording

from .board import Board
from .places import Place, room

Drawn = tuple[int, Sequence[Fact]]


class Pictures:
    """Posts each picture once, finds it again after a crash, and edits it from then on."""

    def __init__(
        self, chat: Chat, board: Board, rules: Rules, wording: Wording, clock: Clock
    ) -> None:
        self._chat = chat
        self._board = board
        self._rules = rules
        self._wording = wording
        self._clock = clock

    async def card(self, job: Job, incident: Incident, stamp: Stamp) -> Drawn:
        """Show the incident in its channel."""
        place = room(incident)
        if place is None:
            return incident.seq, []  # it moves: the card is drawn where it goes
        stands = Post(place.channel, incident.card) if incident.card else None
        words = self._wording.message("card", incident=incident)
        post = await self._show(job, stands, place, words)
        return incident.seq, [] if stands else [CardPosted(stamp, post.ts, post.channel)]

    async def announcement(self, job: Job, incident: Incident, stamp: Stamp) -> Drawn:
        """Show the incident where everybody looks; of one that is private, show nothing."""
        stands = incident.announcement
        channel = stands.channel if stands else self._rules.policy().announcements
        if channel is None:
            return incident.seq, []  # announcements were switched off meanwhile
        if incident.audience is not None:
            await self._take_back(job, stands, channel)
            return incident.seq, []
        words = self._wording.message("announcement", incident=incident)
        post = await self._show(job, stands, Place(channel), words)
        return incident.seq, [] if stands else [Announced(stamp, post.channel, post.ts)]

    async def home(self, job: Job, _: Incident, __: Stamp) -> Drawn:
        """Show somebody the open incidents that they may know of."""
        person = job.reply.person if job.reply else ""
        position = await self._board.position()
        shown = await self._board.open_incidents(self._rules.authority(person))
        view = self._wording.page("home", incidents=shown, at=self._clock.now())
        await self._chat.publish_home(person, view)
        return max(position, job.wanted_seq), []

    async def _show(self, job: Job, stands: Post | None, place: Place, words: Words) -> Post:
        stands = stands or await self._unheard(job, place)
        if stands is None:
            mark = Mark(job.incident, job.key)
            posted = await self._chat.post(place.channel, words, mark, place.thread)
            return Post(place.channel, posted)
        await self._chat.edit(stands.channel, stands.ts, words)
        return stands

    async def _take_back(self, job: Job, stands: Post | None, channel: str) -> None:
        stands = stands or await self._unheard(job, Place(channel))
        if stands:
            await self._chat.edit(stands.channel, stands.ts, self._wording.message("hidden"))

    async def _unheard(self, job: Job, place: Place) -> Post | None:
        """Return what an earlier attempt posted, if there was one."""
        if job.attempts <= 1:
            return None
        mark = Mark(job.incident, job.key)
        found = await self._chat.find_post(place.channel, mark, place.thread)
        return Post(place.channel, found) if found else None
