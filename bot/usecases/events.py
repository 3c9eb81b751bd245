"""The event log's lines as the store tells them: one per fact, each chained to the one before."""

import hashlib
from collections.abc import AsyncIterator
from typing import NamedTuple

import orjson

from bot.domain.events import Event, Place, told
from bot.domain.incident import Incident, replay
from bot.ports import Store, Tail, Unavailable

START = Tail(b"", b"")


class Misfit(Unavailable):
    """The file is not one that was written from this store."""

    def __init__(self) -> None:
        super().__init__("its end is not what this store's facts give")


class Written(NamedTuple):
    """What a line of ours says of itself."""

    event_id: str
    position: int
    previous: str


class Events:
    """Tells facts as lines. What it remembers of incidents only saves reading them again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[int, Incident]] = {}

    async def since(self, tail: Tail) -> AsyncIterator[bytes]:
        """Yield every line that belongs after such an end, without newlines.

        Raises Misfit, before the first line, if the end was not written from these facts.
        """
        previous = digest(tail.last)
        begun = b"" if tail.last else tail.torn  # after a line of ours, any crash may have begun
        async for event in self._after(tail.last) if tail.last else self._all(0):
            text = line(event, previous)
            if not text.startswith(begun):
                raise Misfit
            previous, begun = digest(text), b""
            yield text
        if begun:
            raise Misfit

    async def _after(self, last: bytes) -> AsyncIterator[Event]:
        """Yield the events after the one of this line, which may be in the midst of a commit."""
        known = read(last)
        if not known or not 0 < known.position <= (await self._store.head()).position:
            raise Misfit
        found = False
        async for event in self._all(known.position - 1):
            if found:
                yield event
            elif event["position"] != known.position:
                raise Misfit
            elif event["event_id"] == known.event_id:
                if line(event, known.previous) != last:
                    raise Misfit
                found = True
        if not found:
            raise Misfit

    async def _all(self, after: int) -> AsyncIterator[Event]:
        async for position, streams in self._store.chronicle(after):
            for incident, before, records in streams:
                known = await self._as_of(incident, before)
                for number, record in enumerate(records, before + 1):
                    known, event = told(known, dict(record), Place(position, number))
                    yield event
                self._remember(known, before + len(records))

    async def _as_of(self, incident: str, facts: int) -> Incident:
        """Return the incident as its first so many facts tell it."""
        count, known = self._known.get(incident, (0, Incident(incident)))
        if count == facts:
            return known
        return replay(incident, (await self._store.history(incident))[:facts])

    def _remember(self, incident: Incident, facts: int) -> None:
        if incident.shelved:
            self._known.pop(incident.id, None)
        else:
            self._known[incident.id] = facts, incident


def line(event: Event, previous: str) -> bytes:
    """Return the event as it is written; whatever order a store keeps keys in, it is the same."""
    payload = orjson.Fragment(orjson.dumps(event["payload"], option=orjson.OPT_SORT_KEYS))
    return orjson.dumps({**event, "payload": payload, "previous": previous})


def digest(text: bytes) -> str:
    """Return what the next line says of this one; before the first there is nothing."""
    return hashlib.sha256(text).hexdigest() if text else ""


def read(text: bytes) -> Written | None:
    """Return what a line says of itself, None if it is none of ours."""
    try:
        found: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    match found:
        case {"event_id": str(event_id), "position": int(position), "previous": str(previous)}:
            return Written(event_id, position, previous)
        case _:
            return None
