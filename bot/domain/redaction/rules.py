"""What a rule for one kind of secret is.

A rule takes time in proportion to the text, whatever the text is: each repetition is bounded or
gives nothing back, and none begins again within what another one took. A group is never
possessive, `(?:…)*+`: Python before 3.11.5 takes a character too much with it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

Judge = Callable[[re.Match[str]], bool]

# A word begins here, or after a line break that a program wrote as \n.
WORD = r"(?:(?<![\w-])|(?<=\\[nrt]))"


def _always(_: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """How a kind of secret looks; the `judge` may know better than a pattern can."""

    kind: str
    looks: re.Pattern[str]
    judge: Judge = _always

    def secret(self, found: re.Match[str]) -> tuple[int, int]:
        """Return from where to where it is the secret itself: a group named so, or all of it."""
        named = (name for name in ("secret", "quoted") if name in self.looks.groupindex)
        return found.span(next((name for name in named if found[name] is not None), 0))


def rule(kind: str, looks: str, judge: Judge = _always) -> Rule:
    """Return the rule."""
    return Rule(kind, re.compile(looks), judge)
