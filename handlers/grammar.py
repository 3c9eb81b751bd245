"""What people type after /incident, after a mention, or to the bot directly."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.listing import is_of_a_list
from bot.domain.names import incident_id_in
from bot.domain.severity import severity_in

from .reading.names import mentions_as_names
from .verbs import ALIASES, MEANING, PLANNED, SHOWS, VERBS
from .verbs.call import no_words
from .verbs.course import STATUSES


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


Named = Callable[[str], str]
Parsed = Nothing | Asked | Planned | NearMiss | Free


def parse(text: str, named: Named = mentions_as_names) -> Parsed:
    """Say what was asked. Case, spaces and curly quotes do not matter.

    Words that are no command have people in them as they are `named`.
    """
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
        return _asked(verb, rest, text, named)
    if meant := _near(word, edits=1 if rest else 2):
        kept = _incident_in(rest) or "" if VERBS[meant].check is no_words else rest
        return NearMiss(first, f"{meant} {kept}".strip(), named(text))
    return Free(named(text))


_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")


def _asked(verb: str, rest: str, text: str, named: Named) -> Asked | Free:
    if verb == "declare":
        return Asked(verb, None, named(rest))
    if verb == "help":
        return Asked(verb, None, rest)
    incident, left = _without_incident(verb, rest)
    if verb in SHOWS and " " in left and not _can_take(verb, left):
        return Free(named(text))  # "this is broken" asks for no status
    word = text.split(maxsplit=1)[0].lower()
    return Asked(verb, incident, f"{MEANING.get(word, '')} {left}".strip())


def _can_take(verb: str, left: str) -> bool:
    """Say whether a verb that shows something knows what to do with several words."""
    if verb == "list":
        return any(is_of_a_list(word) for word in left.split())
    return left.split(maxsplit=1)[0].lower() in STATUSES


def _without_incident(verb: str, rest: str) -> tuple[str | None, str]:
    """Return the incident that it is said of, and the rest.

    What people write may speak of other incidents, so there only the first word counts; of the
    one that `merge` names alone, the verb itself makes something.
    """
    words = rest.split()
    looked_at = words[: LOOKED_AT.get(verb, 1 if VERBS[verb].check is not no_words else None)]
    found = [word for word in looked_at if incident_id_in(word)]
    if not found or (verb == "merge" and sum(map(bool, map(incident_id_in, words))) == 1):
        return None, rest
    before, _, after = rest.partition(found[0])
    return incident_id_in(found[0]), " ".join(filter(None, (before.rstrip(), after.lstrip())))


# How many words may hold the incident, where it is not the first one or any.
LOOKED_AT = {"severity": None, "list": None, "status": 2}


def _incident_in(rest: str) -> str | None:
    return next((found for word in rest.split() if (found := incident_id_in(word))), None)


def _near(word: str, edits: int) -> str | None:
    """Return the verb that this word is within so many edits of, the nearest first."""
    built = [*VERBS, *(alias for alias, verb in ALIASES.items() if verb in VERBS)]
    alike = [known for known in built if abs(len(known) - len(word)) <= edits]
    distances = {known: distance(word, known) for known in alike}
    nearest = min(alike, key=lambda known: distances[known], default=None)
    if nearest is None or distances[nearest] > min(edits, len(word) - 2):
        return None
    return ALIASES.get(nearest, nearest)


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
