"""What people type after /incident, after a mention, or to the bot directly."""

from dataclasses import dataclass

from bot.domain.names import incident_id_in
from bot.domain.severity import severity_in

from .verbs import ALIASES, PLANNED, SHOWS, TAKES_WORDS, VERBS


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing was typed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb, the incident it names if it names one, and what else was said."""

    verb: str
    incident: str | None
    rest: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A verb of a later version."""

    verb: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A word that may be a verb mistyped; `meant` is the text with that verb."""

    word: str
    meant: str
    text: str


@dataclass(frozen=True, slots=True)
class Free:
    """Words that are no command: perhaps what is wrong."""

    text: str


Parsed = Nothing | Asked | Planned | NearMiss | Free


def parse(text: str) -> Parsed:
    """Say what was asked. Case, spaces and curly quotes do not matter."""
    text = text.translate(_STRAIGHT).strip().removeprefix("/incident ").strip()
    first, *others = text.split(maxsplit=1) or [""]
    word, rest = first.lower(), others[0] if others else ""
    verb = ALIASES.get(word, word)
    if not text:
        return Nothing()
    if incident_id_in(text):
        return Asked("status", incident_id_in(text), "")
    if severity_in(text) and text[0].isalpha():
        return Asked("severity", None, text)
    if verb in PLANNED:
        return Planned(verb)
    if verb in VERBS:
        return _asked(verb, rest, text)
    if meant := _near(word, edits=1 if rest else 2):
        kept = rest if meant in TAKES_WORDS else _incident_in(rest) or ""
        return NearMiss(first, f"{meant} {kept}".strip(), text)
    return Free(text)


_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")


def _asked(verb: str, rest: str, text: str) -> Asked | Free:
    if verb == "declare":
        return Asked(verb, None, rest)
    left = " ".join(word for word in rest.split() if not incident_id_in(word))
    if verb == "help" or (verb == "list" and left in {"all", "open"}):
        return Asked(verb, None, "")
    if verb in SHOWS and " " in left:
        return Free(text)  # "this is broken" asks for no status
    return Asked(verb, _incident_in(rest), left)


def _incident_in(rest: str) -> str | None:
    return next((found for word in rest.split() if (found := incident_id_in(word))), None)


def _near(word: str, edits: int) -> str | None:
    """Return the verb that this word is within so many edits of, the nearest first."""
    built = [*VERBS, *(alias for alias, verb in ALIASES.items() if verb in VERBS)]
    distances = {known: distance(word, known) for known in built}
    nearest = min(built, key=lambda known: distances[known])
    close = distances[nearest] <= min(edits, len(word) - 2)
    return ALIASES.get(nearest, nearest) if close else None


def distance(one: str, other: str) -> int:
    """Return how many letters were added, left out, changed or swapped with the next.

    Optimal string alignment: Damerau-Levenshtein without editing a swapped pair again.
    """
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and (a, one[i - 2]) == (other[j - 2], b):
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
