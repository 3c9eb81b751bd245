"""Reads again what was said, for what no event told of: the bot was away, or an event was lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.chatter import Part
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Reply, later, reading
from bot.domain.keeping import places
from bot.domain.transcript import Message, erased, moment
from bot.ports import Chat, Store

from .transcripts import Transcripts, by_ts

Held = Mapping[str, Message]

SETTLED = timedelta(seconds=10)  # what is younger is perhaps not shown yet


@dataclass(frozen=True, slots=True)
class Found:
    """What is held of a channel, and what of that is not shown at this moment."""

    held: Held
    missing: Sequence[Message]
    stamp: Stamp


class Reconciliation:
    """Reads a part in each job, which owes the parts after it: nothing is read twice for long."""

    def __init__(self, store: Store, chat: Chat, transcripts: Transcripts) -> None:
        self._store = store
        self._chat = chat
        self._transcripts = transcripts

    async def read(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Read one part and keep what is news; owe the next ones, at first one for each place."""
        match job.reply:
            case None:
                begun = [reading(job, post.channel, thread=post.ts) for post in places(incident)]
                await self._transcripts.keep((), {}, begun)
            case Reply(_, channel, _, thread) if thread:
                await self._thread(job, channel, thread, stamp)
            case Reply(_, channel, message):
                await self._page(job, channel, str(message["before"]), stamp)
        return ()

    async def _thread(self, job: Job, channel: str, thread: str, stamp: Stamp) -> None:
        held = by_ts(await self._store.transcript(channel))
        part = await self._chat.replies(channel, thread)
        there = [m for m in held.values() if thread in {m.ts, m.thread}]
        await self._keep(job, part, Found(held, _missing(there, part), stamp))

    async def _page(self, job: Job, channel: str, before: str, stamp: Stamp) -> None:
        held = by_ts(await self._store.transcript(channel))
        part = await self._chat.history(channel, before)

        def within(ts: str) -> bool:
            return moment(part.since) <= moment(ts) and (not before or moment(ts) < moment(before))

        there = [m for m in held.values() if not m.thread and within(m.ts)]
        known = {m.thread for m in held.values() if m.thread and within(m.thread)}
        owed = [reading(job, channel, thread=ts) for ts in sorted({*part.threads, *known})]
        owed += [reading(job, channel, before=part.since)] if part.since else []
        await self._keep(job, part, Found(held, _missing(there, part), stamp), owed)

    async def _keep(self, job: Job, part: Part, found: Found, owed: Sequence[Job] = ()) -> None:
        """Keep what was said, and what is gone; look later again for what may be shown by then."""
        at = found.stamp.occurred_at
        settled, now = (at - SETTLED).timestamp(), f"{at.timestamp():.6f}"
        gone = [m for m in found.missing if moment(m.ts)[0] < settled]
        again = [later(job, at + SETTLED)] if len(gone) < len(found.missing) else []
        said = [*part.said, *(erased(m, now, "") for m in gone)]
        await self._transcripts.keep(said, found.held, [*owed, *again])


def _missing(there: Iterable[Message], part: Part) -> list[Message]:
    """Return what was there and is not shown any more."""
    return [m for m in there if m.ts not in part.shown and not m.deleted]
