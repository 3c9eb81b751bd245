"""One file for each incident that is over: its facts and what was said in its channels."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from urllib.parse import quote

import orjson

from bot.domain.facts import Fact
from bot.domain.records import from_record
from bot.domain.transcript import Message, merged

from .disk import Disk
from .documents import Document, message_from
from .frozen import Shelf, messages_told
from .journal import Corrupt, Journal, records

BATCH = 256  # documents in one record


class Shelves:
    """Files in the folder `closed`, each written whole and put in its place at once."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def put(
        self, incident: str, shelf: Shelf, told: Sequence[Document], said: Sequence[Message]
    ) -> None:
        """Write an incident's file anew: what `shelf` says is in it, and what is new."""
        facts = self.told(incident, shelf) if shelf.facts else []
        before = self.messages(incident, shelf) if shelf.facts else []
        heard = {(m.channel, m.ts): m for m in before}
        for message in said:
            key = (message.channel, message.ts)
            heard[key] = merged(heard.get(key), message)
        new = _name(incident) + ".new"
        self._disk.remove(new)
        file = Journal(self._disk, new)
        with ExitStack() as failing:
            failing.callback(self._disk.remove, new)
            with closing(file):
                for some in batches([*facts, *told, *messages_told(list(heard.values()))]):
                    file.extend(some)
                file.sync()
            self._disk.rename(new, _name(incident))
            failing.pop_all()
        self._disk.sync_names(_name(incident))

    def told(self, incident: str, shelf: Shelf) -> list[Document]:
        """Return the incident's facts, by commit."""
        return [document for document in self._sound(incident, shelf) if "streams" in document]

    def facts(self, incident: str, shelf: Shelf) -> list[Fact]:
        """Return the incident's facts that are in its file."""
        told = [document["streams"] for document in self.told(incident, shelf)]
        return [from_record(record) for ((_, _, facts),) in told for record in facts]

    def messages(self, incident: str, shelf: Shelf) -> list[Message]:
        """Return what was said in its channels."""
        documents = self._sound(incident, shelf)
        return [message_from(found["message"]) for found in documents if "message" in found]

    def _sound(self, incident: str, shelf: Shelf) -> list[Document]:
        """Return what is in the file; what a move that did not end wrote beyond is left out.

        Raises Corrupt if the facts are not those that the journal knows of: the file is older.
        """
        name, count, found = _name(incident), 0, list[Document]()
        for _, _, body in records(self._disk, name, whole=True):
            for document in orjson.loads(body):
                if document.get("position", 0) > shelf.position:
                    continue
                found.append(document)
                for _, seq, facts in document.get("streams", ()):
                    count = count + len(facts) if seq == count else -1
        if count != shelf.facts:
            raise Corrupt(name, self._disk.size(name) or 0)
        return found


def batches(documents: Sequence[Document] | Iterator[Document]) -> Iterator[list[Document]]:
    """Yield documents in records of a size that is read quickly."""
    some: list[Document] = []
    for document in documents:
        some.append(document)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some


def _name(incident: str) -> str:
    return f"closed/{quote(incident, safe='')}.journal"
