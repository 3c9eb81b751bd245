"""Tells of changes as they happen."""

import asyncio
from collections.abc import AsyncIterator

from sandbox.cluster.cluster import Cluster
from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import Refused
from sandbox.cluster.requests import Call
from sandbox.cluster.selectors import Matches
from sandbox.cluster.store import Change
from sandbox.cluster.versions import shown
from sandbox.wire import Json

LONGEST = 1800.0  # of the clock's seconds, where nobody says how long
BETWEEN_BOOKMARKS = 60.0


class Watch:
    """One client's look at the objects that it means."""

    def __init__(
        self, cluster: Cluster, kind: Kind, call: Call, matches: Matches, ends: asyncio.Event
    ) -> None:
        self._cluster = cluster
        self._kind = kind
        self._matches = matches
        self._ends = ends
        self._since = _number(call, "resourceVersion")
        self._until = cluster.clock.now() + (_number(call, "timeoutSeconds") or LONGEST)
        self._has_bookmarks = call.options.get("allowWatchBookmarks") == "true"
        if call.options.get("sendInitialEvents") == "true":
            raise Refused(422, "sendInitialEvents is forbidden: list, then watch")

    async def events(self) -> AsyncIterator[Json]:
        """Yield what is to be told, until the time is over."""
        store = self._cluster.store
        if not self._since:
            self._since = store.version
            for thing in store.all(self._kind.resource):
                if self._matches(thing):
                    yield self._event("ADDED", thing)
        woken = asyncio.Event()
        store.listeners.add(woken.set)
        try:
            async for event in self._changes(woken):
                yield event
        finally:
            store.listeners.discard(woken.set)

    async def _changes(self, woken: asyncio.Event) -> AsyncIterator[Json]:
        store, clock = self._cluster.store, self._cluster.clock
        bookmark = clock.now() + BETWEEN_BOOKMARKS
        while not self._ends.is_set():
            woken.clear()
            changes = store.since(self._since)
            if changes is None:
                yield {"type": "ERROR", "object": _gone(self._since, store.version).status()}
                return
            self._since = store.version
            for change in changes:
                if event := self._told(change):
                    yield event
            if clock.now() >= self._until:
                return
            if clock.now() >= bookmark and self._has_bookmarks:
                bookmark = clock.now() + BETWEEN_BOOKMARKS
                yield self._bookmark()
            await self._wait(woken, min(bookmark, self._until) - clock.now())

    async def _wait(self, woken: asyncio.Event, seconds: float) -> None:
        either = _first(woken, self._ends)
        try:
            await self._cluster.clock.limit(either, max(seconds, 0.001))
        except TimeoutError:
            return

    def _told(self, change: Change) -> Json | None:
        if change.resource != self._kind.resource:
            return None
        was = change.before is not None and self._matches(change.before)
        matches = self._matches(change.thing)
        if change.type == "DELETED" or (was and not matches):
            return self._event("DELETED", change.thing) if was else None
        if not matches:
            return None
        return self._event("MODIFIED" if was else "ADDED", change.thing)

    def _event(self, how: str, thing: Json) -> Json:
        return {"type": how, "object": shown(thing, self._kind)}

    def _bookmark(self) -> Json:
        meta = {"resourceVersion": str(self._since), "creationTimestamp": None}
        named = {"kind": self._kind.kind, "apiVersion": self._kind.api_version}
        return {"type": "BOOKMARK", "object": {**named, "metadata": meta}}


async def _first(one: asyncio.Event, other: asyncio.Event) -> None:
    """Return once either has been set."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(event.wait()) for event in (one, other)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


def _gone(since: int, version: int) -> Refused:
    return Refused(410, f"too old resource version: {since} ({version})")


def _number(call: Call, name: str) -> int:
    given = call.options.get(name, "") or "0"
    if not given.isdecimal():
        words = f'strconv.ParseUint: parsing "{given}": invalid syntax'
        raise Refused(400, f"{name}: Invalid value: {given}: {words}")
    return int(given)
