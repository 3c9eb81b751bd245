"""A statement's tokens, read one after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from .errors import UNSUPPORTED, SqlError
from .lexing import Sort, Token, at_or_near

DEEPEST = 30  # levels of brackets, or operators one after the other
SPOKEN = (Sort.WORD, Sort.SIGN)


class Reader:
    """Stands before one token, and goes on to the next."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._tokens = found
        self._place = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        """Return what comes next."""
        return self._tokens[self._place]

    def next(self) -> Token:
        """Return what comes next, and go on."""
        token = self.token
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def peeks(self, *texts: str, ahead: int = 0) -> bool:
        """Tell whether one of these words or signs comes next."""
        token = self._tokens[min(self._place + ahead, len(self._tokens) - 1)]
        return token.sort in SPOKEN and token.text in texts

    def takes(self, *texts: str) -> str:
        """Go past one of these words or signs, if one comes next, and return it."""
        return self.next().text if self.peeks(*texts) else ""

    def skip(self, *texts: str) -> None:
        """Go past one of these, if one comes next."""
        self.takes(*texts)

    def needs(self, *texts: str) -> None:
        """Go past one of these, which has to come next."""
        if not self.takes(*texts):
            raise self.refusal()

    def word(self) -> str:
        """Return the word that comes next, or nothing where it is none."""
        return self.next().text if self.token.sort is Sort.WORD else ""

    def name(self) -> str:
        """Return the name that has to come next; its catalogue is left out."""
        if self.token.sort not in (Sort.WORD, Sort.NAME):
            raise self.refusal()
        first = self.next().text
        if first == "pg_catalog" and self.takes("."):
            return self.name()
        return first

    def value(self) -> str:
        """Return a setting's value, which has to come next."""
        minus = self.takes("-")
        if self.token.sort not in (Sort.WORD, Sort.NAME, Sort.TEXT, Sort.NUMBER):
            raise self.refusal()
        return minus + self.next().text

    def ends(self) -> None:
        """Be at the end."""
        if self.token.sort is not Sort.END:
            raise self.refusal()

    def deeper(self) -> None:
        """Go one level down."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise SqlError("54001", "this statement is nested too deep")

    def higher(self) -> None:
        """Go one level up."""
        self._depth -= 1

    @contextmanager
    def chain(self) -> Iterator[Callable[[], None]]:
        """Give what goes a level down, and be back where this began at the end."""
        before = self._depth
        yield self.deeper
        self._depth = before

    def refusal(self) -> SqlError:
        """Return the refusal of what comes next."""
        return at_or_near(self.token.shown)

    def unsupported(self, what: str, hint: str) -> SqlError:
        """Return the refusal of something that PostgreSQL knows and this server does not."""
        return SqlError(UNSUPPORTED, f"{what} is not supported", hint)
