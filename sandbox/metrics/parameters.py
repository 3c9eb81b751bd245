"""What a request to Prometheus' API asks: its words, moments and steps."""

import math
import re
from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from .asking import MOST_STEPS
from .matching import Matcher
from .nodes import Node, Selector
from .parser import parse
from .refusals import Refusal
from .tokens import seconds

FOREVER = 4e9  # seconds since 1970; no moment is later


class Parameters:
    """The words of one request, of its address and of its form."""

    def __init__(self, given: Sequence[tuple[str, str]]) -> None:
        self._given = given

    @classmethod
    async def of(cls, request: web.Request) -> "Parameters":
        """Return those of a request; the form comes first."""
        try:
            form = await request.post()
        except (ValueError, LookupError) as error:
            raise Refusal("the form cannot be read") from error
        told = [(name, value) for name, value in form.items() if isinstance(value, str)]
        return cls([*told, *request.query.items()])

    def all(self, name: str) -> Sequence[str]:
        """Return all values of that name."""
        return [value for given, value in self._given if given == name]

    def text(self, name: str) -> str:
        """Return the first value of that name, or nothing."""
        return next(iter(self.all(name)), "")

    def query(self) -> Node:
        """Return what the query says. Raises Refusal."""
        return self._parsed("query", self.text("query"))

    def moment(self, name: str, otherwise: float | None = None) -> float:
        """Return a moment, in seconds since 1970. Raises Refusal."""
        text = self.text(name)
        if not text and otherwise is not None:
            return otherwise
        found = _number(text) if _number(text) is not None else _date(text)
        if found is None or not abs(found) < FOREVER:
            raise invalid(name, f'cannot parse "{text}" to a valid timestamp')
        return found

    def step(self) -> float:
        """Return how far the moments are apart. Raises Refusal."""
        text = self.text("step")
        found = _length(text)
        if found is None or not abs(found) < FOREVER:
            raise invalid("step", f'cannot parse "{text}" to a valid duration')
        if found <= 0:
            words = "zero or negative query resolution step widths are not accepted."
            raise invalid("step", words + " Try a positive integer")
        return found

    def stretch(self) -> tuple[float, float, float]:
        """Return the first moment, the last and the step between. Raises Refusal."""
        begin, end, step = self.moment("start"), self.moment("end"), self.step()
        if end < begin:
            raise invalid("end", "end timestamp must not be before start time")
        if (end - begin) / step > MOST_STEPS:
            words = "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing"
            raise Refusal(words + " the query resolution (?step=XX)")
        return begin, end, step

    def patience(self) -> None:
        """Check the timeout; all answers are quicker. Raises Refusal."""
        if (text := self.text("timeout")) and _length(text) is None:
            raise invalid("timeout", f'cannot parse "{text}" to a valid duration')

    def selectors(self) -> Sequence[Sequence[Matcher]]:
        """Return what each match[] asks for. Raises Refusal."""
        return [self._selector(text) for text in self.all("match[]")]

    def _selector(self, text: str) -> Sequence[Matcher]:
        node = self._parsed("match[]", text)
        if not isinstance(node, Selector):
            raise invalid("match[]", "1:1: parse error: only a selector like up{job=...} is one")
        return node.matchers

    def _parsed(self, name: str, text: str) -> Node:
        try:
            return parse(text)
        except Refusal as refusal:
            raise invalid(name, refusal.words) from refusal


def invalid(name: str, words: str) -> Refusal:
    """Return the refusal of one parameter."""
    return Refusal(f'invalid parameter "{name}": {words}')


def _number(text: str) -> float | None:
    try:
        found = float(text) if re.fullmatch(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?", text) else None
    except ValueError:
        return None
    return None if found is None or math.isinf(found) else found


def _date(text: str) -> float | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.timestamp() if found.tzinfo else None


def _length(text: str) -> float | None:
    if (found := _number(text)) is not None:
        return found
    try:
        return seconds(text)
    except ValueError:
        return None
