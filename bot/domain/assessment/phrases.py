"""Which phrases are said in a text, in time proportional to it, and not denied there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .denials import denied
from .words import Gap, Word, forms

ANY = "..."
SKIPPED = 3
SHORTEST = 6  # letters of a word that may be mistyped

Step = tuple[frozenset[str], tuple[str, ...]]  # words as they are, and beginnings of words


@dataclass(frozen=True, slots=True)
class Phrase:
    """The steps of a phrase, None for any words, and the name of what it belongs to."""

    name: str
    steps: tuple[Step | None, ...]


class Phrases:
    """Phrases by the word they begin with."""

    def __init__(self, says: Mapping[str, Iterable[str]]) -> None:
        self._exact = defaultdict[str, list[Phrase]](list)
        self._begun = defaultdict[str, list[Phrase]](list)
        known = set[str]()
        for name, phrases in says.items():
            for phrase in phrases:
                known |= self._add(name, phrase)
        self._lengths = sorted({len(beginning) for beginning in self._begun})
        self._spelling = Spelling(known)

    def _add(self, name: str, text: str) -> set[str]:
        phrase = Phrase(name, steps := steps_of(text))
        if steps and steps[0]:
            for word in steps[0][0]:
                self._exact[word].append(phrase)
            for beginning in steps[0][1]:
                self._begun[beginning].append(phrase)
        return {word for step in steps if step for word in step[0]}

    def said(self, text: Sequence[Word]) -> dict[str, tuple[int, int]]:
        """Return for each name whose phrase is said where that is first, from word to word."""
        right = {form: self._spelling.right(form) for form in {word.form for word in text}}
        spelt = [right[word.form] for word in text]
        found = dict[str, tuple[int, int]]()
        beginnings = dict[str, list[Phrase]]()
        for at, form in enumerate(spelt):
            if form not in beginnings:
                beginnings[form] = list(self._beginning(form))
            for phrase in beginnings[form]:
                if phrase.name in found:
                    continue
                ends = _end(phrase.steps, spelt, text, at)
                if ends and not denied(spelt, text, at, ends):
                    found[phrase.name] = (at, ends)
        return found

    def _beginning(self, form: str) -> Iterator[Phrase]:
        yield from self._exact.get(form, ())
        for length in self._lengths:
            if length > len(form):
                return
            yield from self._begun.get(form[:length], ())


class Spelling:
    """Mends a letter that is missing, doubled, or swapped with its neighbour."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {word for word in known if len(word) >= SHORTEST - 1}
        self._short_of = {short: word for word in sorted(self._known) for short in _without(word)}

    def right(self, word: str) -> str:
        """Return the word that we know and this is a slip of, else the word itself."""
        if not SHORTEST <= len(word) <= 2 * SHORTEST + 4 or word in self._known:
            return word
        if word in self._short_of and self._short_of[word][0] == word[0]:
            return self._short_of[word]
        slips = (slip for slip in (*_without(word), *_swapped(word)) if slip in self._known)
        return next((slip for slip in slips if slip[0] == word[0]), word)


def _without(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _swapped(word: str) -> Iterator[str]:
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def is_phrase(text: str) -> bool:
    """Say whether this can be said at all: it has to begin with a word."""
    steps = steps_of(text)
    return bool(steps and steps[0] and any(steps[0]))


def steps_of(text: str) -> tuple[Step | None, ...]:
    """Read a phrase; one that begins with any words, or with none, is said nowhere."""
    return tuple(step for part in text.split() for step in _steps(part))


def _steps(part: str) -> Iterator[Step | None]:
    if part == ANY:
        yield None
        return
    if "|" in part:
        both = [_steps(either) for either in part.split("|")]
        firsts = [step for steps in both if (step := next(steps, None))]
        yield frozenset().union(*(s[0] for s in firsts)), tuple(b for s in firsts for b in s[1])
        return
    *whole, last = forms(part) or ("",)
    yield from ((frozenset([word]), ()) for word in whole)
    if last:
        yield (frozenset(), (last,)) if part.endswith("*") else (frozenset([last]), ())


def _end(
    steps: tuple[Step | None, ...], spelt: list[str], text: Sequence[Word], at: int
) -> int | None:
    """Return behind which word the phrase ends that begins at this one."""
    skip = 0
    for number, step in enumerate(steps):
        if step is None:
            skip = SKIPPED
            continue
        while not _fits(step, spelt, text, at, first=number == 0):
            if not skip or at >= len(text) or text[at].gap is Gap.SENTENCE:
                return None
            skip, at = skip - 1, at + 1
        skip, at = 0, at + 1
    return at


def _fits(step: Step, spelt: list[str], text: Sequence[Word], at: int, *, first: bool) -> bool:
    if at >= len(text) or (not first and text[at].gap is Gap.SENTENCE):
        return False
    return spelt[at] in step[0] or spelt[at].startswith(step[1])
