"""Rewrites a journal without what is no longer true, while the store goes on committing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from .disk import Disk
from .documents import COMPLETE, Document
from .frozen import Frozen, Shelf, messages_told
from .journal import Journal, records
from .shelves import Shelves, batches

SHELVED, NOTHING = "Shelved", Shelf(0, 0)


class Compaction:
    """Facts stay as they were written, or move to their own file; of the rest the result."""

    def __init__(
        self, disk: Disk, old: Journal, frozen: Frozen, shelves: Mapping[str, Shelf]
    ) -> None:
        self._disk = disk
        self._old = old
        self._frozen = frozen
        self._before = shelves
        self._read = old.size
        self._shelved: set[str] = set()
        self._moved: defaultdict[str, list[Document]] = defaultdict(list)
        self._new: Journal | None = None

    @property
    def new(self) -> Journal:
        """The journal that is being written."""
        if self._new is None:
            raise TypeError
        return self._new

    def rewrite(self) -> None:
        """Write everything up to the frozen moment; takes long, and disturbs nobody."""
        name = f"{self._old.name}.new"
        self._disk.remove(name)
        self._new = Journal(self._disk, name)
        for some in batches(self._documents()):
            self.new.extend(some)
        shelves = Shelves(self._disk)
        said = self._frozen.moved_messages()
        for incident, channels in self._frozen.moving.items():
            heard = [message for message in said if message.channel in channels]
            before = self._before.get(incident, NOTHING)
            shelves.put(incident, before, self._moved[incident], heard)
        self.new.sync()

    def catch_up(self) -> int:
        """Copy what was committed meanwhile; return how many bytes that was."""
        start = self._read
        for _, end, body in records(self._disk, self._old.name, start):
            self.new.extend(orjson.loads(body))
            self._read = end
        self.new.sync()
        return self._read - start

    def switch(self) -> None:
        """Copy the last of it and go on in the new journal; nothing may be written meanwhile."""
        self.catch_up()
        self._old.replace(self.new)

    def give_up(self) -> None:
        """Leave no trace."""
        if self._new:
            with suppress(OSError):
                self._new.close()
                self._disk.remove(self._new.name)

    def _documents(self) -> Iterator[Document]:
        frozen = self._frozen
        yield frozen.format()
        for incident, shelf in sorted(frozen.shelves.items()):
            yield {"shelved": [incident, *shelf]}
        for document in self._told():
            kept = [k for told in document["streams"] for k in self._kept(told, document)]
            if kept:
                yield {**_told_by(document), "streams": kept}
        yield from frozen.state()
        yield from messages_told(frozen.kept_messages())
        yield COMPLETE

    def _told(self) -> Iterator[Document]:
        for _, end, body in records(self._disk, self._old.name):
            if end > self._read:
                return
            for document in orjson.loads(body):
                if document.get("streams"):
                    yield document

    def _kept(self, told: list[Any], document: Document) -> Iterator[list[Any]]:
        """Yield what the journal keeps of an incident's facts; note what goes to its file."""
        incident, seq, facts = told
        before = self._before.get(incident, NOTHING)
        if incident in self._frozen.moving and seq >= before.facts:
            self._moved[incident].append({**_told_by(document), "streams": [told]})
        if incident not in self._frozen.shelves:
            yield told
            return
        types = [fact["type"] for fact in facts]
        start = 0 if incident in self._shelved else _index(types, SHELVED)
        if start is not None:
            self._shelved.add(incident)
            yield [incident, seq + start, facts[start:]]


def _told_by(document: Document) -> Document:
    return {"position": document["position"], "at": document["at"]}


def _index(types: list[str], name: str) -> int | None:
    return types.index(name) if name in types else None
