"""SQL as words and signs."""

import re
from dataclasses import dataclass
from enum import Enum

from .errors import SYNTAX_ERROR, SqlError


class Sort(Enum):
    """What a token is."""

    WORD = "word"
    NAME = "name"
    NUMBER = "number"
    TEXT = "text"
    PARAMETER = "parameter"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement: a word is in lower case, a text without its quotes."""

    sort: Sort
    text: str
    shown: str


_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)
    |(?P<word>[^\W\d][\w$]*)
    |"(?P<name>(?:[^"]|"")+)"
    |'(?P<text>(?:[^']|'')*)'
    |\$(?P<parameter>\d+)
    |(?P<sign><>|!=|<=|>=|::|=>|\|\||!~~\*?|~~\*?|[-+*/%<>=(),.;\[\]])""",
    re.VERBOSE | re.DOTALL,
)


def tokens(sql: str) -> list[Token]:
    """Take a statement apart."""
    found, place = list[Token](), 0
    while place < len(sql):
        match = _TOKEN.match(sql, place)
        if not match:
            raise at_or_near(sql[place : place + 20].split(maxsplit=1)[0])
        place = match.end()
        if token := _token(match):
            found.append(token)
    return [*found, Token(Sort.END, "", "")]


def at_or_near(shown: str) -> SqlError:
    """Return the refusal of what cannot be read."""
    where = f'at or near "{shown}"' if shown else "at end of input"
    return SqlError(SYNTAX_ERROR, f"syntax error {where}")


def _token(match: re.Match[str]) -> Token | None:
    sort, text = match.lastgroup, match[match.lastgroup or 0]
    if sort == "space":
        return None
    if sort == "word":
        text = text.lower()
    if sort in ("name", "text"):
        quote = match[0][0]
        text = text.replace(quote * 2, quote)
    return Token(Sort(sort), text, match[0])
