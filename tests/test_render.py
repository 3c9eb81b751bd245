"""Every template with every hostile value, held against Slack's limits."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.facts import Fact
from bot.domain.incident import Incident, replay
from bot.domain.jobs import Kind
from bot.domain.titles import title_and_details
from bot.ports import Head
from bot.render import LIMITS, TEMPLATES, Wording, isolated, mrkdwn, plain, when
from handlers.verbs import VERBS, verbs
from sandbox.blocks.checking import message_blocks, view_definition
from tests.samples import (
    CARD,
    DECLARED,
    LATE,
    LOST_CARD,
    MAYBE,
    RESOLVED,
    ROOM,
    TAKEN,
    WORSE,
    T,
)

WORDING = Wording()
HOSTILE = {
    "plain": "checkout is down",
    "empty": "",
    "one letter": "x",
    "very long": "checkout & <payments> are down " * 330,
    "escapes only": "&" * 10_000,
    "mass ping": "<!channel> <!here> <@UANA> <https://evil.example|click>",
    "quotes": "\"quoted\" 'too' \\ {{ 7 * 7 }} {% raw %} `code` *bold*",
    "emoji": "👩‍🚒🔥" * 60,
    "right to left": "الدفع معطل " * 40,
    "lines": "a\nb\r\nc\td",
}


def incidents(text: str) -> Iterator[Incident]:
    title, details = title_and_details(text)
    said = replace(DECLARED, title=title or "-", details=details)
    failed = replace(LOST_CARD, reason=text)
    histories: list[list[Fact]] = [
        [said],
        [said, ROOM, CARD],
        [said, ROOM, CARD, TAKEN, WORSE, RESOLVED],
        [said, LATE, failed, MAYBE],
    ]
    for n, history in enumerate(histories):
        yield replay(f"INC-20260115-{n + 1:03}", history)


Made = dict[str, Any]


def messages(text: str) -> Iterator[tuple[str, Made]]:
    say = WORDING.message
    many = [i for n in range(40) for i in incidents(text)]
    for one in incidents(text):
        for name in ("announcement", "declared", "changed", "unanswered"):
            yield name, say(name, incident=one)
        yield "card", say("card", incident=one)
        yield "sealed", say("sealed", incident=one, head=Head(7, "0" * 64))
        for job in set(Kind) - {Kind.ANSWER, Kind.OPERATORS, Kind.HOME, Kind.TROUBLE}:
            yield "trouble", say("trouble", incident=one, job=job, reason=text)
            yield "trouble", say("trouble", incident=one, job=job, reason=None)
    for some in ([], many[:1], many):
        yield "list", say("list", incidents=some)
    yield "picker", say("picker", incidents=unique(many), text=f"severity {text}")
    yield "help", say("help", verbs=verbs())
    yield "planned", say("planned", verb="rollback")
    yield "near_miss", say("near_miss", word=text or "-", meant=f"list {text}", text=text or "-")
    yield from (("offer", say("offer", text=text, no_form=b)) for b in (True, False))
    yield "refusal", WORDING.refusal(Refused("I do not know `{quote}`.", quote=text))
    yield "crash", say("crash", reference="ab12")
    yield "unconfirmed", say("unconfirmed")
    yield "outdated", say("outdated")
    yield "restarting", say("restarting")
    yield from (("nothing_to", say("nothing_to", verb=v)) for v in ("ack", "reopen", "status"))
    yield "secret", say("secret", kinds=["AWS key", "password"], channel="C1")
    yield "unsaved", say("unsaved", reason=text)
    for part in (
        "store",
        "slack",
        "socket",
        "announcements",
        "operators",
        "exports",
        "clocks",
        "config",
    ):
        yield from (("health", say("health", part=part, trouble=t)) for t in (text or "-", None))


def views(text: str) -> Iterator[tuple[str, Made, str]]:
    yield "declare", WORDING.modal("declare", text=text, channel="CGENERAL"), "modal"
    yield "notice", WORDING.modal("notice", text=mrkdwn(text) or "-"), "modal"
    many = unique([i for _ in range(40) for i in incidents(text)])
    for some in ([], many):
        yield "home", WORDING.page("home", incidents=some, at=T), "home"


def unique(many: list[Incident]) -> list[Incident]:
    return [replace(incident, id=f"INC-20260115-{n:03}") for n, incident in enumerate(many, 1)]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_every_message_is_one_that_slack_takes(text: str) -> None:
    for name, made in messages(text):
        assert set(made) <= {"text", "blocks"}, name
        assert made["text"].strip(), name
        assert len(made["text"]) <= 4000, name
        if "blocks" in made:
            message_blocks(made["blocks"])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_every_view_is_one_that_slack_takes(text: str) -> None:
    for _, made, kind in views(text):
        view_definition(made, kind)


@pytest.mark.parametrize("text", [HOSTILE["mass ping"], "&lt;!channel&gt;", "<!everyone>" * 300])
def test_nobody_is_called_by_what_somebody_typed(text: str) -> None:
    for name, made in messages(text):
        for shown in formatted(made):
            assert not re.search(r"<!(channel|here|everyone)|<https?:", shown), (name, shown)


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


def test_every_template_is_rendered_here() -> None:
    files = {p.name.split(".")[0] for p in TEMPLATES.glob("m*/*.j2")} - {"_words"}
    shown = {name for name, _ in messages("x")} | {name for name, _, _ in views("x")}
    assert files == shown - {"home", "refusal"}


def test_every_value_in_a_json_template_passes_through_tojson() -> None:
    for path in TEMPLATES.rglob("*.json.j2"):
        for inserted in re.findall(r"{{-?(.*?)-?}}", path.read_text(), flags=re.DOTALL):
            quiet = 'or ""' in inserted or inserted.strip() == '"," if not loop.last'
            assert quiet or inserted.strip().endswith("tojson"), (path.name, inserted)


def test_a_list_is_understood_by_who_only_hears_its_text() -> None:
    some = unique(list(incidents("checkout is down")))
    heard = str(WORDING.message("list", incidents=some)["text"])
    assert heard.startswith("Open incidents: 4. INC-20260115-001 undecided checkout is down; INC-")


def test_help_has_a_sentence_for_every_verb() -> None:
    said = str(WORDING.message("help", verbs=verbs())["text"])
    assert [line.split("`")[1].removeprefix("/incident ") for line in said.splitlines()] == [
        *VERBS
    ]


def test_the_command_is_called_what_it_is_called_here() -> None:
    here = Wording("/inc-test")
    assert "`/inc-test declare" in str(here.message("list", incidents=[])["text"])
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


LINES: list[Callable[[Incident], str]] = [
    lambda incident: WORDING.line("topic", incident=incident),
    lambda incident: WORDING.line("purpose", incident=incident),
    lambda incident: WORDING.line("alarm", part="socket", trouble=incident.title),
]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("line", LINES)
def test_every_line_fits_where_slack_allows_250(
    text: str, line: Callable[[Incident], str]
) -> None:
    for incident in incidents(text):
        assert 0 < len(line(incident)) <= 250
        assert "\n" not in line(incident)


def test_templates_are_plain_files_in_one_place() -> None:
    assert Path(__file__).parent.parent / "templates" == TEMPLATES
    assert json.loads(json.dumps(WORDING.message("outdated")))
