"""What a statement says, taken apart."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is written out; a text has no type until something asks for one."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that comes later: $1."""

    number: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, and by its table's where that is said."""

    name: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Star:
    """All columns."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; some are named."""

    name: str
    arguments: tuple["Tree", ...] = ()
    names: tuple[str, ...] = ()
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator between two, or before one."""

    sign: str
    operands: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Whether something is one of these."""

    operand: "Tree"
    options: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Quantified:
    """A comparison with any or all of an array."""

    sign: str
    operand: "Tree"
    array: "Tree"
    every: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """A value of another type."""

    operand: "Tree"
    kind: str


Tree: TypeAlias = (
    Constant | Parameter | Column | Star | Call | Operation | Member | Quantified | Cast
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is selected, and what it is to be called."""

    tree: Tree
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by."""

    tree: Tree
    descending: bool = False
    nulls_first: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """What is asked of a table, or of none."""

    items: tuple[Item, ...]
    table: str = ""
    alias: str = ""
    where: Tree | None = None
    group: tuple[Tree, ...] = ()
    order: tuple[Order, ...] = ()
    limit: Tree | None = None
    offset: Tree | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """A transaction begins."""

    tag: str = "BEGIN"


@dataclass(frozen=True, slots=True)
class End:
    """A transaction ends, well or not."""

    keeps: bool


@dataclass(frozen=True, slots=True)
class Set:
    """A setting changes; without a value it goes back to what it was."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Show:
    """A setting is asked for."""

    name: str


@dataclass(frozen=True, slots=True)
class Deallocate:
    """A prepared statement is forgotten; without a name, all are."""

    name: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty statement."""


Statement: TypeAlias = Select | Begin | End | Set | Show | Deallocate | Nothing
