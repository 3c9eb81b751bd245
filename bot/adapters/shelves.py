"""One file for each incident that is over: its facts and what was said in its channels."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

import orjson

from bot.domain.facts import Fact
from bot.domain.records import from_record
from bot.domain.transcript import Message, merged

from .disk import Disk
from .documents import Document
from .frozen import Shelf, messages_told
from .journal import Journal, records

MANY = 256  # documents in one record


class Shelves:
    """Files in the folder `closed`, each written whole and put in its place at once."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def put(
        self, incident: str, shelf: Shelf, told: Sequence[Document], said: Sequence[Message]
    ) -> None:
        """Write an incident's file anew: what `shelf` says is in it, and what is new."""
        facts = list(self.told(incident, shelf)) if shelf.facts else []
        before = self.messages(incident) if shelf.facts else []
        heard = {(m.channel, m.ts): m for m in before}
        for message in said:
            key = (message.channel, message.ts)
            heard[key] = merged(heard.get(key), message)
        new = _name(incident) + ".new"
        self._disk.remove(new)
        file = Journal(self._disk, new)
        try:
            for some in batches([*facts, *told, *messages_told(list(heard.values()))]):
                file.extend(some)
            file.sync()
        finally:
            file.close()
        self._disk.rename(new, _name(incident))
        self._disk.sync_names(_name(incident))

    def documents(self, incident: str) -> Iterator[Document]:
        """Yield what is in the incident's file."""
        for _, _, body in records(self._disk, _name(incident)):
            yield from orjson.loads(body)

    def told(self, incident: str, shelf: Shelf) -> Iterator[Document]:
        """Yield the incident's facts; what a move that did not end wrote beyond is left out."""
        for document in self.documents(incident):
            if "streams" in document and document["position"] <= shelf.position:
                yield document

    def facts(self, incident: str, shelf: Shelf) -> list[Fact]:
        """Return the incident's facts that are in its file."""
        told = [document["streams"] for document in self.told(incident, shelf)]
        return [from_record(record) for ((_, _, facts),) in told for record in facts]

    def messages(self, incident: str) -> list[Message]:
        """Return what was said in its channels."""
        return _messages(self.documents(incident))


def batches(documents: Sequence[Document] | Iterator[Document]) -> Iterator[list[Document]]:
    """Yield documents in records of a size that is read quickly."""
    some: list[Document] = []
    for document in documents:
        some.append(document)
        if len(some) == MANY:
            yield some
            some = []
    if some:
        yield some


def _messages(documents: Iterator[Document] | Sequence[Document]) -> list[Message]:
    return [Message(**document["message"]) for document in documents if "message" in document]


def _name(incident: str) -> str:
    return f"closed/{quote(incident, safe='')}.journal"
