"""Commits, jobs and messages as JSON values: what the journal holds, and what stores exchange.

A store is told to another by documents in this order: one `format`, the facts of each commit
(`position`, `at`, `streams`), each `claim`, each request key `spent`, each `job` owed, each
picture's `rest`, each `message`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.domain.jobs import Job, Kind, Reply
from bot.domain.records import TooNew, from_record
from bot.domain.transcript import Message
from bot.ports import Claim, Commit

Document = Mapping[str, Any]
Raw = list[list[Any]]

FORMAT = 1
COMPLETE: Document = {"complete": True}  # ends what a journal begins with when it is rewritten


class NotEmpty(Exception):
    """A store is told everything only while nothing was ever committed to it."""


def commit_document(commit: Commit, position: int, at: datetime, told: Raw) -> Document:
    """Write a commit; `told` are its facts as records."""
    return {
        "position": position,
        "at": at.isoformat(),
        "streams": told,
        "claims": [[*claim, owner] for claim, owner in commit.claims.items()],
        "releases": [[*claim, owner] for claim, owner in commit.releases.items()],
        "jobs": [job_record(job) for job in commit.jobs],
        "finishes": [job_record(job) for job in commit.finishes],
        "messages": [message_record(message) for message in commit.messages],
        "request_key": commit.request_key,
        "spent_on": next(iter(commit.streams), ""),
    }


def commit_from(document: Document) -> Commit:
    """Read a commit; the incident that its request key was spent on comes first."""
    told = sorted(document["streams"], key=lambda stream: stream[0] != document["spent_on"])
    return Commit(
        streams={i: (after, [from_record(fact) for fact in facts]) for i, after, facts in told},
        claims={(kind, key): owner for kind, key, owner in document["claims"]},
        releases={
            (kind, key): owner for kind, key, *held in document["releases"] for owner in held
        },
        jobs=[job_from(job) for job in document["jobs"]],
        finishes=[job_from(job) for job in document["finishes"]],
        messages=[message_from(message) for message in document["messages"]],
        request_key=document["request_key"],
    )


def released_by(document: Document) -> Sequence[Claim]:
    """Return what a commit released from whoever had it, as one did that named nobody."""
    return [(kind, key) for kind, key, *held in document["releases"] if not held]


def job_record(job: Job) -> dict[str, Any]:
    """Write a job."""
    return asdict(job) | {"due": job.due.astimezone(UTC).isoformat()}


def job_from(record: Document) -> Job:
    """Read a job."""
    reply = Reply(**record["reply"]) if record["reply"] else None
    due = datetime.fromisoformat(record["due"])
    return Job(**{**record, "kind": Kind(record["kind"]), "due": due, "reply": reply})


def message_record(message: Message) -> dict[str, Any]:
    """Write a message."""
    return asdict(message) | {"files": list(message.files)}


def message_from(record: Document) -> Message:
    """Read a message; one that was written before files were kept has none."""
    return Message(**{**record, "files": tuple(record.get("files", ()))})


def check_format(document: Document) -> None:
    """Raise TooNew if these documents are of a newer kind."""
    if document["format"] > FORMAT:
        msg = f"This data needs a bot that reads format {document['format']}."
        raise TooNew(msg)
