"""Every template with every hostile value, held against Slack's limits."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.listing import Selection, listing
from bot.domain.status import Status
from bot.domain.titles import isolated
from bot.render import LIMITS, TEMPLATES, Wording, mrkdwn, plain, when
from handlers.verbs import VERBS, verbs
from sandbox.blocks.checking import message_blocks, view_definition
from tests.branches import WatchedWording
from tests.drawings import HOSTILE, SAMPLES, drawn, incidents, parts, templates
from tests.samples import T
from tests.world import WORDING

ROOT = Path(__file__).parent.parent
ONE_LINE = 250  # what Slack allows a topic and a purpose
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def test_every_template_has_its_samples() -> None:
    assert templates() == set(SAMPLES), "tests/drawings.py says how each template is drawn"


def test_everything_that_is_watched_has_a_name_and_advice() -> None:
    sources = (path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    watched = {n for text in sources for n in re.findall(r'(?:Probe|report)\(\s*"(\w+)"', text)}
    reports = {path.name.split(".")[0] for path in (ROOT / "templates" / "reports").iterdir()}
    drawn_too = {str(values["part"]) for values in parts("-")}
    assert watched - reports <= drawn_too


def test_every_branch_of_every_template_is_drawn() -> None:
    wording = WatchedWording()
    for text in HOSTILE.values():
        list(drawn(text, wording))
        if wording.known == wording.drawn:  # each text draws every template: no branch is to come
            break
    missed = "\n".join(str(branch) for branch in sorted(wording.known - wording.drawn))
    assert not missed, f"tests/drawings.py has no sample for:\n{missed}"


@hostile
def test_every_message_is_one_that_slack_takes(text: str) -> None:
    refusal = WORDING.refusal(Refused("I do not know `{quote}`.", quote=text))
    for name, made in [*drawn(text, WORDING, "messages"), ("refusal", refusal)]:
        assert set(made) <= {"text", "blocks"}, name
        assert made["text"].strip(), name
        assert len(made["text"]) <= 4000, name
        if "blocks" in made:
            message_blocks(made["blocks"])


@hostile
def test_every_view_is_one_that_slack_takes(text: str) -> None:
    for _, made in drawn(text, WORDING, "modals"):
        view_definition(made, "modal")
    for _, made in drawn(text, WORDING, "pages"):
        view_definition(made, "home")


@hostile
def test_every_line_fits_where_slack_allows_250(text: str) -> None:
    for name, line in drawn(text, WORDING, "notifications"):
        assert 0 < len(line) <= ONE_LINE, name
        assert "\n" not in line, name


@hostile
def test_nobody_is_called_and_nothing_is_linked_by_what_somebody_typed(text: str) -> None:
    refusal = WORDING.refusal(Refused("I do not know `{quote}`.", quote=text))
    for name, made in [*drawn(text, WORDING, "messages", "modals", "pages"), ("", refusal)]:
        for shown in formatted(made):
            assert not re.search(r"<!(?!date|subteam.S1>)|<[^>]*evil", shown, re.IGNORECASE), (
                name,
                shown,
            )


def formatted(value: Any) -> Iterator[str]:
    """Yield every text that Slack would format."""
    if isinstance(value, dict):
        if value.get("type") != "plain_text":
            for key, inner in value.items():
                if isinstance(inner, str) and key == "text":
                    yield inner
                yield from formatted(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from formatted(inner)


def test_every_value_in_a_json_template_passes_through_tojson() -> None:
    for path in (*TEMPLATES.rglob("*.json.j2"), TEMPLATES / "modals/_fields.j2"):
        for inserted in re.findall(r"{{-?(.*?)-?}}", path.read_text(), flags=re.DOTALL):
            quiet = 'or ""' in inserted or inserted.strip() == '"," if not loop.last'
            quiet |= inserted.strip().startswith(
                ("field.", "words.button(", "declaring.", "blocks.")
            )
            assert quiet or inserted.strip().endswith("tojson"), (path.name, inserted)


def test_a_list_is_understood_by_who_only_hears_its_text() -> None:
    some = incidents("checkout is down")[:4]
    found = listing(some, Selection(frozenset(Status)), "UANA")
    heard = str(WORDING.message("list", listing=found, waiting=[])["text"])
    assert heard.startswith("Open incidents: 4. INC-20260115-001 undecided checkout is down; INC-")


def test_help_has_a_sentence_for_every_verb() -> None:
    said = str(WORDING.message("help", verbs=verbs(), planned=[], verb="")["text"])
    told = [line.split("`")[1].removeprefix("/incident ") for line in said.splitlines()]
    assert sorted(told) == sorted(VERBS)
    assert len(told) == len(set(told))


def test_the_command_is_called_what_it_is_called_here() -> None:
    here = Wording("/inc-test")
    nothing = listing([], Selection(), "UANA")
    assert "`/inc-test declare" in str(here.message("list", listing=nothing, waiting=[])["text"])
    assert here.refusal(Refused("`/incident list` shows"))["text"] == "`/inc-test list` shows"
    elsewhere = [p.name for p in TEMPLATES.rglob("*.j2") if "/incident" in p.read_text()]
    assert elsewhere == []


@given(st.text(max_size=400), st.sampled_from(sorted(LIMITS)))
def test_escaped_text_fits_and_is_never_cut_inside_an_escape(text: str, limit: str) -> None:
    shown = mrkdwn(text, limit)
    assert len(shown) <= LIMITS[limit]
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)
    assert not set("<>") & set(shown)


@given(st.text(max_size=300))
def test_plain_text_fits(text: str) -> None:
    assert len(plain(text, "button")) <= LIMITS["button"]


def test_right_to_left_text_does_not_reorder_its_neighbours() -> None:
    assert isolated("\u05d0") == "\u2068\u05d0\u2069"
    assert isolated("checkout") == "checkout"


def test_a_moment_is_shown_in_each_readers_own_time() -> None:
    assert when(T) == "<!date^1768478400^{date_short_pretty} {time}|2026-01-15 12:00 UTC>"


def test_templates_are_plain_files_in_one_place() -> None:
    assert Path(__file__).parent.parent / "templates" == TEMPLATES
    assert json.loads(json.dumps(WORDING.message("outdated")))
