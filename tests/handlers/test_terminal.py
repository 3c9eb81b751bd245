"""A message becomes plain text that no terminal obeys."""

from typing import Any

import pytest

from bot.domain.incident import replay
from bot.domain.overview import overview
from bot.domain.policy import Policy
from bot.render import Wording
from handlers.local.text import inert, mrkdwn, terminal
from tests.samples import CARD, DECLARED, ID, ROOM, TAKEN, T

NAMES = {"UANA": "ana"}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("&amp;copy;", "&copy;"),
        ("<@UANA> and <@UBO|bo>, <@UEVE>", "@ana and @bo, @UEVE"),
        ("<#C1> <#C2|general>", "#C1 #general"),
        (
            "by <!date^1768478400^{date_short_pretty} {time}|2026-01-15 12:00 UTC>.",
            "by 2026-01-15 12:00 UTC.",
        ),
        ("<!channel> <!subteam^S1|@on-call>", "@channel @on-call"),
        (
            "<https://x.example/?a=1&amp;b|the page> <mailto:a@x.example>",
            "the page (https://x.example/?a=1&b) mailto:a@x.example",
        ),
        ("&lt;!channel&gt; &lt;@UANA&gt;", "<!channel> <@UANA>"),
        ("*INC-1* · 2*3*4 · * no * · *a b*", "INC-1 · 2*3*4 · * no * · a b"),
        ("`responder list`", "`responder list`"),
        (":red_circle: *INC-1* :large_blue_circle: P3 :warning:", "INC-1 P3 :warning:"),
        ("", ""),
    ],
)
def test_mrkdwn_reads_as_it_is_meant(given: str, read: str) -> None:
    assert mrkdwn(given, NAMES) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("\x1b[31mred\x1b[0m \x07\x08", "\ufffd[31mred\ufffd[0m \ufffd\ufffd"),
        ("\x9b2J \x7f", "\ufffd2J \ufffd"),
        ("a\rb\nc\td", "a\ufffdb\nc d"),
        ("\u202egnp.exe\u202c \u2066x\u2069 \u200b\ufeff", "gnp.exe x "),
        ("one\u2028two\u2029three", "one two three"),
        ("\ud800", "\ufffd"),
        ("👩\u200d🚒 \u200fאב ünï", "👩\u200d🚒 \u200fאב ünï"),
    ],
)
def test_a_terminal_is_given_nothing_to_obey(given: str, read: str) -> None:
    assert inert(given) == read


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ({"text": "only <@UANA>"}, "only @ana"),
        ({"text": "short", "blocks": [{"type": "actions", "elements": []}]}, "short"),
        (
            {
                "text": "short",
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "R&amp;D *x*"}},
                    {"type": "divider"},
                    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Status*\nopen"}]},
                    {
                        "type": "context",
                        "elements": [
                            {"type": "mrkdwn", "text": "by <@UANA>"},
                            {"type": "image", "image_url": "x", "alt_text": "y"},
                            {"type": "mrkdwn", "text": "now"},
                        ],
                    },
                ],
            },
            "R&amp;D *x*\nStatus: open\nby @ana · now",
        ),
    ],
)
def test_blocks_are_read_in_their_order_and_buttons_are_left_out(
    words: dict[str, Any], read: str
) -> None:
    assert terminal(words, NAMES) == read


def test_a_card_is_read_in_full() -> None:
    incident = replay(ID, [DECLARED, ROOM, CARD, TAKEN])
    told = overview(incident, Policy(), T)
    card = Wording("responder").message("card", incident=incident, told=told)
    assert terminal(card, NAMES).splitlines() == [
        "checkout is down",
        "Severity: undecided",
        "Status: detected",
        "Commander: @ana",
        "Next update: 2026-01-15 12:30 UTC",
        "Acknowledged: by @UBO",
        "Assessed P1 high (rule `extent.service_down`) · for users: it does not work",
        f"{ID} · declared 2026-01-15 12:00 UTC",
        "How bad is it?",
    ]
