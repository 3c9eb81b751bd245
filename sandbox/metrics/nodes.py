"""What a query says, as a tree; each part knows which kind of value it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .matching import Matcher

Kind: TypeAlias = Literal["scalar", "instant vector", "range vector", "string"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float
    kind: Kind = "scalar"


@dataclass(frozen=True, slots=True)
class Text:
    """Words between quotes."""

    value: str
    kind: Kind = "string"


@dataclass(frozen=True, slots=True)
class Moment:
    """Of when: so many seconds before the moment that is asked for, or before a fixed one."""

    offset: float = 0.0
    at: float | Literal["start", "end"] | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """The newest number of each series that fits."""

    matchers: Sequence[Matcher]
    moment: Moment = Moment()
    kind: Kind = "instant vector"


@dataclass(frozen=True, slots=True)
class Window:
    """All numbers of so many seconds of each series that fits."""

    selector: Selector
    seconds: float
    kind: Kind = "range vector"


@dataclass(frozen=True, slots=True)
class Subquery:
    """What another query gives at each step during so many seconds."""

    query: "Node"
    seconds: float
    step: float | None
    moment: Moment = Moment()
    kind: Kind = "range vector"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of something."""

    name: str
    given: Sequence["Node"]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One number of many, for each group of series."""

    name: str
    of: "Node"
    parameter: "Node | None"
    labels: Sequence[str]
    by: bool
    kind: Kind = "instant vector"


@dataclass(frozen=True, slots=True)
class Negation:
    """The opposite number."""

    of: "Node"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which series of two sides belong together, and which side may have several."""

    labels: Sequence[str] = ()
    on: bool = False
    many: Literal["", "left", "right"] = ""
    taken: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and what is done with them; `says` is of a comparison that gives 1 or 0."""

    sign: str
    left: "Node"
    right: "Node"
    pairing: Pairing
    says: bool
    kind: Kind


Node: TypeAlias = (
    Number | Text | Selector | Window | Subquery | Call | Aggregation | Negation | Binary
)
