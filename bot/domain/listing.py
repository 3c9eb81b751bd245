"""Which incidents somebody wants to see, read from words, and how many of them at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from .errors import Refused
from .severity import Severity, severity_in
from .state import Incident
from .status import OPEN, Status

PAGE = 20
SETS = {"open": OPEN, "closed": frozenset(Status) - OPEN, "all": frozenset(Status)}
NAMED = {**SETS, **{status.value: frozenset({status}) for status in Status if status != "closed"}}


SUGGESTED = frozenset({"suggested", "suggestions"})
MINE = frozenset({"mine", "my", "me"})


def is_of_a_list(word: str) -> bool:
    """Say whether it is a word that chooses incidents, whatever services there are."""
    return word.lower() in {*NAMED, *MINE, *SUGGESTED, "page"} or severity_in(word) is not None


@dataclass(frozen=True, slots=True)
class Selection:
    """Incidents that stand so and, where it is said, are this bad, of that service, or one's own.

    `words` are what was said without the page.
    """

    statuses: frozenset[Status] = OPEN
    severity: Severity | None = None
    service: str | None = None
    mine: bool = False
    page: int = 1
    words: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of what was selected, and how many there are on it, after it and in all."""

    selection: Selection
    shown: Sequence[Incident]
    more: int
    total: int


def selection(text: str, services: Collection[str]) -> Selection:
    """Read what to list; Refused if a word is none of ours and no such service."""
    words, page = _without_page(text.lower().split())
    statuses, severity, service, mine = OPEN, None, None, False
    for word in words:
        if word in NAMED:
            statuses = NAMED[word]
        elif word in MINE:
            mine = True
        elif found := severity_in(word):
            severity = found
        elif named := next((name for name in services if name.lower() == word), None):
            service = named
        else:
            msg = (
                "I do not understand `{quote}`. `/incident list` takes: open, closed, all, mine, "
                "a status, a severity, a service that had an incident, page 2."
            )
            raise Refused(msg, quote=word)
    return Selection(statuses, severity, service, mine, page, " ".join(words))


def _without_page(words: list[str]) -> tuple[list[str], int]:
    match words:
        case [*before, "page", number] if number.isdecimal() and len(number) < 5:  # noqa: PLR2004 -- more there never are
            return before, max(1, int(number))
        case _:
            return words, 1


def listing(incidents: Iterable[Incident], wanted: Selection, person: str) -> Listing:
    """Return a page of those that were selected, in the order they are given in."""
    found = [
        incident
        for incident in incidents
        if incident.status in wanted.statuses
        and wanted.severity in {None, incident.severity}
        and (wanted.service is None or wanted.service in incident.services)
        and (not wanted.mine or _is_of(incident, person))
    ]
    before = (wanted.page - 1) * PAGE
    shown = found[before : before + PAGE]
    return Listing(wanted, shown, max(0, len(found) - before - PAGE), len(found))


def _is_of(incident: Incident, person: str) -> bool:
    return person in incident.helping or person == incident.declared_by
