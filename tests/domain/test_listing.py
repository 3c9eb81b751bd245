"""What people may ask to be listed, as rows of words and what they choose."""

from dataclasses import replace

import pytest

from bot.domain.errors import Refused
from bot.domain.facts import Role
from bot.domain.incident import Incident, replay
from bot.domain.listing import PAGE, Selection, listing, selection
from bot.domain.severity import Severity
from bot.domain.status import OPEN, Status
from tests.samples import DECLARED, RESOLVED, SERVICES, TAKEN, WORSE

A = replay("A", [DECLARED])
B = replay("B", [DECLARED, WORSE, replace(SERVICES, services=("checkout", "Payments"))])
C = replay("C", [replace(DECLARED, stamp=replace(DECLARED.stamp, by="UEVE")), TAKEN, RESOLVED])
D = replace(A, id="D", status=Status.CLOSED, declared_by="UCY", commander="UCY")
E = replace(D, id="E", status=Status.DETECTED, roles={Role.SCRIBE: ("UANA",)})
EVERY = [A, B, C, D, E]


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("", "ABE"),
        ("open", "ABE"),
        ("closed", "CD"),
        ("all", "ABCDE"),
        ("ALL P0", "B"),
        ("sev0", "B"),
        ("p3", ""),
        ("mine", "ABE"),
        ("all my", "ABE"),
        ("checkout", "B"),
        ("PAYMENTS", "B"),
        ("closed checkout", ""),
        ("resolved", "C"),
        ("all page 2", ""),
        ("all page 1", "ABCDE"),
        ("all page 0", "ABCDE"),
    ],
)
def test_words_choose(text: str, then: str) -> None:
    found = listing(EVERY, selection(text, {"checkout", "Payments"}), "UANA")
    assert "".join(incident.id for incident in found.shown) == then


@pytest.mark.parametrize("text", ["of things", "page", "page x", "page 99999", "payments", "4"])
def test_other_words_are_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(Refused, match="takes: open, closed, all, mine"):
        selection(text, {"checkout"})


def test_what_does_not_fit_is_counted_and_on_the_next_page() -> None:
    many = [replace(A, id=f"{n}") for n in range(PAGE * 2 + 3)]
    pages = [listing(many, Selection(OPEN, page=page), "") for page in (1, 2, 3, 4)]
    assert [len(page.shown) for page in pages] == [PAGE, PAGE, 3, 0]
    assert [page.more for page in pages] == [PAGE + 3, 3, 0, 0]
    assert {page.total for page in pages} == {PAGE * 2 + 3}


def test_the_words_are_kept_without_the_page() -> None:
    found = selection("closed P1 page 2", ())
    assert (found.words, found.page, found.severity) == ("closed p1", 2, Severity.P1)


def test_an_incident_that_was_put_away_is_listed_like_others() -> None:
    shelved = Incident("S", seq=9, status=Status.CLOSED, commander="UANA", shelved=True)
    assert listing([shelved], selection("closed mine", ()), "UANA").total == 1
