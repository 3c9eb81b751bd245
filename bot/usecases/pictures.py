"""Pictures of what is known now, edited in place: the card, the announcement, Home."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.chatter import Mark
from bot.domain.facts import Announced, CardPosted, Fact, Stamp, SubscriptionOpened
from bot.domain.incident import Incident, Post
from bot.domain.jobs import EVERYBODY, Job
from bot.domain.overview import overview
from bot.domain.policy import Policy
from bot.domain.practice import policy_of
from bot.domain.visibility import visible
from bot.ports import Chat, Clock, Gone, Rules, Words
from bot.render import Wording

from .board import Board
from .places import Place, room

Drawn = tuple[int, Sequence[Fact]]


class Pictures:
    """Posts each picture once, finds it again after a crash, and edits it from then on.

    What somebody deleted is posted anew.
    """

    def __init__(
        self, chat: Chat, board: Board, rules: Rules, wording: Wording, clock: Clock
    ) -> None:
        self._chat = chat
        self._board = board
        self._rules = rules
        self._wording = wording
        self._clock = clock

    async def card(self, job: Job, incident: Incident, stamp: Stamp) -> Drawn:
        """Show the incident in its room."""
        place = room(incident)
        if place is None:
            return incident.seq, []  # it moves: the card is drawn where it goes
        stands = Post(place.channel, incident.card) if incident.card else None
        post = await self.show(job, stands, place, await self._words("card", incident))
        return incident.seq, [] if post == stands else [CardPosted(stamp, post.ts, post.channel)]

    async def announcement(self, job: Job, incident: Incident, stamp: Stamp) -> Drawn:
        """Show the incident where everybody looks; of one that is private, show nothing."""
        stands = incident.announcement
        channel = stands.channel if stands else self._policy(incident).announcements
        if channel is None:
            return incident.seq, []  # announcements were switched off meanwhile
        if incident.audience is not None:
            await self.instead(job, stands, channel, self._wording.message("hidden"))
            return incident.seq, []
        words = await self._words("announcement", incident)
        post = await self.show(job, stands, Place(channel), words)
        return incident.seq, [] if post == stands else [Announced(stamp, post.channel, post.ts)]

    async def subscription(self, job: Job, incident: Incident, stamp: Stamp) -> Drawn:
        """Show the incident to somebody who wants to be told; if they no longer do, say so."""
        person = job.reply.person if job.reply else ""
        stands = incident.subscribers.get(person)
        sees = visible(incident, self._rules.authority(person))
        channel = stands.channel if stands else await self._chat.direct(person)
        if not sees:
            await self.instead(job, stands, channel, self._wording.message("hidden"))
        elif person not in incident.subscribers:
            gone = self._wording.message("unsubscribed", incident=incident)
            await self.instead(job, stands, channel, gone)
        else:
            words = await self._words("subscription", incident)
            post = await self.show(job, stands, Place(channel), words)
            if post != stands:
                return incident.seq, [SubscriptionOpened(stamp, person, channel, post.ts)]
        return incident.seq, []

    async def home(self, job: Job, _: Incident, __: Stamp) -> Drawn:
        """Show somebody the open incidents that they may know of, and what is theirs to do."""
        person = job.reply.person if job.reply else ""
        viewer = self._rules.authority(person)
        position = await self._board.position()
        shown = await self._board.open_incidents(viewer)
        view = self._wording.page(
            "home",
            incidents=shown,
            viewer=person,
            actions=await self._board.actions(viewer),
            suggestions=await self._board.suggestions(viewer),
            at=self._clock.now(),
        )
        await self._chat.publish_home(person, view)
        return max(position, job.wanted_seq), []

    async def _words(self, name: str, incident: Incident) -> Words:
        policy = self._policy(incident)
        return self._wording.message(
            name,
            incident=await self._board.quoted(incident),
            bridges=policy.bridges(incident.services),
            told=overview(incident, policy, self._clock.now()),
        )

    def _policy(self, incident: Incident) -> Policy:
        return policy_of(incident, self._rules.policy())

    async def show(self, job: Job, stands: Post | None, place: Place, words: Words) -> Post:
        """Edit the message that stands, or post it once; return where it stands."""
        if stands and await self._edited(stands, words):
            return stands
        unheard = await self._unheard(job, place)
        if unheard and await self._edited(unheard, words):
            return unheard
        mark = Mark(job.incident, job.key)
        posted = await self._chat.post(place.channel, words, mark, place.thread)
        return Post(place.channel, posted)

    async def _edited(self, post: Post, words: Words) -> bool:
        """Show these words there, unless somebody deleted the message."""
        try:
            await self._chat.edit(post.channel, post.ts, words)
        except Gone:
            return False
        return True

    async def instead(self, job: Job, stands: Post | None, channel: str, words: Words) -> None:
        """Show these words instead, if anything was ever shown there."""
        ts = stands.ts if stands else None
        ts = ts or await self._chat.find_post(channel, Mark(job.incident, job.key))
        if ts:
            await self._chat.edit(channel, ts, words)

    async def _unheard(self, job: Job, place: Place) -> Post | None:
        """Return what an earlier attempt posted, if there was one."""
        if job.attempts <= 1:
            return None
        mark = Mark(job.incident, job.key)
        found = await self._chat.find_post(place.channel, mark, place.thread)
        return Post(place.channel, found) if found else None


class Redraw(Protocol):
    """Has the Home drawn again of who looked at theirs lately, or of everybody."""

    async def __call__(self, *, everybody: bool) -> None:
        """Promise it."""


def homes(redraw: Redraw) -> Callable[..., Awaitable[Drawn]]:
    """Return what has the Home drawn again of who looked at theirs lately, or of everybody."""

    async def drawn(job: Job, incident: Incident, _: Stamp) -> Drawn:
        await redraw(everybody=job.reply is not None and job.reply.person == EVERYBODY)
        return incident.seq, ()

    return drawn
