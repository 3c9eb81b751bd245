"""Keeps what people and other apps say about an incident, without the secrets in it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from bot.domain.jobs import Job, Reply, answer
from bot.domain.redaction import placeholder
from bot.domain.transcript import Message, fit_to_keep, merged
from bot.ports import Clock, Commit, Conflict, Store
from bot.render import Wording

PATIENCE = timedelta(seconds=2)
AT_ONCE = 200  # messages in a commit


class Transcripts:
    """What was said, as it stands now: the last edit counts, and what is deleted is erased."""

    def __init__(self, store: Store, wording: Wording, clock: Clock) -> None:
        self._store = store
        self._wording = wording
        self._clock = clock

    async def hear(self, told: Message, request_key: str) -> None:
        """Keep the news of a message if it belongs to an incident; the same news again is none.

        Who pasted a secret is told so, once. Raises Unavailable (nothing was saved) or
        TimeoutError (it may have been).
        """
        async with asyncio.timeout(PATIENCE.total_seconds()):
            if await self._incident(told) is None:
                return
            message, kinds = fit_to_keep(told)
            held = by_ts(await self._store.transcript(message.channel)) if kinds else {}
            warnings = self._warnings(message, kinds, held.get(message.ts))
            with suppress(Conflict):
                await self._store.commit(
                    Commit(jobs=warnings, messages=(message,), request_key=request_key)
                )

    async def keep(
        self, told: Sequence[Message], held: Mapping[str, Message], jobs: Sequence[Job] = ()
    ) -> None:
        """Keep what is news of a channel's messages, whose incident is known; owe the jobs."""
        news, owed = list[Message](), list(jobs)
        for message, kinds in map(fit_to_keep, told):
            known = held.get(message.ts)
            if merged(known, message) != known:
                news.append(message)
                owed += self._warnings(message, kinds, known)
        if news or owed:
            await self._store.commit(Commit(jobs=owed, messages=news))

    async def thread(self, channel: str, ts: str) -> str:
        """Return the thread that a message which was kept is in, or else its own."""
        known = by_ts(await self._store.transcript(channel)).get(ts)
        return known.thread if known and known.thread else ts

    async def _incident(self, told: Message) -> str | None:
        """Return whose room it was said in, or whose thread."""
        thread = f"{told.channel}/{told.thread or told.ts}"
        room = await self._store.owner("channel", told.channel)
        return room or await self._store.owner("thread", thread)

    def _warnings(
        self, message: Message, kinds: frozenset[str], known: Message | None
    ) -> Sequence[Job]:
        """Return what tells the person who pasted a secret; each is told of once."""
        before = " ".join((known.text, *known.files)) if known else ""
        new = sorted(kind for kind in kinds if placeholder(kind) not in before)
        gone = known is not None and known.deleted
        if not new or message.app or gone:
            return ()
        words = self._wording.message("secret", kinds=new, channel=message.channel)
        reply = Reply(message.author, message.channel, words, message.thread)
        key = f"secret/{message.channel}/{message.ts}/{'+'.join(new)}"
        return (answer(reply, key, self._clock.now()),)


def by_ts(messages: Sequence[Message]) -> Mapping[str, Message]:
    """Return messages by their ts."""
    return {message.ts: message for message in messages}
