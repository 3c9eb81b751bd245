"""Expressions, taken apart, as PostgreSQL's precedence has it."""

from .errors import UNSUPPORTED, SqlError
from .lexing import Sort
from .reading import Reader
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

COMPARISONS = ("=", "<>", "!=", "<", ">", "<=", ">=")
LIKES = {"~~": "like", "~~*": "ilike", "!~~": "not like", "!~~*": "not ilike"}
BARE = ("current_user", "session_user", "user", "current_timestamp", "current_catalog")
NAMED_TYPES = ("interval", "timestamptz", "text", "inet", "bool", "boolean")
SUBQUERIES = "Lists of values and arrays are: pid IN (1, 2), pid = ANY($1)."
RESERVED = (
    *("select", "from", "where", "and", "or", "in", "is", "like", "ilike", "between", "as"),
    *("group", "order", "limit", "offset", "on", "then", "else", "when", "end", "union", "any"),
    *("all", "desc", "asc", "for", "having", "into", "fetch"),
)


def expression(reader: Reader) -> Tree:
    """Read one expression."""
    reader.deeper()
    found = [_conjunction(reader)]
    while reader.takes("or"):
        found.append(_conjunction(reader))
    reader.higher()
    return Operation("or", tuple(found)) if len(found) > 1 else found[0]


def _conjunction(reader: Reader) -> Tree:
    found = [_negation(reader)]
    while reader.takes("and"):
        found.append(_negation(reader))
    return Operation("and", tuple(found)) if len(found) > 1 else found[0]


def _negation(reader: Reader) -> Tree:
    if not reader.takes("not"):
        return _tested(reader)
    reader.deeper()
    tree = Operation("not", (_negation(reader),))
    reader.higher()
    return tree


def _tested(reader: Reader) -> Tree:
    """Read a comparison and the tests that bind less than it: is null and its like."""
    tree = _compared(reader)
    with reader.chain() as deeper:
        while reader.takes("is"):
            deeper()
            tree = _is(reader, tree)
    return tree


def _is(reader: Reader, tree: Tree) -> Tree:
    negated = bool(reader.takes("not"))
    if reader.takes("distinct"):
        reader.needs("from")
        tree = Operation("is distinct from", (tree, _compared(reader)))
    elif word := reader.takes("null", "true", "false"):
        tree = Operation(f"is {word}", (tree,))
    else:
        raise reader.refusal()
    return Operation("not", (tree,)) if negated else tree


def _compared(reader: Reader) -> Tree:
    tree = _ranged(reader)
    if sign := reader.takes(*COMPARISONS):
        sign = "<>" if sign == "!=" else sign
        if every := reader.takes("any", "some", "all"):
            return Quantified(sign, tree, _bracketed(reader), every == "all")
        tree = Operation(sign, (tree, _ranged(reader)))
    return tree


def _ranged(reader: Reader) -> Tree:
    tree = _sum(reader)
    if sign := reader.takes(*LIKES):
        return Operation(LIKES[sign], (tree, _sum(reader)))
    negated = reader.peeks("not") and reader.peeks("in", "like", "ilike", "between", ahead=1)
    reader.skip("not" if negated else "")
    match reader.takes("in", "like", "ilike", "between"):
        case "in":
            tree = Member(tree, _options(reader))
        case "like" | "ilike" as word:
            tree = Operation(word, (tree, _sum(reader)))
        case "between":
            lowest = Operation(">=", (tree, _sum(reader)))
            reader.needs("and")
            tree = Operation("and", (lowest, Operation("<=", (tree, _sum(reader)))))
        case _:
            return tree
    return Operation("not", (tree,)) if negated else tree


def _options(reader: Reader) -> tuple[Tree, ...]:
    reader.needs("(")
    _no_subquery(reader)
    found = [expression(reader)]
    while reader.takes(","):
        found.append(expression(reader))
    reader.needs(")")
    return tuple(found)


def _no_subquery(reader: Reader) -> None:
    if reader.peeks("select"):
        raise SqlError(UNSUPPORTED, "a subquery is not supported", SUBQUERIES)


def _bracketed(reader: Reader) -> Tree:
    reader.needs("(")
    _no_subquery(reader)
    tree = expression(reader)
    reader.needs(")")
    return tree


def _sum(reader: Reader) -> Tree:
    tree = _product(reader)
    with reader.chain() as deeper:
        while sign := reader.takes("+", "-", "||"):
            deeper()
            tree = Operation(sign, (tree, _product(reader)))
    return tree


def _product(reader: Reader) -> Tree:
    tree = _signed(reader)
    with reader.chain() as deeper:
        while sign := reader.takes("*", "/", "%"):
            deeper()
            tree = Operation(sign, (tree, _signed(reader)))
    return tree


def _signed(reader: Reader) -> Tree:
    if reader.takes("-"):
        reader.deeper()
        tree = _signed(reader)
        reader.higher()
        return Operation("-", (Constant(0), tree))
    reader.skip("+")
    tree = _single(reader)
    with reader.chain() as deeper:
        while reader.takes("::"):
            deeper()
            tree = Cast(tree, _type(reader))
    return tree


def _single(reader: Reader) -> Tree:
    token = reader.token
    match token.sort:
        case Sort.NUMBER:
            reader.next()
            return Constant(int(token.text) if token.text.isdigit() else float(token.text))
        case Sort.TEXT:
            reader.next()
            return Constant(token.text)
        case Sort.PARAMETER:
            reader.next()
            return Parameter(int(token.text))
        case Sort.SIGN if token.text == "(":
            return _bracketed(reader)
        case Sort.WORD | Sort.NAME if not reader.peeks(*RESERVED):
            return _named(reader)
        case _:
            raise reader.refusal()


def _named(reader: Reader) -> Tree:
    written = reader.token.sort
    name = reader.name()
    if written is Sort.WORD:
        if name in ("true", "false", "null"):
            return Constant({"true": True, "false": False}.get(name))
        if name in ("case", "array", "exists", "row"):
            raise reader.unsupported(name.upper(), "Choose rows with WHERE instead.")
        if name in BARE and not reader.peeks("("):
            return Call(name)
        if name in NAMED_TYPES and reader.token.sort is Sort.TEXT:
            return Cast(Constant(reader.next().text), name)
        if name == "cast" and reader.peeks("("):
            return _cast(reader)
        if name == "extract" and reader.peeks("("):
            return _extract(reader)
    if reader.peeks("("):
        return _call(reader, name)
    if reader.takes("."):
        return Star() if reader.takes("*") else Column(reader.name(), name)
    return Column(name)


def _cast(reader: Reader) -> Tree:
    reader.needs("(")
    tree = expression(reader)
    reader.needs("as")
    kind = _type(reader)
    reader.needs(")")
    return Cast(tree, kind)


def _extract(reader: Reader) -> Tree:
    reader.needs("(")
    field = reader.value()
    reader.needs("from")
    tree = expression(reader)
    reader.needs(")")
    return Call("extract", (Constant(field), tree))


def _call(reader: Reader, name: str) -> Tree:
    reader.needs("(")
    if reader.takes(")"):
        return Call(name)
    if reader.takes("*"):
        reader.needs(")")
        return Call(name, (Star(),))
    distinct = bool(reader.takes("distinct"))
    arguments, names = list[Tree](), list[str]()
    while True:
        if reader.peeks("=>", ":=", ahead=1):
            names.append(reader.name())
            reader.next()
        elif names:
            raise reader.refusal()
        arguments.append(expression(reader))
        if not reader.takes(","):
            break
    reader.needs(")")
    return Call(name, tuple(arguments), tuple(names), distinct)


def _type(reader: Reader) -> str:
    name = reader.name()
    if name == "timestamp" and reader.takes("with"):
        reader.needs("time")
        reader.needs("zone")
        name = "timestamptz"
    if name == "double":
        reader.needs("precision")
    if reader.takes("["):
        reader.needs("]")
        name += "[]"
    return name
