"""Looks at a journal that cannot be read, and cuts it where its operator says."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from .disk import Disk
from .documents import COMPLETE
from .journal import END, HEAD, Corrupt, records
from .tinydb import JOURNAL


class NoBoundary(Exception):
    """No whole, unharmed record ends there."""


class InSnapshot(Exception):
    """What stands there is the sum of everything before: without it nothing can be told."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What of a journal can be trusted, and what would be lost beyond."""

    size: int
    sound: int  # bytes up to which every record is as written
    position: int  # of the last commit in them
    lost: int  # commits beyond that can still be told from each other
    damaged: bool  # else what is beyond is a record that was never finished, dropped at the start


def examine(disk: Disk, upto: int | None = None) -> Examined:
    """Read what can be trusted; `upto` trusts no more than that many bytes."""
    sound, position, ends, damaged, whole = 0, 0, {0}, False, True
    try:
        for _, end, body in records(disk, JOURNAL):
            if upto is not None and end > upto:
                break
            documents = orjson.loads(body)
            position = max([position, *(_position(d) for d in documents)])
            begun = any("format" in d for d in documents)
            whole = COMPLETE in documents or (whole and not begun)
            sound = end
            ends.add(end)
    except Corrupt:
        damaged = True
    if not whole:
        raise InSnapshot(str(sound))
    if upto is not None and upto not in ends:
        raise NoBoundary(str(max(end for end in ends if end <= upto)))
    lost = _commits(disk, sound)
    return Examined(disk.size(JOURNAL) or 0, sound, position, lost, damaged)


def cut(disk: Disk, offset: int, at: datetime) -> str:
    """Keep a copy, then forget what is beyond the offset; return the copy's name.

    Raises NoBoundary, naming the nearest offset before it, unless every record up to there is
    sound and the last of them ends there; InSnapshot if that would leave what nobody can read.
    """
    examine(disk, offset)
    copy = f"{JOURNAL}.damaged-{at:%Y%m%dT%H%M%S.%fZ}"
    with closing(disk.append_to(copy)) as kept:
        for chunk in disk.read(JOURNAL):
            kept.append(chunk)
        kept.sync()
    disk.sync_names(copy)
    with closing(disk.append_to(JOURNAL)) as journal:
        journal.truncate(offset)
        journal.sync()
    return copy


def _commits(disk: Disk, start: int) -> int:
    """Count the commits beyond, as far as they can be read."""
    count, rest = 0, b""
    for chunk in disk.read(JOURNAL, start):
        *lines, rest = (rest + chunk).split(END)
        for line in lines:
            try:
                documents = orjson.loads(line[HEAD:])
            except ValueError:
                continue
            if isinstance(documents, list):
                count += sum(1 for document in documents if _position(document))
    return count


def _position(document: Mapping[str, Any] | object) -> int:
    position = document.get("position", 0) if isinstance(document, Mapping) else 0
    return position if isinstance(position, int) else 0
