"""SQL as statements."""

from .errors import UNSUPPORTED, SqlError
from .lexing import Sort, Token, at_or_near, tokens
from .reading import Reader
from .selecting import select
from .trees import Begin, Deallocate, End, Nothing, Set, Show, Statement

SUPPORTED = (
    "This server knows SELECT from one of its statistics views, BEGIN, COMMIT, ROLLBACK, "
    "SET, RESET, SHOW and DEALLOCATE."
)
MODES = ("isolation", "level", "read", "only", "write", "committed", "uncommitted")
MORE_MODES = ("serializable", "repeatable", "deferrable", "not")


def statements(sql: str) -> list[Statement]:
    """Take apart all the statements that the text holds."""
    parts: list[list[Token]] = [[]]
    for token in tokens(sql):
        if token.text == ";" and token.sort is Sort.SIGN:
            parts.append([])
        else:
            parts[-1].append(token)
    end = parts[-1].pop()
    return [_statement([*part, end]) for part in parts if part] or [Nothing()]


def _statement(found: list[Token]) -> Statement:
    reader, shown = Reader(found), found[0].shown
    first = reader.word()
    match first:
        case "select":
            statement: Statement = select(reader)
        case "begin" | "start":
            statement = _begin(reader, first)
        case "commit" | "end" | "rollback" | "abort":
            reader.skip("work", "transaction")
            statement = End(keeps=first in ("commit", "end"))
        case "set":
            statement = _set(reader)
        case "reset":
            statement = Set(_name(reader), None)
        case "show":
            statement = Show(_name(reader))
        case "deallocate":
            reader.skip("prepare")
            statement = Deallocate("" if reader.takes("all") else reader.name())
        case _:
            raise _unknown(first, shown)
    reader.ends()
    return statement


def _unknown(word: str, shown: str) -> SqlError:
    known = "insert update delete with create alter drop copy listen notify values explain lock "
    known += "truncate vacuum analyze savepoint release declare fetch do call grant prepare table"
    if word in known.split():
        return SqlError(UNSUPPORTED, f"{word.upper()} is not supported", SUPPORTED)
    return at_or_near(shown)


def _begin(reader: Reader, first: str) -> Begin:
    if first == "start":
        reader.needs("transaction")
    else:
        reader.skip("work", "transaction")
    while reader.takes(*MODES, *MORE_MODES, ","):
        pass
    return Begin("START TRANSACTION" if first == "start" else "BEGIN")


def _set(reader: Reader) -> Set:
    reader.skip("session", "local")
    name = _name(reader)
    if name != "timezone" or reader.peeks("to", "="):
        reader.needs("to", "=")
    if reader.takes("default"):
        return Set(name, None)
    values = [reader.value()]
    while reader.takes(","):
        values.append(reader.value())
    return Set(name, ", ".join(values))


def _name(reader: Reader) -> str:
    if reader.takes("time"):
        reader.needs("zone")
        return "timezone"
    if reader.takes("transaction"):
        reader.needs("isolation")
        reader.needs("level")
        return "transaction_isolation"
    return reader.name()
