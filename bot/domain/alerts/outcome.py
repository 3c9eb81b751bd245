"""What became of what a source told."""

import enum
from dataclasses import dataclass


class Result(enum.StrEnum):
    """What a group of alerts led to."""

    OPENED = "opened"
    SUGGESTED = "suggested"
    JOINED = "joined"
    REOPENED = "reopened"
    COUNTED = "counted"  # it was known already
    NOTED = "noted"  # not bad enough for more
    EXPECTED = "expected"  # under maintenance
    WAITING = "waiting"  # not told often enough yet


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a group led to, and in which incident or suggestion if in one."""

    result: Result
    incident: str | None = None
