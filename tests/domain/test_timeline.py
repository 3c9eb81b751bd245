"""What an incident's facts tell, as rows of given and then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.facts import Fact, MilestoneSet
from bot.domain.incident import replay
from bot.domain.state import Post
from bot.domain.timeline import sources, timeline, united
from tests.samples import (
    CARD,
    CLEARED,
    DECLARED,
    DISPUTED,
    EVERY_FACT,
    FIRED,
    GONE,
    JOINED,
    LIFTED,
    LOST_CARD,
    MEASURED,
    MITIGATED,
    MOVED,
    NOT_KNOWN,
    NOTE_EDITED,
    NOTE_GONE,
    NOTED,
    PINNED,
    QUIET,
    RESOLVED,
    ROOM,
    SILENCED,
    SUBSCRIBED,
    SUGGESTED,
    SUGGESTION,
    TAKEN,
    TODO,
    TODO_DONE,
    TOLD,
    WORSE,
    T,
)

EARLIER = replace(NOTED, stamp=replace(NOTED.stamp, occurred_at=T - timedelta(minutes=5)))
EDITED_BACK = replace(NOTE_EDITED, at=T - timedelta(hours=1))
AGAIN = MilestoneSet(MITIGATED.stamp, MITIGATED.milestone, T - timedelta(minutes=1))
UNSAID = replace(MITIGATED, at=None)


SECOND = replace(FIRED, fingerprint="f2", name="Slow")
AFTER = replace(FIRED.stamp, occurred_at=T + timedelta(minutes=1))
LATER_ON = replace(SECOND, stamp=AFTER)
MEASURED_LAST = replace(MEASURED, failed=2000.0)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ([], []),
        ([DECLARED, TAKEN, WORSE, RESOLVED], [1, 2, 3, 4]),
        ([DECLARED, ROOM, CARD, TOLD, JOINED, GONE, SUBSCRIBED, LOST_CARD], [1, 2]),
        ([DECLARED, EARLIER], [2, 1]),  # when it was, not when it was written down
        ([DECLARED, NOTED, NOTE_GONE], [1]),
        ([DECLARED, NOTED, NOTE_EDITED, NOTE_GONE, PINNED], [1, 5]),
        ([DECLARED, NOTED, EDITED_BACK], [2, 1]),
        ([DECLARED, MITIGATED, RESOLVED], [1, 3, 2]),
        ([DECLARED, MITIGATED, AGAIN], [3, 1]),  # as it was said last
        ([DECLARED, MITIGATED, UNSAID], [1]),
        ([DECLARED, NOT_KNOWN], [1]),
        ([DECLARED, TODO, TODO_DONE], [1, 2, 3]),
        ([SUGGESTED, FIRED, SECOND, SUGGESTION, DECLARED, CLEARED], [1, 2, 5, 6]),
        ([DECLARED, FIRED, CLEARED, FIRED], [1, 2]),  # it still fires
        ([DECLARED, FIRED, CLEARED, FIRED, CLEARED], [1, 2, 5]),
        ([DECLARED, FIRED, LATER_ON], [1, 2, 3]),
        ([DECLARED, FIRED, QUIET, SILENCED], [1, 2, 3, 4]),
        ([DECLARED, MEASURED, NOTED, MEASURED_LAST, MOVED, SILENCED, LIFTED], [1, 3, 4, 5, 6, 7]),
    ],
)
def test_facts_tell(given: list[Fact], then: list[int]) -> None:
    assert [entry.seq for entry in timeline(replay("I", given), given)] == then


def test_an_entry_stands_as_it_was_edited_and_keeps_its_number() -> None:
    given: list[Fact] = [DECLARED, NOTED, EDITED_BACK]
    entry = timeline(replay("I", given), given)[0]
    assert (entry.kind, entry.note, entry.by) == ("Noted", 1, "UBO")
    assert (entry.at, entry.fact) == (
        EDITED_BACK.at,
        replace(NOTED, text=NOTE_EDITED.text, stamp=replace(NOTED.stamp, occurred_at=entry.at)),
    )


def test_entries_name_the_messages_they_came_from() -> None:
    from_message = replace(DECLARED, origin_channel="C7", origin_ts="7.7")
    given: list[Fact] = [from_message, NOTED, PINNED]
    told = timeline(replay("I", given), given)
    assert list(sources(told)) == [Post("C7", "7.7"), Post("C1", "4.4")]


def test_alerts_that_came_at_once_are_one_entry_and_say_how_often_they_came() -> None:
    given: list[Fact] = [DECLARED, FIRED, SECOND, CLEARED, FIRED, CLEARED]
    _, began, ended = timeline(replay("I", given), given)
    assert began.alerts == (("ErrorsHigh", 1), ("Slow", 1))
    assert ended.alerts == (("ErrorsHigh", 2),)


def test_a_storm_of_alerts_is_told_in_few_lines() -> None:
    given: list[Fact] = [DECLARED]
    for n in range(500):
        one = replace(FIRED, fingerprint=f"f{n}")
        given += [one, replace(CLEARED, fingerprint=one.fingerprint), one]
    assert len(timeline(replay("I", given), given)) == 2
    assert len(timeline(replay("I", given), given)[1].alerts) == 500


def test_who_disagrees_with_the_assessment_is_told() -> None:
    given: list[Fact] = [DECLARED, DISPUTED]
    assert [entry.kind for entry in timeline(replay("I", given), given)][1:] == ["RuleDisputed"]


def test_two_incidents_tell_one_timeline() -> None:
    one: list[Fact] = [DECLARED, RESOLVED]
    other: list[Fact] = [DECLARED, EARLIER]
    told = united(
        timeline(replay(name, facts), facts) for name, facts in (("A", one), ("B", other))
    )
    assert [(e.incident, e.seq) for e in told] == [("B", 2), ("A", 1), ("A", 2), ("B", 1)]


@pytest.mark.parametrize("fact", EVERY_FACT)
def test_any_fact_alone_can_be_told(fact: Fact) -> None:
    assert len(timeline(replay("I", [fact]), [fact])) <= 1
