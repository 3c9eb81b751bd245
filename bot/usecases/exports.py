"""One incident as a file of data, for somebody who may know of it."""

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from bot.domain.exports import exported
from bot.domain.incident import Incident
from bot.domain.keeping import places, stands_in
from bot.domain.transcript import Message, moment
from bot.ports import Store

from .story import Stories

MOST = 8 * 1024 * 1024  # bytes of what was said; what is older is left out


class Exports:
    """Writes incidents as JSON."""

    def __init__(self, store: Store, stories: Stories, most: int = MOST) -> None:
        self._store = store
        self._stories = stories
        self._most = most

    async def text(self, incident: str) -> str:
        """Return everything that is kept of the incident. Raises Unavailable."""
        story = await self._stories.story(incident)
        everything = await self._said(story.incident)
        said = self._newest(everything)
        people = story.incident.people | {p for held in story.people.values() for p in held}
        names = await self._stories.names(people)
        facts = await self._stories.facts(incident)
        told = exported(story, facts, said, names)
        told["transcript_left_out"] = len(everything) - len(said)
        return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()

    async def _said(self, incident: Incident) -> Sequence[Message]:
        """Return what was said in its channels and threads, each message once."""
        said = {
            (message.channel, message.ts): message
            for post in places(incident)
            for message in await self._store.transcript(post.channel)
            if stands_in(post, message)
        }
        return sorted(said.values(), key=lambda message: moment(message.ts))

    def _newest(self, said: Sequence[Message]) -> Sequence[Message]:
        room, kept = self._most, list[Message]()
        for message in reversed(said):
            room -= len(orjson.dumps(asdict(message)))
            if room < 0:
                break
            kept.append(message)
        return kept[::-1]
