"""What a scenario is made of: what happens when, and the truth about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .releases import Release


@dataclass(frozen=True, slots=True)
class Demand:
    """Customers come `factor` times as many as usual, within a minute or so."""

    at: float
    factor: float
    rise: float = 60.0


@dataclass(frozen=True, slots=True)
class LongQuery:
    """Somebody's query takes a share of the database and makes who writes to tables wait."""

    at: float
    user: str
    application: str
    query: str
    burden: float = 0.0
    locks: Mapping[str, float] = field(default_factory=dict)
    deaf: bool = False  # to a plea to cancel


@dataclass(frozen=True, slots=True)
class Flood:
    """A job fills the cache with keys that never expire, so many megabytes in so long."""

    at: float
    keys: str
    megabytes: float
    takes: float


@dataclass(frozen=True, slots=True)
class Nonsense:
    """An exporter tells a number that is not so, for a while."""

    at: float
    until: float
    metric: str
    labels: Mapping[str, str]
    value: float


Happening = Demand | LongQuery | Flood | Nonsense


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does to production: a verb, what to, and how much of it."""

    verb: str  # rollback | restart | scale | terminate | flush
    target: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """What was the matter; each of `mended_by` heals by itself, acts in their order.

    What helps `for_a_while` takes the symptoms away, and they come back.
    """

    cause: str
    service: str
    because: str
    mended_by: tuple[tuple[Act, ...], ...]
    in_vain: tuple[tuple[Act, ...], ...] = ()
    for_a_while: tuple[tuple[Act, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story of so many seconds before the curtain rises, told on from there."""

    name: str
    title: str
    before: float
    truth: Truth
    releases: tuple[Release, ...] = ()
    happenings: tuple[Happening, ...] = ()
