"""What is declared, what may be the same, and what is offered before anybody declares."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.domain.authority import BOT, Authority
from bot.domain.commands import Declare
from bot.domain.decisions import UNKNOWN
from bot.domain.errors import Refused
from bot.domain.incident import Incident, Post
from bot.domain.jobs import Reply, join
from bot.domain.likeness import alike, repeats
from bot.domain.owing import over
from bot.domain.titles import title_and_details
from bot.ports import Clock, Store, Unavailable

from .board import Board
from .incidents import Incidents, declared_already

MOST_ALIKE = 3
QUIET = timedelta(minutes=10)  # between two offers in one channel
STRETCH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of declaring; `again` is that it was open already, and nothing is new."""

    incident: Incident
    alike: Sequence[Incident]
    again: bool = False


class Declarations:
    """Declares what was not just declared, and shows each person what might be the same."""

    def __init__(self, store: Store, incidents: Incidents, board: Board, clock: Clock) -> None:
        self._store = store
        self._incidents = incidents
        self._board = board
        self._clock = clock
        self._turns = WeakValueDictionary[tuple[str, str], asyncio.Lock]()

    async def declare(self, command: Declare, request_key: str, *, another: bool = False) -> Made:
        """Declare it; the same person's same words again are what is open, unless it is another.

        Raises as `Incidents.handle` does.
        """
        by, words = command.by, title_and_details(command.text)[0].casefold()
        async with self._turns.setdefault((by.person, words), asyncio.Lock()):  # two are one
            known = None
            if await self._incidents.spent_on(request_key) is None:
                command = await self._where_it_may_come_from(command)
                known = None if another else await self._just_declared(command)
            made = known or await self._incidents.handle(None, command, request_key)
        return Made(made, await self._others_like(made, by), again=known is not None)

    async def join(self, incident: str, by: Authority, request_key: str) -> Incident:
        """Owe somebody an invitation to what they may know of; raises Refused if it is over."""
        found = await self._board.incident(incident, by)
        if found is None:
            raise Refused(UNKNOWN)
        if found.into:
            msg = f"{found.id} is merged into {found.into}: `/incident status {found.into}`."
            raise Refused(msg)
        if over(found):
            msg = f"{found.id} is {found.status}; there is nothing to join any more."
            raise Refused(msg)
        await self._incidents.owe(
            join(found.id, by.person, request_key, self._clock.now()), request_key
        )
        return found

    async def alike(
        self, viewer: Authority, services: tuple[str, ...] = (), but: str = ""
    ) -> Sequence[Incident]:
        """Return the open incidents that might be the same, the newest first."""
        now, known = self._clock.now(), await self._board.open_incidents(viewer)
        found = [i for i in known if i.id != but and alike(i, services, now)]
        newest = sorted(found, key=lambda i: i.declared_at or now, reverse=True)
        return newest[:MOST_ALIKE]

    async def origin(self, message: Post, by: Authority) -> Post | None:
        """Return where an incident may say that it came from; nothing private becomes public.

        Raises Refused if one that this person may know of came from there already.
        """
        thread = await self._store.owner("thread", f"{message.channel}/{message.ts}")
        if thread and await self._board.incident(thread, by):
            raise declared_already(thread)
        room = await self._incidents.in_channel(message.channel)
        there = await self._board.incident(room, BOT) if room else None
        hidden = there is not None and there.audience is not None
        return None if hidden else message

    async def offer(self, reply: Reply, said_at: datetime) -> None:
        """Answer what was just said in a channel, unless that was done there in ten minutes."""
        now = self._clock.now()
        if now - said_at > QUIET:  # told of late: the moment has passed
            return
        stretch = int(now.timestamp() // STRETCH.total_seconds())
        keys = [f"offer/{reply.channel}/{stretch - n}" for n in range(QUIET // STRETCH + 1)]
        spent = [await self._store.owner("request", f"{key}/answer") for key in keys]
        if all(owner is None for owner in spent):
            await self._incidents.owe_answer(reply, keys[0])

    async def _others_like(self, made: Incident, viewer: Authority) -> Sequence[Incident]:
        """Return what might be the same; what was declared is told even if that is not known."""
        try:
            return await self.alike(viewer, made.services, made.id)
        except Unavailable:
            return []

    async def _where_it_may_come_from(self, command: Declare) -> Declare:
        if command.origin is None:
            return command
        return replace(command, origin=await self.origin(command.origin, command.by))

    async def _just_declared(self, command: Declare) -> Incident | None:
        known = await self._board.open_incidents(command.by)
        now = self._clock.now()
        return next((i for i in known if repeats(i, command, now)), None)
