"""Every shape ever committed is read for ever."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import Declared, Fact, Shelved
from bot.domain.incident import Incident, evolve, replay
from bot.domain.records import VERSIONS, Record, TooNew, from_record, to_record, upcast
from bot.domain.status import Status
from tests.samples import EVERY_FACT

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("*.json"))
RECORDS = [json.loads(path.read_text()) for path in CORPUS]
FACTS = [from_record(record) for record in RECORDS]


@pytest.mark.parametrize("fact", [*FACTS, *EVERY_FACT], ids=lambda fact: type(fact).__name__)
def test_a_fact_survives_writing(fact: Fact) -> None:
    assert from_record(json.loads(json.dumps(to_record(fact)))) == fact


@pytest.mark.parametrize("record", RECORDS, ids=[path.stem for path in CORPUS])
def test_a_record_begins_with_what_every_record_has(record: Record) -> None:
    assert list(record)[:5] == ["type", "v", "occurred_at", "recorded_at", "by"]
    written = to_record(from_record(record))
    assert list(written)[:5] == ["type", "v", "occurred_at", "recorded_at", "by"]


def test_what_is_written_today_is_what_the_corpus_holds_of_today() -> None:
    newest = [r for r in RECORDS if r["v"] == VERSIONS[r["type"]]]
    assert [to_record(from_record(record)) for record in newest] == newest


def test_the_corpus_holds_every_version() -> None:
    every = {(name, v) for name, newest in VERSIONS.items() for v in range(1, newest + 1)}
    assert {(record["type"], record["v"]) for record in RECORDS} == every


def test_old_shapes_are_brought_up_a_version_at_a_time() -> None:
    versions = {"Eaten": 3}
    upcasters = {
        ("Eaten", 1): lambda r: {**r, "fork": True},
        ("Eaten", 2): lambda r: {**r, "knife": r["fork"]},
    }
    old = {"type": "Eaten", "v": 1, "dish": "soup"}
    new = {"type": "Eaten", "v": 3, "dish": "soup", "fork": True, "knife": True}
    assert upcast(old, versions, upcasters) == new
    assert upcast(new, versions, upcasters) == new


@pytest.mark.parametrize("newer", [{"type": "Declared", "v": 9}, {"type": "Telepathy", "v": 1}])
def test_a_newer_fact_is_refused_by_name(newer: dict[str, object]) -> None:
    with pytest.raises(TooNew, match=f"reads {newer['type']} v{newer['v']}"):
        from_record(newer)


COUNTED = [fact for fact in FACTS if not isinstance(fact, Shelved)]  # it stands for many


@given(st.lists(st.sampled_from(COUNTED)))
def test_any_history_can_be_told(facts: list[Fact]) -> None:
    assert replay("I", facts).seq == len(facts)


@pytest.mark.parametrize("status", [None, *Status])
@pytest.mark.parametrize("fact", COUNTED, ids=lambda fact: type(fact).__name__)
def test_evolve_never_refuses(status: Status | None, fact: Fact) -> None:
    assert evolve(Incident("I", status=status), fact).seq == 1


def test_the_bot_is_not_one_of_the_people() -> None:
    by_bot = [fact for fact in COUNTED if fact.stamp.by == "bot"]
    assert by_bot
    assert not any(isinstance(fact, Declared) for fact in by_bot)
    assert replay("I", by_bot).people == frozenset()
