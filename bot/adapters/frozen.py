"""What is true at one moment beside the facts, to be written down while the store goes on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.domain.jobs import Job
from bot.domain.transcript import Message
from bot.ports import Head

from .documents import FORMAT, Document, job_record, message_record


class Shelf(NamedTuple):
    """How many of an incident's facts are in its own file, and up to which position."""

    facts: int
    position: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """What stands; `moving` names the incidents that get files, and their channels."""

    head: Head
    fences: int
    claims: Sequence[tuple[str, str, str]]
    spent: Sequence[tuple[datetime, str, str]]
    jobs: Sequence[Job]
    rests: Mapping[str, datetime]
    messages: Sequence[Message]
    shelves: Mapping[str, Shelf]
    moving: Mapping[str, Sequence[str]]

    def format(self) -> Document:
        """Return the document that comes first."""
        head, fences = self.head, self.fences
        return {
            "format": FORMAT,
            "position": head.position,
            "hash": head.hash,
            "fences": fences,
        }

    def state(self) -> Iterator[Document]:
        """Yield the documents that come after the facts and before the messages."""
        for claim in sorted(self.claims):
            yield {"claim": list(claim)}
        for at, key, owner in sorted(self.spent):
            yield {"spent": [key, owner, at.isoformat()]}
        for job in sorted(self.jobs, key=lambda job: job.lane):
            yield {"job": job_record(replace(job, fence=0))}
        for key, until in sorted(self.rests.items()):
            yield {"rest": [key, until.isoformat()]}

    def moved_messages(self) -> list[Message]:
        """Return what was said in channels of incidents that get files."""
        rooms = {room for channels in self.moving.values() for room in channels}
        return [message for message in self.messages if message.channel in rooms]

    def kept_messages(self) -> list[Message]:
        """Return what was said elsewhere."""
        rooms = {room for channels in self.moving.values() for room in channels}
        return [message for message in self.messages if message.channel not in rooms]


def messages_told(messages: Sequence[Message]) -> Iterator[Document]:
    """Yield the documents of messages."""
    for message in sorted(messages, key=lambda m: (m.channel, m.ts)):
        yield {"message": message_record(message)}
