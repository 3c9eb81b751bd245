"""Text as words: whatever their case, accents, hyphens and CamelCase, and where each stood."""

import enum
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST = 64  # a longer one is no word of anybody's

_RUNS = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_HUMPS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^A-Z]+|[A-Z]+")
_SENTENCE = frozenset(".;!?\n")
_CLAUSE = frozenset(",:()[]{}|\u2013\u2014→")


class Gap(enum.IntEnum):
    """What stands between a word and the one before it."""

    NOTHING = 0  # or a hyphen, a dot, a slash: they are one name
    SPACE = 1
    CLAUSE = 2
    SENTENCE = 3


class Word(NamedTuple):
    """A word as it is compared, what is before it, and where it stood."""

    form: str
    gap: Gap
    begins: int
    ends: int


def words(text: str) -> list[Word]:
    """Return the words of a text, in time proportional to it."""
    found, before = list[Word](), 0
    for run in _RUNS.finditer(text):
        between = text[before : run.start()][:LONGEST]
        gap = _gap(between) if found else Gap.SENTENCE
        for begins, ends in _humps(text, *run.span()):
            found.append(Word(_form(text[begins:ends]), gap, begins, ends))
            gap = Gap.NOTHING
        before = run.end()
    return found


def _humps(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    if ends - begins == 1:
        return [(begins, ends)]
    run = text[begins:ends]
    if len(run) > LONGEST or run.islower() or run.isdigit():
        return [(begins, ends)]
    if run[:-1].isupper() and run.endswith("s"):  # the plural of an abbreviation
        return [(begins, ends)]
    return [(begins + hump.start(), begins + hump.end()) for hump in _HUMPS.finditer(run)]


def _form(word: str) -> str:
    folded = word.casefold().replace("'", "").replace("\u2019", "")
    if folded.isascii() or len(folded) > LONGEST:
        return folded
    parts = unicodedata.normalize("NFKD", folded)
    return "".join(part for part in parts if not unicodedata.combining(part))


@lru_cache(maxsize=1024)
def _gap(between: str) -> Gap:
    if len(between) == 1 and between not in " ,:;!?\n\t(|":
        return Gap.NOTHING
    spaced = any(map(str.isspace, between))
    if "\n" in between or (spaced and not _SENTENCE.isdisjoint(between)):
        return Gap.SENTENCE
    if not {";", "!", "?"}.isdisjoint(between):
        return Gap.SENTENCE
    return Gap.SPACE if _CLAUSE.isdisjoint(between) else Gap.CLAUSE


def forms(phrase: str) -> tuple[str, ...]:
    """Return only how the words of a phrase are compared."""
    return tuple(word.form for word in words(phrase))
