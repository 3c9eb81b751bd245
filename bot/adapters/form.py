"""What a commit has to be like, whatever store it is for."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from bot.domain.jobs import Job
from bot.domain.transcript import merged
from bot.ports import Commit

from .documents import commit_document
from .index import raw

LONGEST = 1000  # bytes in a key: an index has to hold it
MOST = 2**31


def check_form(commit: Commit) -> None:
    """Raise ValueError or TypeError unless every store can keep the commit as it is."""
    for key in _keys(commit):
        if "\0" in key or len(key.encode()) > LONGEST:
            msg = f"no key: {key[:50]!r}"
            raise ValueError(msg)
    ended = [*commit.finishes, *(job for job in commit.jobs if job.fence)]
    twice = [key for key, times in Counter(job.key for job in ended).items() if times > 1]
    if twice:
        msg = f"ended twice: {twice}"
        raise ValueError(msg)
    for job in (*commit.jobs, *commit.finishes):
        _check_job(job)
    for message in commit.messages:
        merged(None, message)
    ever = datetime.min.replace(tzinfo=UTC)
    orjson.dumps(commit_document(commit, 0, ever, raw(commit)))  # half a character is no text


def _check_job(job: Job) -> None:
    if job.due.tzinfo is None or not (job.wanted_seq < MOST and job.attempts < MOST):
        msg = f"no job: {job.key}"
        raise ValueError(msg)


def _keys(commit: Commit) -> Iterator[str]:
    yield from commit.streams
    for kind, key in (*commit.claims, *commit.releases):
        if kind == "request":
            raise ValueError("a request key is spent, not claimed")
        yield from (kind, key)
    if commit.request_key is not None:
        yield commit.request_key
    for job in (*commit.jobs, *commit.finishes):
        yield from (job.key, job.lane)
    for message in commit.messages:
        yield from (message.channel, message.ts)
