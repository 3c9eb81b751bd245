"""What a statement knows besides its own words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.clock import Clock

from .kinds import UNKNOWN, Kind, Value
from .roles import Role
from .sessions import Session, Sessions
from .settings import Settings


@dataclass(slots=True)
class Context:
    """Who asks, of what, when; and what the statement leaves behind: warnings, a pause."""

    sessions: Sessions
    me: Session
    role: Role
    settings: Settings
    clock: Clock
    began: float
    warnings: list[str] = field(default_factory=list)
    pause: float = 0.0

    @property
    def transaction_began(self) -> datetime:
        """Return now(): it stands still within a transaction."""
        return moment(self.began if self.me.xact_start is None else self.me.xact_start)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression is worked out from: a row, or the rows of a group."""

    context: Context
    parameters: tuple[Value, ...]
    row: tuple[Value, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()

    def of(self, row: tuple[Value, ...]) -> "Scope":
        """Return the same for one row."""
        return Scope(self.context, self.parameters, row)


def moment(seconds: float) -> datetime:
    """Return seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(slots=True)
class Parameters:
    """The types of a statement's parameters: what was told, and what its words say of the rest."""

    kinds: list[Kind]

    def kind(self, number: int) -> Kind:
        """Return what is known of a parameter."""
        self.kinds += [UNKNOWN] * (number - len(self.kinds))
        return self.kinds[number - 1]

    def settle(self, number: int, kind: Kind) -> None:
        """Note what type a parameter has to be of."""
        self.kinds[number - 1] = kind
