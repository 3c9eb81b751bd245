"""A select, taken apart."""

from collections.abc import Callable
from typing import TypeVar

from .expressions import expression
from .lexing import Sort
from .reading import Reader
from .trees import Item, Order, Select, Star, Tree

ONE_TABLE = "One view is read at a time: SELECT … FROM pg_stat_activity WHERE … ORDER BY … LIMIT …"
CLAUSES = ("from", "where", "group", "order", "limit", "offset", "as")
LATER = ("union", "intersect", "except", "having", "window", "for", "fetch")
JOINS = ("join", "inner", "left", "right", "full", "cross", "natural", ",")

One = TypeVar("One")


def select(reader: Reader) -> Select:
    """Read what follows the word select."""
    for word in ("distinct", "all"):
        if reader.peeks(word):
            words = f"SELECT {word.upper()}"
            raise reader.unsupported(words, ONE_TABLE)
    items = (
        () if reader.peeks("from") or reader.token.sort is Sort.END else _several(reader, _item)
    )
    table, alias = _from(reader)
    where = expression(reader) if reader.takes("where") else None
    group = _several(reader, expression) if _by(reader, "group") else ()
    _refuse_later(reader)
    order = _several(reader, _order) if _by(reader, "order") else ()
    limits: dict[str, Tree] = {}
    while word := reader.takes("limit", "offset"):
        if word in limits:
            raise reader.refusal()
        if not (word == "limit" and reader.takes("all")):
            limits[word] = expression(reader)
    _refuse_later(reader)
    ends = (limits.get("limit"), limits.get("offset"))
    return Select(items, table, alias, where, group, order, *ends)


def _refuse_later(reader: Reader) -> None:
    if word := reader.takes(*LATER):
        raise reader.unsupported(word.upper(), ONE_TABLE)


def _several(reader: Reader, one: Callable[[Reader], One]) -> tuple[One, ...]:
    found = [one(reader)]
    while reader.takes(","):
        found.append(one(reader))
    return tuple(found)


def _by(reader: Reader, word: str) -> bool:
    if not reader.takes(word):
        return False
    reader.needs("by")
    return True


def _item(reader: Reader) -> Item:
    if reader.takes("*"):
        return Item(Star())
    tree = expression(reader)
    if reader.takes("as"):
        return Item(tree, reader.name())
    named = reader.token.sort in (Sort.WORD, Sort.NAME) and not reader.peeks(*CLAUSES, *LATER)
    return Item(tree, reader.name() if named else "")


def _from(reader: Reader) -> tuple[str, str]:
    if not reader.takes("from"):
        return "", ""
    if reader.peeks("("):
        raise reader.unsupported("a subquery", ONE_TABLE)
    table = reader.name()
    if reader.peeks("("):
        raise reader.unsupported("a function in FROM", ONE_TABLE)
    named = bool(reader.takes("as"))
    words = (*CLAUSES, *LATER, *JOINS)
    if named or (reader.token.sort in (Sort.WORD, Sort.NAME) and not reader.peeks(*words)):
        alias = reader.name()
    else:
        alias = table
    if reader.peeks(*JOINS):
        raise reader.unsupported("a join", ONE_TABLE)
    return table, alias


def _order(reader: Reader) -> Order:
    tree = expression(reader)
    descending = reader.takes("asc", "desc") == "desc"
    if not reader.takes("nulls"):
        return Order(tree, descending, nulls_first=descending)
    first = reader.peeks("first")
    reader.needs("first", "last")
    return Order(tree, descending, nulls_first=first)
