"""What the cache holds, by family of keys, and how it fills, empties and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

KILOBYTE = 1 / 1024  # megabytes
WARM_SECONDS = 45.0  # until products asked for are mostly there again


@dataclass(slots=True)
class Family:
    """Keys of a kind: what they take now, and would take; `kept` ones never expire."""

    prefix: str
    megabytes: float
    wanted: float
    size: float  # of a key, megabytes
    kept: bool = False
    evicted: float = 0.0
    spoiled: float = 0.0  # the share that nobody can read

    @property
    def keys(self) -> int:
        """Return how many there are."""
        return int(self.megabytes / self.size)


class Holdings:
    """The cache's content: `volatile-lru`, so what never expires is never pushed out."""

    def __init__(self, memory: float) -> None:
        self.memory = memory
        self.families = [
            Family("product:", 120.0, 120.0, 6 * KILOBYTE),
            Family("cart:", 30.0, 30.0, 2 * KILOBYTE),
        ]

    @property
    def used(self) -> float:
        """Return how many megabytes are taken."""
        return sum(family.megabytes for family in self.families)

    def family(self, prefix: str, size: float = KILOBYTE, *, kept: bool = False) -> Family:
        """Return the keys that begin so; none there are is a family, too."""
        for family in self.families:
            if family.prefix == prefix:
                return family
        self.families.append(Family(prefix, 0.0, 0.0, size, kept=kept))
        return self.families[-1]

    def fill(self, prefix: str, megabytes: float) -> None:
        """Add keys that never expire, as long as there is room once all others are gone."""
        family = self.family(prefix, kept=True)
        others = sum(f.megabytes for f in self.families if f.kept)
        family.megabytes += max(0.0, min(megabytes, self.memory * 0.96 - others))

    def flush(self, pattern: str) -> int:
        """Delete the keys that a pattern fits; return how many there were."""
        gone = 0
        for family in self.fitting(pattern):
            gone += family.keys
            family.megabytes = family.spoiled = 0.0
        return gone

    def fitting(self, pattern: str) -> Sequence[Family]:
        """Return the families whose keys a pattern fits, all or none of each."""
        return [f for f in self.families if fnmatchcase(f"{f.prefix}1", pattern)]

    def step(self, dt: float) -> None:
        """Let pass some time: what is asked for comes back, what has no room goes."""
        for family in self.families:
            if not family.kept:
                missing = family.wanted - family.megabytes
                family.megabytes += missing * min(1.0, dt / WARM_SECONDS)
        over = self.used - self.memory
        yielding = [family for family in self.families if not family.kept and family.megabytes]
        there = sum(family.megabytes for family in yielding)
        for family in yielding if over > 0 else ():
            goes = min(family.megabytes, over * family.megabytes / there)
            family.megabytes -= goes
            family.evicted += goes / family.size

    def hits(self, usual: float) -> float:
        """Return the share of reads that it answers."""
        family = self.family("product:")
        return usual * min(1.0, family.megabytes / family.wanted)

    def spoil(self, pattern: str, share: float) -> None:
        """Write what nobody can read over a share of the keys that are well."""
        for family in self.fitting(pattern):
            family.spoiled += (1 - family.spoiled) * min(share, 1.0)
