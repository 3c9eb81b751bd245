"""A select, ready to be run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from .compiling import AGGREGATES, Compiler, Typed
from .context import Context, Parameters, Scope
from .errors import GROUPING, NEGATIVE_LIMIT, NO_POSITION, SYNTAX_ERROR, SqlError
from .kinds import BIGINT, Kind, Value
from .trees import (
    Call,
    Cast,
    Column,
    Constant,
    Item,
    Member,
    Operation,
    Order,
    Quantified,
    Select,
    Star,
    Tree,
)
from .views import View, view

Row = tuple[Value, ...]
SPOKEN = {
    "int": "int4",
    "integer": "int4",
    "bigint": "int8",
    "smallint": "int2",
    "boolean": "bool",
    "double": "float8",
    "float": "float8",
    "decimal": "numeric",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an answer."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Sorting:
    """What rows are sorted by, and how."""

    by: Typed
    order: Order


@dataclass(frozen=True, slots=True)
class Plan:
    """A select that has been understood."""

    fields: tuple[Field, ...]
    view: View | None
    outputs: tuple[Typed, ...]
    where: Typed | None
    groups: tuple[Typed, ...] | None
    sortings: tuple[Sorting, ...]
    limit: Typed | None
    offset: Typed | None

    def run(self, context: Context, parameters: tuple[Value, ...]) -> list[Row]:
        """Return the rows that are asked for."""
        whole = Scope(context, parameters)
        rows: Iterable[Row] = self.view.rows(context) if self.view else [()]
        scopes = [whole.of(row) for row in rows]
        if self.where:
            test = self.where.work
            scopes = [scope for scope in scopes if test(scope) is True]
        if self.groups is not None:
            scopes = self._grouped(scopes, whole)
        if self.sortings:
            scopes.sort(key=cmp_to_key(self._compare))
        start = _count("OFFSET", self.offset, whole) or 0
        most = _count("LIMIT", self.limit, whole)
        chosen = scopes[start:] if most is None else scopes[start : start + most]
        return [tuple(output.work(scope) for output in self.outputs) for scope in chosen]

    def _grouped(self, scopes: Sequence[Scope], whole: Scope) -> list[Scope]:
        groups: dict[Row, list[Row]] = {} if self.groups else {(): []}
        for scope in scopes:
            key = tuple(group.work(scope) for group in self.groups or ())
            groups.setdefault(key, []).append(scope.row)
        return [
            Scope(whole.context, whole.parameters, rows[0] if rows else (), tuple(rows))
            for rows in groups.values()
        ]

    def _compare(self, one: Scope, other: Scope) -> int:
        for sorting in self.sortings:
            pair = (sorting.by.work(one), sorting.by.work(other))
            if found := _order(pair, sorting.order):
                return found
        return 0


def plan(select: Select, parameters: Parameters) -> Plan:
    """Return how to run a select, or refuse what is not understood."""
    shown = view(select.table) if select.table else None
    columns = shown.columns if shown else ()
    compiler = Compiler(select.alias, columns, parameters)
    items = _items(select, columns)
    where = compiler.truth(select.where, "WHERE") if select.where else None
    outputs = tuple(compiler.settled(compiler.typed(item.tree)) for item in items)
    order = [(one, _meant("ORDER", one.tree, items, columns)) for one in select.order]
    groups = [_meant("GROUP", tree, items, columns) for tree in select.group]
    trees = [*(item.tree for item in items), *(tree for _, tree in order)]
    is_grouped = bool(groups) or any(_aggregates(tree) for tree in trees)
    if is_grouped:
        for tree in trees:
            _check_grouped(tree, groups, select.alias)
    names = [item.alias or _name(item.tree) for item in items]
    return Plan(
        tuple(Field(name, typed.kind) for name, typed in zip(names, outputs, strict=True)),
        shown,
        outputs,
        where,
        tuple(compiler.settled(compiler.typed(tree)) for tree in groups) if is_grouped else None,
        tuple(Sorting(compiler.settled(compiler.typed(tree)), one) for one, tree in order),
        *(
            compiler.of_kind(tree, BIGINT) if tree else None
            for tree in (select.limit, select.offset)
        ),
    )


def _items(select: Select, columns: Sequence[tuple[str, Kind]]) -> list[Item]:
    found = list[Item]()
    for item in select.items:
        if not isinstance(item.tree, Star):
            found.append(item)
            continue
        if not select.table:
            raise SqlError(SYNTAX_ERROR, "SELECT * with no tables specified is not valid")
        found += [Item(Column(name)) for name, _kind in columns]
    return found


def _meant(
    where: str, tree: Tree, items: Sequence[Item], columns: Sequence[tuple[str, Kind]]
) -> Tree:
    """Return what is meant by a number or a name that stands for something selected."""
    match tree:
        case Constant(int() as place) if not isinstance(place, bool):
            if not 1 <= place <= len(items):
                words = f"{where} BY position {place} is not in select list"
                raise SqlError(NO_POSITION, words)
            return items[place - 1].tree
        case Column(name, ""):
            known = any(name == column for column, _kind in columns)
            alike = [
                i.tree for i in items if (i.alias or ("" if known else _name(i.tree))) == name
            ]
            return alike[0] if alike else tree
        case _:
            return tree


def _name(tree: Tree) -> str:
    match tree:
        case Column(name) | Call(name):
            return name
        case Cast(operand, kind):
            inner = _name(operand)
            kind = kind.removesuffix("[]")
            return SPOKEN.get(kind, kind) if inner == "?column?" else inner
        case _:
            return "?column?"


def _parts(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case Call(_, arguments):
            return arguments
        case Operation(_, operands):
            return operands
        case Member(operand, options):
            return (operand, *options)
        case Quantified(_, operand, array):
            return (operand, array)
        case Cast(operand):
            return (operand,)
        case _:
            return ()


def _aggregates(tree: Tree) -> bool:
    if isinstance(tree, Call) and tree.name in AGGREGATES:
        return True
    return any(_aggregates(part) for part in _parts(tree))


def _check_grouped(tree: Tree, groups: Sequence[Tree], table: str) -> None:
    if tree in groups or (isinstance(tree, Call) and tree.name in AGGREGATES):
        return
    if isinstance(tree, Column):
        words = f'column "{table}.{tree.name}" must appear in the GROUP BY clause'
        raise SqlError(GROUPING, f"{words} or be used in an aggregate function")
    for part in _parts(tree):
        _check_grouped(part, groups, table)


def _count(word: str, typed: Typed | None, scope: Scope) -> int | None:
    value = typed.work(scope) if typed else None
    if isinstance(value, int) and value < 0:
        raise SqlError(NEGATIVE_LIMIT, f"{word} must not be negative")
    return int(value) if isinstance(value, int | float) else None


def _order(pair: tuple[Any, Any], order: Order) -> int:
    one, other = pair
    if one is None or other is None:
        sign = -1 if order.nulls_first else 1
        return sign * ((one is None) - (other is None))
    return (int(one > other) - int(one < other)) * (-1 if order.descending else 1)
