"""Takes secrets out of what people paste, before it is kept. What only identifies stays."""

import re
from typing import NamedTuple

from .cards import CARDS
from .named import NAMED
from .places import PLACES
from .rules import Rule
from .tokens import TOKENS

RULES: tuple[Rule, ...] = (*TOKENS, *PLACES, *NAMED, *CARDS)
PLACEHOLDER = "[redacted: "  # how what stands for a secret begins
ROUNDS = 4  # a secret may have hidden another that it touched


class Redacted(NamedTuple):
    """The text without secrets, and the kinds of those there were."""

    text: str
    kinds: frozenset[str]


def redacted(text: str) -> Redacted:
    """Replace each secret by its kind; what is redacted already stays as it is."""
    kinds = set[str]()
    for _ in range(ROUNDS):
        before = text
        for rule in RULES:
            text = _without(text, rule, kinds)
        if text == before:
            break
    return Redacted(text, frozenset(kinds))


def placeholder(kind: str) -> str:
    """Return what stands where a secret of that kind was."""
    return f"{PLACEHOLDER}{kind}]"


def _without(text: str, rule: Rule, kinds: set[str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        if not rule.judge(found):
            return found[0]
        kinds.add(rule.kind)
        start, end = rule.secret(found)
        return f"{text[found.start() : start]}{placeholder(rule.kind)}{text[end : found.end()]}"

    return rule.looks.sub(replaced, text)
