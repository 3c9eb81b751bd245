"""Errors in log files, by their kinds, and how many of one kind are too many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .redaction import redacted

LONGEST_LINE, LONGEST_EXAMPLE = 2000, 300  # characters


@dataclass(frozen=True, slots=True)
class Spike:
    """So many lines within that time, each with one of the words, are too many of that kind."""

    name: str
    words: tuple[str, ...]
    times: int = 20
    within: timedelta = timedelta(minutes=5)


SPIKES = (
    Spike("memory", ("out of memory", "outofmemory", "oom-kill", "heap space"), times=1),
    Spike("timeout", ("timeout", "timed out", "deadline exceeded")),
    Spike(
        "connection", ("connection refused", "broken pipe", "reset by peer", "no route to host")
    ),
    Spike(
        "database", ("deadlock", "lock timeout", "constraint violation", "too many connections")
    ),
    Spike("rate limit", ("rate limit", "throttled", "too many requests")),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines of a kind were seen when, and the last of them without its secrets."""

    counts: tuple[tuple[datetime, int], ...] = ()
    example: str = ""

    @property
    def total(self) -> int:
        """Return how many there were."""
        return sum(count for _, count in self.counts)


def tallied(before: Tally, lines: Sequence[str], spike: Spike, at: datetime) -> Tally:
    """Return the tally with these lines, and without those from longer ago."""
    kept = tuple((seen_at, n) for seen_at, n in before.counts if seen_at > at - spike.within)
    if not lines:
        return Tally(kept, before.example if kept else "")
    example = redacted(lines[-1][:LONGEST_LINE]).text[:LONGEST_EXAMPLE]
    return Tally((*kept, (at, len(lines))), example)


def sorted_out(lines: Sequence[str], spikes: Sequence[Spike]) -> Mapping[str, Sequence[str]]:
    """Return the lines of each kind; a line is of the first kind whose words it has."""
    found: dict[str, list[str]] = {spike.name: [] for spike in spikes}
    words = [(word.lower(), spike.name) for spike in spikes for word in spike.words]
    whole = "\n".join(lines).lower()
    present = [(word, name) for word, name in words if word in whole]
    for line in lines if present else ():
        low = line.lower()
        kind = next((name for word, name in present if word in low), None)
        if kind is not None:
            found[kind].append(line)
    return found


@dataclass(frozen=True, slots=True)
class Errors:
    """How many lines of a kind there were lately, and one of them without its secrets."""

    kind: str
    count: int
    within: timedelta
    example: str


def errors_of(spike: Spike, tally: Tally, at: datetime) -> Errors:
    """Return how many there were lately, as of then."""
    lately = tallied(tally, (), spike, at)
    return Errors(spike.name, lately.total, spike.within, lately.example)
