"""PromQL's words: a query cut into tokens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .refusals import parse_error

Kind: TypeAlias = Literal["name", "number", "duration", "text", "sign", "end"]

SECONDS = {
    "y": 365 * 86400.0,
    "w": 7 * 86400.0,
    "d": 86400.0,
    "h": 3600.0,
    "m": 60.0,
    "s": 1.0,
    "ms": 0.001,
}
KINDS: tuple[Kind, ...] = ("name", "sign", "text", "number", "duration")
LONGEST = 10_000  # characters of a query
_DURATION = (
    r"(?:[0-9]+y)?(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m(?!s))?(?:[0-9]+s)?(?:[0-9]+ms)?"
)
_NUMBER = r"(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<duration>(?=[0-9]+(?:ms|[ywdhms])){_DURATION}(?![0-9a-zA-Z_.]))
  | (?P<number>{_NUMBER}(?![0-9a-zA-Z_.]))
  | (?P<name>(?:[a-zA-Z_]|:[a-zA-Z_:])[a-zA-Z0-9_:]*)
  | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`)
  | (?P<sign>==|!=|=~|!~|<=|>=|[-+*/%^<>=(){{}}\[\],:@])
    """,
    re.VERBOSE | re.DOTALL,
)
_PIECE = re.compile(r"([0-9]+)(ms|[ywdhms])")
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.?))",
    re.DOTALL,
)
_SHORT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LAST = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a query, and where it begins."""

    kind: Kind
    text: str
    at: int


def tokens(query: str) -> Sequence[Token]:
    """Cut a query into its words; the last is its end. Raises Refusal."""
    if len(query) > LONGEST:
        raise parse_error("", 0, f"queries are supported up to {LONGEST} characters")
    found, at = list[Token](), 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None or not match[0]:
            raise parse_error(query, at, _unknown(query[at:]))
        kind = next((kind for kind in KINDS if match[kind] is not None), None)
        if kind:
            found.append(Token(kind, match[0], at))
        at = match.end()
    return [*found, Token("end", "", len(query))]


def _unknown(rest: str) -> str:
    if rest[0] in "\"'`":
        return "unterminated quoted string"
    if rest[0] == "!":
        return f"unexpected character after '!': {rest[1:2]!r}"
    if rest[0].isascii() and rest[0].isdigit():
        return f"bad number or duration syntax: {rest[:20]!r}"
    return f"unexpected character: {rest[0]!r}"


def seconds(duration: str) -> float:
    """Return how long 1h30m is. Raises ValueError where it is no duration."""
    if not duration or not re.fullmatch(_DURATION, duration):
        msg = f"not a valid duration string: {duration!r}"
        raise ValueError(msg)
    return sum(int(count) * SECONDS[unit] for count, unit in _PIECE.findall(duration))


def unquoted(token: Token) -> str:
    """Return what a text says. Raises ValueError for an escape that is none."""
    inner = token.text[1:-1]
    if token.text[0] == "`":
        return inner
    return _ESCAPE.sub(_escaped, inner)


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return _SHORT.get(match[1], match[1])
    digits, base = (match[2] or match[3] or match[4], 16) if not match[5] else (match[5], 8)
    code = int(digits, base) if digits else -1
    if not 0 <= code <= _LAST or 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - no character
        msg = f"invalid escape sequence {match[0]}"
        raise ValueError(msg)
    return chr(code)


def is_label(text: str) -> bool:
    """Tell whether a label may be called so."""
    return bool(re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", text))
