"""What a fact owes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.catalogue import Service
from bot.domain.facts import (
    ChannelOpened,
    Declared,
    Fact,
    JobBuried,
    Role,
    ServicesNamed,
    Suggested,
    ThreadOpened,
)
from bot.domain.incident import evolve, replay
from bot.domain.jobs import NATURES, PICTURES, Kind, Priority, answer
from bot.domain.jobs import Reply as To
from bot.domain.owing import claimed, owed
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from tests.samples import (
    ABSORBED,
    ASSIGNED,
    CARD,
    CLOSED,
    DECLARED,
    EVERY_FACT,
    FILED,
    GONE,
    HIDDEN,
    JOINED,
    LATE,
    LOST_CARD,
    MAYBE,
    MERGED,
    OFFERED,
    OVER,
    PRIVATE,
    PUT_AWAY,
    REFUSED_IT,
    REOPENED,
    RESOLVED,
    RETIRED,
    ROOM,
    TAKEN,
    THREAD,
    TODO,
    TODO_DONE,
    TODO_GONE,
    TOLD,
    WORSE,
    T,
    declared,
    stamp,
)

ANNOUNCING = Policy(announcements="C9")
K = Kind
FOUND = replace(DECLARED, origin_channel="C4", origin_ts="4.4")
ALL_PICTURES = [K.CARD, K.TOPIC, K.ANNOUNCEMENT]
ASKED = [K.OPEN_CHANNEL, K.ACKNOWLEDGEMENT_DUE]
ENDED = [K.RETIRE, K.SHELVE, K.SEAL, K.RECONCILE, K.FORGET]
FROM_A_MESSAGE = replace(DECLARED, origin_channel="C7", origin_ts="1.1")
NO_ROOM = JobBuried(stamp("bot"), K.OPEN_CHANNEL, "no")
AGAIN = ChannelOpened(stamp("bot"), "C2", "inc-20260115-001-checkout-is-down-2")
ROOM_FOR_ALL = replace(ROOM, private=False)
PAY = ServicesNamed(stamp("UBO"), ("checkout", "mail"))
CATALOGUE = {
    "checkout": Service("checkout", owners=("UANA",), links={"Board": "https://example.com/b"}),
    "mail": Service("mail", bridge="https://example.com/m"),
}
IN_TELLING = {  # test_telling.py shows these
    *(K.LINE, K.UPDATE, K.UPDATE_DUE, K.REMIND, K.PAGE, K.PAGED, K.PAGE_DUE, K.STAND_DOWN),
    *(K.ASSIGNED, K.SUBSCRIPTION, K.CATCH_UP, K.HOMES),
}


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([], DECLARED, [K.OPEN_CHANNEL, K.ACKNOWLEDGEMENT_DUE, K.ANNOUNCEMENT]),
        ([], PRIVATE, [K.OPEN_CHANNEL, K.ACKNOWLEDGEMENT_DUE]),
        ([PRIVATE, ROOM], TAKEN, [K.INVITE, K.CARD, K.TOPIC]),
        ([PRIVATE], JobBuried(stamp("bot"), K.OPEN_CHANNEL, "no"), [K.TROUBLE]),
        ([PRIVATE, JOINED], NO_ROOM, [K.ROOMLESS, K.TROUBLE]),
        ([DECLARED, JOINED], NO_ROOM, [K.TROUBLE]),
        ([DECLARED], ROOM, [K.INVITE, K.PURPOSE, *ALL_PICTURES]),
        ([FOUND], ROOM, [K.INVITE, K.PURPOSE, K.ORIGIN, *ALL_PICTURES]),
        ([FOUND], THREAD, [K.ORIGIN, K.CARD, K.ANNOUNCEMENT]),
        (
            [FOUND, ROOM, RETIRED],
            replace(ROOM, channel="C2"),
            [K.CONTINUED, K.INVITE, K.PURPOSE, *ALL_PICTURES],
        ),
        ([replace(FOUND, audience=("security",))], ROOM, [K.INVITE, K.PURPOSE, K.CARD, K.TOPIC]),
        ([DECLARED, ROOM], CARD, [K.PIN]),
        ([DECLARED], TOLD, []),
        ([DECLARED], TAKEN, [K.ANNOUNCEMENT]),
        ([DECLARED, ROOM], TAKEN, [K.INVITE, *ALL_PICTURES]),
        ([DECLARED, ROOM], JOINED, []),
        ([DECLARED, ROOM, JOINED], GONE, []),
        ([DECLARED], THREAD, [K.CARD, K.ANNOUNCEMENT]),
        ([DECLARED, THREAD], CARD, []),
        ([DECLARED, THREAD], TAKEN, [K.CARD, K.ANNOUNCEMENT]),
        ([DECLARED, THREAD, RESOLVED], CLOSED,
         [*ENDED, K.CARD, K.ANNOUNCEMENT]),
        ([DECLARED, ROOM], ASSIGNED, [K.INVITE, K.ROLE_TAKEN, *ALL_PICTURES]),
        ([DECLARED, ROOM], ABSORBED, [K.INVITE, K.CARD]),
        ([DECLARED, ROOM], MERGED, [K.POINTER, *ENDED, *ALL_PICTURES]),
        ([DECLARED], MERGED, [K.RETIRE, K.SHELVE, K.FORGET, K.ANNOUNCEMENT]),
        ([DECLARED, ROOM, RESOLVED], RETIRED, [K.ARCHIVE]),
        ([DECLARED, ROOM, RESOLVED, RETIRED], REOPENED,
         [K.OPEN_CHANNEL, K.ACKNOWLEDGEMENT_DUE, K.ANNOUNCEMENT]),
        ([DECLARED, ROOM, RESOLVED, RETIRED, REOPENED], AGAIN,
         [K.INVITE, K.PURPOSE, K.CONTINUED, *ALL_PICTURES]),
        ([DECLARED, ROOM, CARD, TOLD], HIDDEN,
         [K.OPEN_CHANNEL, K.TOMBSTONE, K.HUSH, K.ANNOUNCEMENT]),
        ([DECLARED, THREAD], HIDDEN, [K.OPEN_CHANNEL, K.TOMBSTONE]),
        ([DECLARED, HIDDEN], ROOM_FOR_ALL, [K.TOMBSTONE]),  # both at the same time
        ([DECLARED, HIDDEN], THREAD, [K.TOMBSTONE]),
        ([DECLARED, HIDDEN], TOLD, [K.ANNOUNCEMENT]),
        ([DECLARED, TOLD, HIDDEN], TAKEN, []),
        ([DECLARED, ROOM, CARD, HIDDEN, AGAIN], replace(CARD, channel="C1"), []),
        ([DECLARED, ROOM, RESOLVED], REOPENED, [K.ACKNOWLEDGEMENT_DUE, *ALL_PICTURES]),
        ([DECLARED, ROOM, TAKEN, RESOLVED], REOPENED, ALL_PICTURES),
        ([DECLARED, ROOM, LOST_CARD], OVER, [K.CARD]),
        ([DECLARED, ROOM, CARD], WORSE, [K.ACKNOWLEDGEMENT_DUE, *ALL_PICTURES]),
        ([DECLARED, ROOM, TAKEN], WORSE, ALL_PICTURES),
        (
            [DECLARED, ROOM],
            RESOLVED,
            [K.RETIRE, K.POSTMORTEM, K.RECONCILE, K.FORGET, *ALL_PICTURES],
        ),
        (
            [DECLARED, ROOM, RESOLVED, REOPENED],
            RESOLVED,
            [K.RETIRE, K.POSTMORTEM, K.RECONCILE, K.FORGET, *ALL_PICTURES],
        ),
        ([DECLARED, ROOM, RESOLVED], FILED, [K.CARD]),
        ([DECLARED, ROOM, RESOLVED], WORSE, [K.ACKNOWLEDGEMENT_DUE, K.FORGET, *ALL_PICTURES]),
        ([], FROM_A_MESSAGE, [*ASKED, K.RECONCILE, K.ANNOUNCEMENT]),
        ([DECLARED, ROOM, RESOLVED], CLOSED, [*ENDED, *ALL_PICTURES]),
        ([DECLARED, RESOLVED], CLOSED, [K.RETIRE, K.SHELVE, K.FORGET, K.ANNOUNCEMENT]),
        ([DECLARED, ROOM, RESOLVED, CLOSED], PUT_AWAY, []),
        ([DECLARED, CLOSED, TODO], TODO_DONE, [K.SHELVE]),  # it was at hand for this only
        ([DECLARED, CLOSED, TODO], TODO_GONE, [K.SHELVE]),
        ([DECLARED, CLOSED, TODO, replace(TODO, action=2)], TODO_DONE, []),
        ([DECLARED, RESOLVED, TODO], TODO_DONE, []),
        ([DECLARED, ROOM], OFFERED, [K.HANDOVER, K.CARD]),
        ([DECLARED, OFFERED], OFFERED, [K.HANDOVER, K.HANDOVER_OVER]),
        (
            [DECLARED, OFFERED],
            replace(OFFERED, person="UEVE"),
            [K.HANDOVER_ANSWERED, K.HANDOVER, K.HANDOVER_OVER],
        ),
        ([DECLARED, OFFERED], REFUSED_IT, [K.HANDOVER_ANSWERED, K.HANDOVER_OVER]),
        (
            [DECLARED, ROOM, OFFERED],
            REFUSED_IT,
            [K.HANDOVER_ANSWERED, K.ROLE_TAKEN, K.HANDOVER_OVER, K.CARD],
        ),
        (
            [DECLARED, ROOM, OFFERED],
            replace(REFUSED_IT, stamp=stamp()),  # taken back
            [K.HANDOVER_ANSWERED, K.HANDOVER_OVER, K.CARD],
        ),
        ([DECLARED, OFFERED], ASSIGNED, [K.HANDOVER_ANSWERED, K.HANDOVER_OVER, K.ANNOUNCEMENT]),
        (
            [DECLARED, ROOM],
            replace(ASSIGNED, role=Role.SCRIBE, stamp=stamp()),
            [K.INVITE, K.ROLE_GIVEN, K.ROLE_TAKEN, *ALL_PICTURES],
        ),
        ([DECLARED], replace(ASSIGNED, person="UBO"), [K.ANNOUNCEMENT]),
        ([DECLARED, ROOM], LATE, [K.UNANSWERED, *ALL_PICTURES]),
        ([DECLARED, ROOM, CARD], LOST_CARD, [K.TROUBLE]),
        ([DECLARED, ROOM, CARD, LOST_CARD], LOST_CARD, []),  # told once
        ([DECLARED, ROOM], MAYBE, [K.TROUBLE, K.CARD]),
        ([DECLARED], JobBuried(stamp("bot"), "trouble", "no"), []),
    ],
)  # fmt: skip
def test_a_fact_owes(given: list[Fact], fact: Fact, then: list[Kind]) -> None:
    before = replay("I", given)
    jobs = owed(before, fact, evolve(before, fact), ANNOUNCING)
    shown = [job.kind for job in jobs if job.kind not in IN_TELLING]
    assert sorted(shown) == sorted(then)


@pytest.mark.parametrize(
    ("given", "fact", "then"),
    [
        ([DECLARED], PAY, []),
        ([DECLARED, PAY], ROOM, [K.GATHER, K.BOOKMARKS]),
        ([DECLARED, ROOM], PAY, [K.GATHER, K.BOOKMARKS]),
        ([DECLARED, THREAD], PAY, [K.GATHER]),
        ([PRIVATE, ROOM], replace(PAY, stamp=stamp()), [K.BOOKMARKS]),  # who is in it is chosen
        ([DECLARED, ROOM], replace(PAY, services=("mail",)), [K.BOOKMARKS]),
        ([DECLARED, ROOM], replace(PAY, services=("unheard-of",)), []),
    ],
)
def test_the_catalogue_says_whom_and_what_a_room_needs(
    given: list[Fact], fact: Fact, then: list[Kind]
) -> None:
    before = replay("I", given)
    jobs = owed(before, fact, evolve(before, fact), Policy(services=CATALOGUE))
    assert [job.kind for job in jobs if job.kind in {K.GATHER, K.BOOKMARKS}] == then


def test_a_channel_is_looked_at_again_when_it_may_be_archived() -> None:
    before = replay("I", [DECLARED, ROOM])
    jobs = {j.kind: j for j in owed(before, RESOLVED, evolve(before, RESOLVED), Policy())}
    assert jobs[Kind.RETIRE].due == T + timedelta(days=7)


def test_what_is_about_an_old_place_names_it() -> None:
    before = replay("I", [DECLARED, ROOM, CARD])
    for fact, kind, ts in ((HIDDEN, Kind.TOMBSTONE, "1.1"), (RETIRED, Kind.ARCHIVE, "")):
        jobs = {j.kind: j for j in owed(before, fact, evolve(before, fact), Policy())}
        assert jobs[kind].reply == To("", "C1", {}, ts)


def test_without_an_announcement_channel_nothing_is_announced() -> None:
    before = replay("I", [])
    kinds = [job.kind for job in owed(before, DECLARED, evolve(before, DECLARED), Policy())]
    assert Kind.ANNOUNCEMENT not in kinds


def test_an_effect_is_owed_once_a_fact_and_a_picture_once_an_incident() -> None:
    before = replay("I", [DECLARED, ROOM])
    keys = {j.kind: j.key for j in owed(before, TAKEN, evolve(before, TAKEN), ANNOUNCING)}
    assert keys[Kind.INVITE] == "I/3/invite/UBO"
    assert keys[Kind.CARD] == "I/card"
    assert {kind for kind, key in keys.items() if key == f"I/{kind}"} == PICTURES & set(keys)


def test_whether_somebody_answered_is_asked_when_it_is_due_and_holds_up_nobody() -> None:
    before = replay("I", [])
    at_once, due = declared(), declared(severity=Severity.P3, minutes=240)
    for fact, minutes in ((at_once, 15), (due, 240)):
        jobs = {job.kind: job for job in owed(before, fact, evolve(before, fact), Policy())}
        asked = jobs[Kind.ACKNOWLEDGEMENT_DUE]
        assert asked.due == T + timedelta(minutes=minutes)
        assert asked.lane == asked.key
        assert jobs[Kind.OPEN_CHANNEL].due == T


def test_a_closed_incident_is_put_away_after_a_week() -> None:
    before = replay("I", [DECLARED, RESOLVED])
    jobs = {j.kind: j for j in owed(before, CLOSED, evolve(before, CLOSED), Policy())}
    assert jobs[Kind.SHELVE].due == T + timedelta(days=7)
    assert jobs[Kind.SHELVE].lane == jobs[Kind.SHELVE].key


def test_the_jobs_of_one_surface_wait_for_each_other() -> None:
    before = replay("I", [DECLARED, ROOM])
    lanes = {
        job.kind: job.lane
        for fact in (LATE, LOST_CARD, TAKEN, CARD)
        for job in owed(before, fact, evolve(before, fact), Policy())
    }
    assert lanes[Kind.UNANSWERED] == lanes[Kind.TROUBLE] == "I/messages"
    assert lanes[Kind.CARD] == "I/card"


def test_nobody_waits_behind_a_decoration() -> None:
    surfaces = {nature.surface for nature in NATURES.values()}
    for surface in surfaces - {"clock"}:  # there each has a lane of its own
        on_it = {n.priority for n in NATURES.values() if n.surface == surface}
        assert len(on_it) == 1 or Priority.DECORATION not in on_it


def test_every_kind_has_a_priority() -> None:
    assert set(NATURES) == set(Kind)


def test_an_answer_is_owed_to_a_person_and_news_to_the_operators() -> None:
    words = {"text": "hello"}
    assert answer(To("UANA", "C1", words), "r", T).lane == "answer/UANA"
    assert answer(To("", "COPS", words), "r", T).kind is Kind.OPERATORS


@pytest.mark.parametrize("fact", EVERY_FACT)
def test_only_numbers_channels_and_threads_are_claimed(fact: Fact) -> None:
    claims = claimed(fact, replay("I", [fact]))
    number = {"number"}
    expected = {
        Declared: number,
        Suggested: number,
        ChannelOpened: {"channel"},
        ThreadOpened: {"thread"},
    }
    assert {kind for kind, _ in claims} == expected.get(type(fact), set())
    assert set(claims.values()) <= {"I"}


def test_the_thread_that_an_incident_came_from_is_its_own() -> None:
    fact = replace(DECLARED, origin_channel="C7", origin_ts="7.7")
    assert claimed(fact, replay("I", [fact]))["thread", "C7/7.7"] == "I"
