"""An incident told whole: composed of its facts, what was said, and what the chat knows."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.domain.authority import BOT
from bot.domain.errors import Refused
from bot.domain.facts import Absorbed, Fact, Shelved
from bot.domain.incident import Incident, Post, replay
from bot.domain.postmortem import Line, Postmortem, Sources, postmortem
from bot.domain.timeline import Entry, changes_story, sources, timeline, united
from bot.domain.transcript import Message
from bot.ports import Chat, Clock, Store, Unavailable
from bot.render import Wording

KEPT_FOR = timedelta(hours=1)  # people are renamed, messages deleted
AT_ONCE = 8  # questions to the chat
MANY = 10_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Known(Generic[K, V]):
    """What was looked up a while ago, so that a long search goes on where it was stopped."""

    def __init__(self, look_up: Callable[[K], Awaitable[V]], clock: Clock) -> None:
        self._look_up = look_up
        self._clock = clock
        self._known: dict[K, tuple[datetime, V]] = {}

    async def of(self, keys: Iterable[K]) -> Mapping[K, V]:
        """Return what is known of each. Raises Unavailable; what was found until then stays."""
        wanted = list(dict.fromkeys(keys))
        self._forget()
        found = {key: self._known[key][1] for key in wanted if key in self._known}
        missing = [key for key in wanted if key not in found]
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            for failure in await asyncio.gather(*(self._learn(key, found) for key in some)):
                if failure:
                    raise failure
        return {key: found[key] for key in wanted}

    async def _learn(self, key: K, found: dict[K, V]) -> Unavailable | None:
        try:
            found[key] = await self._look_up(key)
        except Unavailable as unavailable:
            return unavailable
        self._known[key] = self._clock.now(), found[key]
        return None

    def _forget(self) -> None:
        old = self._clock.now() - KEPT_FOR
        if len(self._known) > MANY:
            self._known.clear()
        self._known = {key: known for key, known in self._known.items() if known[0] > old}


class Stories:
    """Tells incidents whole. Whoever asks must be one who may know of them."""

    def __init__(self, store: Store, chat: Chat, wording: Wording, clock: Clock) -> None:
        self._store = store
        self._chat = chat
        self._wording = wording
        self._clock = clock
        self._names = Known(self._name, clock)
        self._links = Known(self._link, clock)

    async def story(self, incident: str) -> Postmortem:
        """Return what there is to tell, as of now. Raises Unavailable."""
        facts = await self.facts(incident)
        whole = replay(incident, facts)
        entries = united(await self._timelines(incident, facts, set()))
        posts = {*sources(entries), *(a.source for a in whole.actions if a.source)}
        said = await self.said({post.channel for post in posts})
        gone = {post for post in posts if post in said and said[post].deleted}
        links = await self._links.of(sorted(posts - gone, key=lambda p: (p.channel, p.ts)))
        return postmortem(whole, entries, Sources(said, links), self._clock.now())

    async def text(self, story: Postmortem) -> str:
        """Return the story as a document. Raises Unavailable."""
        wanted = Wanted()
        self._wording.document("postmortem", story=story, names=wanted)
        names = await self.names(wanted.asked)
        return self._wording.document("postmortem", story=story, names=names)

    async def names(self, people: Collection[str]) -> Mapping[str, str]:
        """Return what people are called; whoever is not known, by their id."""
        return await self._names.of(sorted(set(people) - {BOT.person}))

    async def course(self, incident: str) -> Sequence[Entry]:
        """Return the timeline of an incident and of those it took in, without asking the chat."""
        return united(await self._timelines(incident, await self.facts(incident), set()))

    async def quoted(self, entries: Sequence[Entry]) -> Sequence[Line]:
        """Return entries with the words of their messages, without asking the chat."""
        found = Sources(await self.said({post.channel for post in sources(entries)}), {})
        return [Line(entry, found.of(entry.source)) for entry in entries]

    async def facts(self, incident: str) -> Sequence[Fact]:
        """Return all that happened, also of an incident that was put away."""
        told = await self._store.history(incident)
        return [fact for fact in told if not isinstance(fact, Shelved)]

    async def changed(self, incident: Incident) -> bool:
        """Say whether there is more to tell than its post-mortem does."""
        since = await self._store.history(incident.id, incident.postmortem_tells)
        return any(changes_story(fact) for fact in since)

    async def said(self, channels: Iterable[str]) -> Mapping[Post, Message]:
        """Return what people wrote there, as they wrote it."""
        return {
            Post(channel, message.ts): message
            for channel in channels
            for message in await self._store.transcript(channel)
        }

    async def _timelines(
        self, incident: str, facts: Sequence[Fact], told: set[str]
    ) -> list[Sequence[Entry]]:
        """Return the timelines of an incident and of those it took in."""
        told.add(incident)
        found = [timeline(replay(incident, facts), facts)]
        for absorbed in (fact.incident for fact in facts if isinstance(fact, Absorbed)):
            if absorbed not in told:
                found += await self._timelines(absorbed, await self.facts(absorbed), told)
        return found

    async def _name(self, person: str) -> str:
        try:
            return await self._chat.name(person)
        except Refused:
            return person

    async def _link(self, post: Post) -> str | None:
        return await self._chat.permalink(post.channel, post.ts)


class Wanted(dict[str, str]):
    """Knows no name, and notes whose is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = set[str]()

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        """Return the default."""
        self.asked.add(key)
        return default
