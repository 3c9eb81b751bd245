"""What the bot asks about production, and asks of those who watch it, in its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.catalogue import Service


@dataclass(frozen=True, slots=True)
class Silence:
    """What keeps alerts with these labels quiet until then; its comment says why."""

    id: str
    until: datetime
    comment: str


class Silencer(Protocol):
    """Keeps alerts quiet where they come from. Every method raises Unavailable or Refused."""

    async def silence(
        self, labels: Mapping[str, str], until: datetime, by: str, comment: str
    ) -> str:
        """Keep alerts with exactly these labels quiet, and return what it is called."""

    async def silences(self) -> Sequence[Silence]:
        """Return what is kept quiet now."""

    async def lift(self, silence: str) -> None:
        """End it; one that has ended stays so."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a series at a moment."""

    at: datetime
    value: float


class Metrics(Protocol):
    """Answers queries of numbers. Every method raises Unavailable, or Refused for a bad query."""

    async def now(self, query: str) -> Sequence[tuple[Mapping[str, str], float]]:
        """Return the labels and the value of each series that there is; no NaN."""

    async def during(
        self, query: str, begin: datetime, end: datetime, step: timedelta
    ) -> Sequence[Sample]:
        """Return the sum over all series at each step that has one, oldest first; no NaN."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What an address answered, and how long that took."""

    status: int
    seconds: float


class Addresses(Protocol):
    """Asks addresses over HTTP."""

    async def reach(self, address: str, patience: timedelta) -> Reached:
        """Ask an address once, following nothing. Raises Unavailable, which says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file was read, and a checksum of how it begins, which tells it from another."""

    read: int
    begins: int


Places = Mapping[str, Place]  # by what tells files apart, whatever they are called meanwhile


@dataclass(frozen=True, slots=True)
class Lines:
    """New lines of log files, and where to read on.

    `skipped` is how many bytes were too many, and `unread` says of which files nothing is known.
    """

    lines: Sequence[str]
    places: Places
    skipped: int = 0
    unread: Sequence[str] = ()


class Logs(Protocol):
    """Reads log files that grow."""

    async def since(self, patterns: Sequence[str], places: Places | None) -> Lines:
        """Return what was written after those places; with None, nothing but where files end.

        Files that are new since then, or were cut or replaced, are read from their beginning; one
        that has another name only is read on. Raises Unavailable.
        """


@dataclass(frozen=True, slots=True)
class Scenario:
    """What can be practised, and what one sees of it at first."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Outset:
    """How the practice production of an incident begins; the same again takes the same course.

    It tells of its alerts at that address, and shows the token there.
    """

    incident: str
    scenario: str
    seed: int
    began: datetime
    alerts: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """A practice production that runs: what it has, how it is asked, and ways to change it."""

    services: Mapping[str, Service]
    ways: Sequence[str]
    metrics: Metrics
    addresses: Addresses
    logs: Logs


class Practice(Protocol):
    """Runs productions that are only there to practise on. Methods raise Unavailable or Refused.

    What it runs has nothing to do with any other production, and ends with the bot.
    """

    async def scenarios(self) -> Sequence[Scenario]:
        """Return what can be practised."""

    async def start(self, outset: Outset) -> Stage:
        """Start an incident's production, and return once it runs."""

    async def trouble(self, incident: str) -> str | None:
        """Say why an incident's production does not run, if it does not; raises nothing."""

    async def stop(self, incident: str) -> None:
        """End an incident's production and remove all of it; raises nothing."""
