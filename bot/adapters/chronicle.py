"""Every fact as it was written, by position, from the journal and the files of what is over."""

from collections import deque
from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import chain, groupby

import orjson

from .disk import Disk
from .documents import Document
from .frozen import Shelf
from .journal import records
from .shelves import Shelves

KEPT = 1024  # commits that are kept in memory


class Recent:
    """The newest facts as written, so that whoever follows need not read the journal again."""

    def __init__(self, position: int) -> None:
        self._since = position
        self._told: deque[tuple[int, bytes]] = deque()

    def add(self, document: Document) -> None:
        """Note a commit."""
        if document["streams"]:
            written = orjson.dumps(_told(document, document["streams"]))
            self._told.append((_position(document), written))
        if len(self._told) > KEPT:
            self._since, _ = self._told.popleft()

    def after(self, position: int) -> list[Document] | None:
        """Return what was committed beyond that position, None if that is too long ago."""
        if position < self._since:
            return None
        return [orjson.loads(written) for at, written in self._told if at > position]


def chronicle(disk: Disk, journal: str, after: int, upto: int) -> Iterator[Document]:
    """Return the facts of each commit beyond one position, up to another.

    The journal is opened now and says itself what other files hold: it may be replaced meanwhile.
    """
    bodies = (body for _, _, body in records(disk, journal))
    return _chronicle(disk, (d for body in bodies for d in orjson.loads(body)), after, upto)


def _chronicle(
    disk: Disk, documents: Iterator[Document], after: int, upto: int
) -> Iterator[Document]:
    shelves: dict[str, Shelf] = {}
    for document in documents:
        if "shelved" in document:
            incident, facts, position = document["shelved"]
            shelves[incident] = Shelf(facts, position)
        elif "format" not in document:
            rest = _kept(chain([document], documents), shelves, after, upto)
            yield from _merged(_shelved(disk, shelves, after), rest)
            return
    yield from _merged(_shelved(disk, shelves, after))


def _kept(
    documents: Iterator[Document], shelves: Mapping[str, Shelf], after: int, upto: int
) -> Iterator[Document]:
    """Yield what is in the journal and in no other file."""
    nothing = Shelf(0, 0)
    for document in documents:
        position = document["position"] if "streams" in document else 0
        if position > upto:
            return
        if position > after:
            told = document["streams"]
            new = [s for s in told if s[1] >= shelves.get(s[0], nothing).facts]
            yield _told(document, new)


def _shelved(disk: Disk, shelves: Mapping[str, Shelf], after: int) -> Iterator[Document]:
    files, found = Shelves(disk), list[Document]()
    for incident, shelf in shelves.items():
        if shelf.position > after:
            told = files.told(incident, shelf)
            found += (document for document in told if document["position"] > after)
    yield from sorted(found, key=_position)


def _merged(*sources: Iterator[Document]) -> Iterator[Document]:
    for _, same in groupby(merge(*sources, key=_position), key=_position):
        documents = list(same)
        streams = sorted(stream for document in documents for stream in document["streams"])
        if streams:
            yield _told(documents[0], streams)


def _told(document: Document, streams: object) -> Document:
    return {"position": document["position"], "at": document["at"], "streams": streams}


def _position(document: Document) -> int:
    position: int = document["position"]
    return position
