"""What people read, without the marks that make it look so."""

from typing import Any

import pytest

from sandbox.rehearsal import reading

NAMES = {"UBO": "bo", "SONCALL": "on-call"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*Status*\n`resolved`", "Status resolved"),
        ("by <@UBO>, <@UNO>", "by @bo, @UNO"),
        ("<!subteam^SONCALL>, <!subteam^SX|@x>, <!here>", "@on-call, @@x, @here"),
        ("<#C1|inc-1> and <#C2>", "#inc-1 and #C2"),
        ("<https://a.example|the link>, <https://b.example>", "the link, https://b.example"),
        ("<!date^1^{date}|2026-01-15>", "2026-01-15"),
        ("checkout &amp; &lt;!channel&gt;", "checkout & <!channel>"),
        ("\u2068one\u2069  two", "one two"),
    ],
)
def test_marks_are_read_as_what_they_show(written: str, read: str) -> None:
    assert reading.plain(written, NAMES) == read


def message(**given: Any) -> Any:
    return {"text": "", "blocks": None, "attachments": None, "files": [], **given}


def test_a_message_is_its_blocks_else_its_text_and_its_files() -> None:
    button = {
        "type": "button",
        "action_id": "a",
        "value": "hidden",
        "text": {"type": "plain_text", "text": "Say <b>"},
    }
    section = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*One* <@UBO>"},
        "accessory": button,
    }
    assert reading.message(message(text="One", blocks=[section]), NAMES) == "One @bo Say <b>"
    assert reading.message(message(text="One"), NAMES) == "One"
    with_file = message(files=[{"name": "a.md", "title": "Post-mortem"}])
    assert reading.message(with_file, NAMES) == "Post-mortem"


def test_rich_text_is_read_with_its_people_and_emoji() -> None:
    said = [
        {"type": "text", "text": "ask <b>"},
        {"type": "user", "user_id": "UBO"},
        {"type": "emoji", "name": "fire"},
    ]
    line = {"type": "rich_text_section", "elements": said}
    rich = {"type": "rich_text", "elements": [line]}
    assert reading.message(message(blocks=[rich]), NAMES) == "ask <b> @bo :fire:"


def test_words_are_looked_for_as_they_are_read() -> None:
    assert reading.lacks("Status resolved", ["*Status*\nresolved", "resolved"]) == []
    assert reading.lacks("Status resolved", ["closed"]) == ["closed"]
