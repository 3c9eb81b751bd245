"""Expressions with their types, ready to be worked out for a row."""

from dataclasses import dataclass
from typing import Any

from .context import Parameters, Scope
from .errors import (
    GROUPING,
    UNDEFINED_COLUMN,
    UNDEFINED_FUNCTION,
    UNDEFINED_OBJECT,
    UNDEFINED_TABLE,
    UNSUPPORTED,
    WRONG_TYPE,
    SqlError,
)
from .functions import FUNCTIONS, LENGTHS, Function, make_interval
from .kinds import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INTERVAL,
    NAME,
    TEXT,
    UNKNOWN,
    Kind,
    Value,
    arrays_of,
    elements,
    named,
    wider,
)
from .texts import parse
from .trees import (
    Call,
    Cast,
    Column,
    Constant,
    Member,
    Operation,
    Parameter,
    Quantified,
    Star,
    Tree,
)
from .working import (
    ARITHMETIC,
    COMPARE,
    LIKE,
    Work,
    all_of,
    any_of,
    calculating,
    converted,
    gathered,
    kind_of,
    liking,
    strict,
    within,
)

AGGREGATES = ("count", "max", "min", "sum")


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression's type and how it is worked out; a bare text or parameter has none yet."""

    kind: Kind
    work: Work
    tree: Tree


class Compiler:
    """Knows the columns that there are, and learns the parameters' types."""

    def __init__(
        self, table: str, columns: tuple[tuple[str, Kind], ...], parameters: Parameters
    ) -> None:
        self._table = table
        self._columns = columns
        self._parameters = parameters
        self._is_inside = False

    def typed(self, tree: Tree) -> Typed:
        """Return the expression with its type."""
        match tree:
            case Constant(value):
                return Typed(kind_of(value), lambda _scope: value, tree)
            case Parameter(number):
                kind = self._parameters.kind(number)
                return Typed(kind, lambda scope: scope.parameters[number - 1], tree)
            case Column():
                return self._column(tree)
            case Star():
                raise SqlError(UNSUPPORTED, "* is not supported here")
            case Call():
                return self._call(tree)
            case Operation():
                return self._operation(tree)
            case Member(operand, options):
                tests: list[Tree] = [Operation("=", (operand, option)) for option in options]
                return self._logical("or", tests, tree) if len(tests) > 1 else self.typed(tests[0])
            case Quantified():
                return self._quantified(tree)
            case Cast(operand, name):
                return self._cast(tree, operand, name)

    def of_kind(self, tree: Tree, kind: Kind) -> Typed:
        """Return the expression as a value of that type, if it can be one."""
        return self._as(self.typed(tree), kind)

    def truth(self, tree: Tree, where: str) -> Typed:
        """Return the expression, which has to be true or false."""
        typed = self.typed(tree)
        if typed.kind not in (BOOLEAN, UNKNOWN):
            words = f"argument of {where} must be type boolean, not type {typed.kind.name}"
            raise SqlError(WRONG_TYPE, words)
        return self._as(typed, BOOLEAN)

    def settled(self, typed: Typed) -> Typed:
        """Return the expression; what has no type is text."""
        return self._as(typed, TEXT) if typed.kind is UNKNOWN else typed

    def _as(self, typed: Typed, kind: Kind) -> Typed:
        if typed.kind is UNKNOWN:
            match typed.tree:
                case Constant(str() as text):
                    value = parse(text, kind)
                    return Typed(kind, lambda _scope: value, typed.tree)
                case Parameter(number):
                    self._parameters.settle(number, kind)
                case _:
                    pass
        elif typed.kind.family != kind.family:
            words = f"{typed.kind.name} is found where {kind.name} is needed"
            raise SqlError(WRONG_TYPE, words)
        return Typed(kind, typed.work, typed.tree)

    def _column(self, tree: Column) -> Typed:
        if tree.table and tree.table != self._table:
            words = f'missing FROM-clause entry for table "{tree.table}"'
            raise SqlError(UNDEFINED_TABLE, words)
        names = [name for name, _kind in self._columns]
        if tree.name in names:
            place = names.index(tree.name)
            return Typed(self._columns[place][1], lambda scope: scope.row[place], tree)
        hint = f"This server knows {', '.join(names)}." if names else ""
        shown = f"{tree.table}.{tree.name}" if tree.table else f'"{tree.name}"'
        raise SqlError(UNDEFINED_COLUMN, f"column {shown} does not exist", hint)

    def _cast(self, tree: Tree, operand: Tree, name: str) -> Typed:
        kind = named(name)
        if kind is None:
            raise SqlError(UNDEFINED_OBJECT, f'type "{name}" does not exist')
        typed = self.typed(operand)
        if typed.kind is UNKNOWN or typed.kind == kind:
            return Typed(kind, self._as(typed, kind).work, tree)
        pair = (typed.kind.family, kind.family)
        if "text" not in pair and pair[0] != pair[1] and "unknown" not in pair:
            words = f"cannot cast type {typed.kind.name} to {kind.name}"
            raise SqlError("42846", words)
        return Typed(kind, strict(lambda value: converted(value, kind), typed.work), tree)

    def _quantified(self, tree: Quantified) -> Typed:
        operand, array = self.typed(tree.operand), self.typed(tree.array)
        if array.kind is UNKNOWN:
            array = self._as(array, arrays_of(self.settled(operand).kind))
        if array.kind.family != "array":
            raise SqlError("42809", "op ANY/ALL (array) requires array on right side")
        operand = self._comparable(tree.sign, operand, elements(array.kind))
        compare, every, many, one = COMPARE[tree.sign], tree.every, array.work, operand.work

        def work(scope: Scope) -> Value:
            items, value = many(scope), one(scope)
            if not isinstance(items, list):
                return None
            found = [None if value is None or i is None else compare(value, i) for i in items]
            return all_of(found) if every else any_of(found)

        return Typed(BOOLEAN, work, tree)

    def _comparable(self, sign: str, typed: Typed, kind: Kind) -> Typed:
        if typed.kind is not UNKNOWN and typed.kind.family != kind.family:
            raise _no_operator(typed.kind, sign, kind)
        return self._as(typed, kind) if typed.kind is UNKNOWN else typed

    def _operation(self, tree: Operation) -> Typed:
        sign, operands = tree.sign, tree.operands
        if sign in ("and", "or"):
            return self._logical(sign, list(operands), tree)
        if sign == "not":
            inner = self.truth(operands[0], "NOT").work
            return Typed(BOOLEAN, strict(_negated, inner), tree)
        if sign.startswith("is ") and len(operands) == 1:
            return self._is(sign, operands[0], tree)
        left, right = (self.typed(operand) for operand in operands)
        if sign in LIKE:
            left, right = self._as(left, TEXT), self._as(right, TEXT)
            return Typed(BOOLEAN, liking(sign, left.work, right.work), tree)
        if sign == "||":
            works = (self._as(left, TEXT).work, self._as(right, TEXT).work)
            return Typed(TEXT, strict(_joined, *works), tree)
        if sign in COMPARE or sign == "is distinct from":
            return self._comparison(sign, left, right, tree)
        return self._arithmetic(sign, left, right, tree)

    def _logical(self, sign: str, operands: list[Tree], tree: Tree) -> Typed:
        works = [self.truth(operand, sign.upper()).work for operand in operands]
        stop, join = (False, all_of) if sign == "and" else (True, any_of)

        def work(scope: Scope) -> Value:
            found = list[Value]()
            for one in works:
                found.append(one(scope))
                if found[-1] is stop:
                    return stop
            return join(found)

        return Typed(BOOLEAN, work, tree)

    def _is(self, sign: str, operand: Tree, tree: Tree) -> Typed:
        if sign == "is null":
            inner = self.settled(self.typed(operand)).work
            return Typed(BOOLEAN, lambda scope: inner(scope) is None, tree)
        wanted, inner = sign == "is true", self.truth(operand, sign.upper()).work
        return Typed(BOOLEAN, lambda scope: inner(scope) is wanted, tree)

    def _comparison(self, sign: str, left: Typed, right: Typed, tree: Tree) -> Typed:
        if left.kind is UNKNOWN and right.kind is UNKNOWN:
            left, right = self.settled(left), self.settled(right)
        elif left.kind is UNKNOWN:
            left = self._as(left, right.kind)
        elif right.kind is UNKNOWN:
            right = self._as(right, left.kind)
        if left.kind.family != right.kind.family:
            raise _no_operator(left.kind, "=" if sign.startswith("is") else sign, right.kind)
        one, other = left.work, right.work
        if sign == "is distinct from":
            return Typed(BOOLEAN, lambda scope: one(scope) != other(scope), tree)
        return Typed(BOOLEAN, strict(COMPARE[sign], one, other), tree)

    def _arithmetic(self, sign: str, left: Typed, right: Typed, tree: Tree) -> Typed:
        families = (left.kind.family, right.kind.family)
        for known, (one, other, gives) in ARITHMETIC.get(sign, {}).items():
            if all(f in (k, "unknown") for f, k in zip(families, known, strict=True)):
                if families == ("unknown", "unknown"):
                    break
                left = self._as(left, one) if left.kind is UNKNOWN else left
                right = self._as(right, other) if right.kind is UNKNOWN else right
                work = calculating(sign, left.work, right.work)
                return Typed(gives, work, tree)
        if set(families) <= {"number", "unknown"} and families != ("unknown", "unknown"):
            kind = left.kind if right.kind is UNKNOWN else right.kind
            left = self._as(left, kind) if left.kind is UNKNOWN else left
            right = self._as(right, kind) if right.kind is UNKNOWN else right
            kind = wider(left.kind, right.kind)
            work = calculating(sign, left.work, right.work)
            return Typed(kind, lambda scope: within(work(scope), kind), tree)
        raise _no_operator(left.kind, sign, right.kind)

    def _call(self, tree: Call) -> Typed:
        if tree.name in AGGREGATES:
            return self._aggregate(tree)
        if tree.name == "coalesce":
            return self._coalesce(tree)
        if tree.name == "make_interval":
            return self._interval(tree)
        if tree.distinct or tree.names:
            raise SqlError(UNSUPPORTED, f"{tree.name}() takes plain arguments only here")
        found = [self.typed(argument) for argument in tree.arguments]
        function = _chosen(tree.name, [typed.kind for typed in found])
        pairs = zip(found, function.takes, strict=True)
        works = [self._as(typed, kind).work for typed, kind in pairs]

        def work(scope: Scope) -> Value:
            values = [one(scope) for one in works]
            return None if None in values else function.call(scope.context, *values)

        return Typed(function.gives, work, tree)

    def _coalesce(self, tree: Call) -> Typed:
        found = [self.typed(argument) for argument in tree.arguments]
        if not found:
            raise _no_function(tree.name, [])
        kind = next((t.kind for t in found if t.kind is not UNKNOWN), TEXT)
        works = [self._as(typed, kind).work for typed in found]

        def work(scope: Scope) -> Value:
            values = (one(scope) for one in works)
            return next((value for value in values if value is not None), None)

        return Typed(kind, work, tree)

    def _interval(self, tree: Call) -> Typed:
        unknown = [name for name in tree.names if name not in LENGTHS]
        if unknown or len(tree.names) != len(tree.arguments):
            hint = f"This server knows make_interval({' => …, '.join(LENGTHS)} => …)."
            raise SqlError(UNSUPPORTED, "make_interval is not supported so", hint)
        works = {
            name: self.of_kind(argument, DOUBLE).work
            for name, argument in zip(tree.names, tree.arguments, strict=True)
        }

        def work(scope: Scope) -> Value:
            values: dict[str, Any] = {name: one(scope) for name, one in works.items()}
            return None if None in values.values() else make_interval(scope.context, **values)

        return Typed(INTERVAL, work, tree)

    def _aggregate(self, tree: Call) -> Typed:
        if self._is_inside:
            raise SqlError(GROUPING, "aggregate function calls cannot be nested")
        if len(tree.arguments) != 1:
            raise _no_function(tree.name, [])
        if tree.arguments == (Star(),):
            return Typed(BIGINT, lambda scope: len(scope.rows), tree)
        self._is_inside = True
        inner = self.settled(self.typed(tree.arguments[0]))
        self._is_inside = False
        kind = BIGINT if tree.name == "count" else TEXT if inner.kind is NAME else inner.kind
        if tree.name == "sum":
            kind = BIGINT if inner.kind.family == "number" and inner.kind != DOUBLE else inner.kind
            if inner.kind.family not in ("number", "interval"):
                raise _no_function(tree.name, [inner.kind])
        name, distinct = tree.name, tree.distinct

        def work(scope: Scope) -> Value:
            values = [inner.work(scope.of(row)) for row in scope.rows]
            return gathered(name, [v for v in values if v is not None], distinct=distinct)

        return Typed(kind, work, tree)


def _negated(value: Value) -> bool:
    return not value


def _joined(one: str, other: str) -> str:
    return one + other


def _chosen(name: str, kinds: list[Kind]) -> Function:
    """Return the function of that name that takes such arguments."""
    for function in FUNCTIONS.get(name, ()):
        if len(function.takes) == len(kinds) and all(
            kind is UNKNOWN or kind.family == wanted.family
            for kind, wanted in zip(kinds, function.takes, strict=True)
        ):
            return function
    raise _no_function(name, kinds)


def _no_function(name: str, kinds: list[Kind]) -> SqlError:
    words = f"function {name}({', '.join(kind.name for kind in kinds)}) does not exist"
    known = sorted([*FUNCTIONS, *AGGREGATES, "coalesce", "make_interval"])
    return SqlError(UNDEFINED_FUNCTION, words, f"This server knows {', '.join(known)}.")


def _no_operator(one: Kind, sign: str, other: Kind) -> SqlError:
    words = f"operator does not exist: {one.name} {sign} {other.name}"
    return SqlError(UNDEFINED_FUNCTION, words, "You might need to add explicit type casts.")
