"""A rehearsal's file is read strictly: each mistake with its line, its step and what is right."""

import json
from pathlib import Path

import pytest

from sandbox.rehearsal.__main__ import main, schema
from sandbox.rehearsal.script import Mistakes, parsed, read
from sandbox.rehearsal.steps import KINDS, Sees, Types
from tests.conversations.stage import ROOT

DIALOG = """\
title: Checkout is down
steps:
  - who: ana
    types: /incident declare checkout
    keep: {incident: 'INC-\\d+'}
  - who: bo
    sees: [one, "two"]
    in: '#incidents'
    as: reply
    within: 1m30s
"""


def test_a_file_is_what_it_says() -> None:
    told = parsed(DIALOG)
    typed, seen = told.steps
    assert isinstance(typed, Types)
    assert isinstance(seen, Sees)
    assert (typed.who, typed.types, typed.place) == (
        *("ana", "/incident declare checkout"),
        "incidents",
    )
    assert (seen.sees, seen.place, seen.kind, seen.within) == (
        *(("one", "two"), "#incidents", "reply"),
        90.0,
    )


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("[]", "x:2: steps: is empty"),
        ("[{who: ana}]", f"x:2: step 1: a step has exactly one of: {', '.join(KINDS)}"),
        ("[{who: ana, says: a, types: /b}]", "x:2: step 1: a step has exactly one of: types,"),
        ("[hello]", "x:2: step 1: a step has exactly one of"),
        ("[{says: a}]", "x:2: step 1: who: is missing"),
        ("[{who: ana, says: 7}]", "x:2: step 1: says: has to be text; what looks like a number"),
        ("[{who: ana, says: a, where: b}]", "x:2: step 1: where: is not known here"),
        ("[{who: ana, types: hi}]", "x:2: step 1: types: a command begins with a slash"),
        ("\n  - wait: 1m\n  - wait: 5", 'x:4: step 2: wait: a time is written like "30s"'),
        ("[{wait: 31d}]", "x:2: step 1: wait: that is longer than 30 days"),
        ("[{who: ana, sees: ''}]", "x:2: step 1: sees: is empty"),
        ("[{who: ana, sees: a, as: b}]", "as: Input should be 'message', 'reply' or 'only_me'"),
        ("[{who: ana, sees: a, keep: {b: '('}}]", "step 1: b: this is no regular expression: "),
        ("[{who: ana, sees: a, keep: {b: '(a)(b)'}}]", "b: a pattern has one group at most"),
        ("[{who: ana, sees: a, keep: {B: b}}]", "B: a name consists of small letters, digits"),
        ("[{who: ana, says: '${it}'}]", "step 1: ${it} was kept by no step before; there are: no"),
        ("[{alert: {labels: {}}}]", "x:2: step 1: labels: is empty"),
        ("[{production: {a: b, c: d}}]", "x:2: step 1: production: "),
        ("[{who: ana, who: bo, says: a}]", "x:2: this is no YAML: who is there twice"),
        ("[{]", "x:2: this is no YAML: "),
        ("[{who: ana, says: \x07}]", "x: this is no YAML: "),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_is_right(steps: str, told: str) -> None:
    with pytest.raises(Mistakes) as mistakes:
        parsed(f"title: t\nsteps: {steps}", "x")
    assert told in str(mistakes.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(Mistakes) as mistakes:
        parsed("titel: t\nwithin: 3\nsteps:\n  - wait: x\n", "x")
    places = [line.split(" ")[0] for line in str(mistakes.value).splitlines()]
    assert sorted(places) == ["x:1:", "x:1:", "x:2:", "x:4:"]


@pytest.mark.parametrize("text", ["", "- a", "hello", "7"])
def test_what_is_no_rehearsal_at_all_is_told(text: str) -> None:
    with pytest.raises(Mistakes, match="a rehearsal has a title and steps"):
        parsed(text)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match="cannot be read: No such file"):
        read(tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes(b"title: \xe4")
    with pytest.raises(Mistakes, match="it is no UTF-8 text"):
        read(tmp_path / "latin.yml")


def test_a_file_can_be_looked_at_without_playing_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    well, wrong = tmp_path / "well.yml", tmp_path / "wrong.yml"
    well.write_text(DIALOG)
    wrong.write_text("title: t")
    assert main(["--check", str(well)]) == 0
    assert main([str(well), str(wrong)]) == 2  # and nothing is played
    said = capsys.readouterr()
    assert said.out == "No mistakes.\n"
    assert said.err == f"{wrong}:1: steps: is missing\n"


def test_the_published_schema_is_the_one_in_force() -> None:
    """Renew it with `responder rehearse --schema > docs/rehearsal.schema.json`."""
    published = (ROOT / "docs" / "rehearsal.schema.json").read_text()
    assert published.strip() == schema()
    assert set(json.loads(published)["properties"]) >= {"title", "steps"}
