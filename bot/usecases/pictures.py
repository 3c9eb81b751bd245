"""Pictures of what is known now, edited in place: the card, the announcement, Home."""

from collections.abc import Sequence

from bot.domain.facts import Announced, CardPosted, Fact, Stamp
from bot.domain.incident import Incident, Post
from bot.domain.jobs import Job
from bot.ports import Chat, Clock, Mark, Rules, Words
from bot.render import Wording

from .board import Board

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
        channel = incident.channel or ""
        stands = Post(channel, incident.card) if incident.card else None
        words = self._wording.message("card", incident=incident)
        post = await self._show(job, stands, channel, words)
        return incident.seq, [] if stands else [CardPosted(stamp, post.ts)]

    async def announcement(self, job: Job, incident: Incident, stamp: Stamp) -> Drawn:
        """Show the incident where everybody looks."""
        stands = incident.announcement
        channel = stands.channel if stands else self._rules.policy().announcements
        if channel is None:
            return incident.seq, []  # announcements were switched off meanwhile
        words = self._wording.message("announcement", incident=incident)
        post = await self._show(job, stands, channel, words)
        return incident.seq, [] if stands else [Announced(stamp, post.channel, post.ts)]

    async def home(self, job: Job, _: Incident, __: Stamp) -> Drawn:
        """Show somebody the open incidents that they may know of."""
        person = job.reply.person if job.reply else ""
        position = await self._board.position()
        shown = await self._board.open_incidents(self._rules.authority(person))
        view = self._wording.page("home", incidents=shown, at=self._clock.now())
        await self._chat.publish_home(person, view)
        return max(position, job.wanted_seq), []

    async def _show(self, job: Job, stands: Post | None, channel: str, words: Words) -> Post:
        mark = Mark(job.incident, job.key)
        if stands is None and job.attempts > 1:
            found = await self._chat.find_post(channel, mark)
            stands = Post(channel, found) if found else None
        if stands is None:
            return Post(channel, await self._chat.post(channel, words, mark))
        await self._chat.edit(stands.channel, stands.ts, words)
        return stands
