"""Block Kit's limits, each with the pointer Slack gives."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.blocks.checking import message_blocks, view_definition
from sandbox.errors import SlackError
from sandbox.wire import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(count: int) -> list[Json]:
    return [{"text": plain(str(n)), "value": str(n)} for n in range(count)]


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": list(blocks), **more}


REFUSED = [
    ([section("x" * 3001)], "must be less than 3001 characters", "/blocks/0/text/text"),
    ([section("")], "must be more than 0 characters", "/blocks/0/text/text"),
    ([section()] * 51, "no more than 50 items allowed", "/blocks"),
    ([{"type": "section"}], "must define either `text` or `fields`", "/blocks/0"),
    ([{"type": "header"}], "missing required field: text", "/blocks/0"),
    ([{"type": "header", "text": plain("x" * 151)}],
     "must be less than 151 characters", "/blocks/0/text/text"),
    ([{"type": "banner"}], "unsupported type: banner", "/blocks/0/type"),
    ([{"type": "divider", "color": "red"}], "invalid additional property: color", "/blocks/0"),
    ([actions()], "must provide at least 1 items", "/blocks/0/elements"),
    ([actions(*[button()] * 26)], "no more than 25 items allowed", "/blocks/0/elements"),
    ([actions(button("x" * 76))],
     "must be less than 76 characters", "/blocks/0/elements/0/text/text"),
    ([actions(button(value="x" * 2001))],
     "must be less than 2001 characters", "/blocks/0/elements/0/value"),
    ([actions({"type": "plain_text_input"})],
     "unsupported type: plain_text_input", "/blocks/0/elements/0/type"),
    ([actions({"type": "static_select", "options": options(101)})],
     "no more than 100 items allowed", "/blocks/0/elements/0/options"),
    ([actions({"type": "overflow", "options": options(6)})],
     "no more than 5 items allowed", "/blocks/0/elements/0/options"),
    ([actions({"type": "checkboxes", "options": options(11)})],
     "no more than 10 items allowed", "/blocks/0/elements/0/options"),
    ([section(block_id="a"), section(block_id="a")],
     '`block_id` "a" already exists for another block', "/blocks/1/block_id"),
    ([actions(button(action_id="a"), button(action_id="a"))],
     '`action_id` "a" already exists for another element', "/blocks/0/elements/1/action_id"),
]  # fmt: skip


@pytest.mark.parametrize(("blocks", "words", "pointer"), REFUSED)
def test_message_blocks_are_refused(blocks: list[Json], words: str, pointer: str) -> None:
    with pytest.raises(SlackError) as refused:
        message_blocks(blocks)
    assert refused.value.code == "invalid_blocks"
    assert f"{words} [json-pointer:{pointer}]" in refused.value.messages


REFUSED_VIEWS = [
    (modal(title=plain("x" * 25)), "must be less than 25 characters", "/view/title/text"),
    (modal(field({"type": "plain_text_input"})),
     "must define `submit` to use an `input` block in modals", "/view"),
    (modal(private_metadata="x" * 3001),
     "must be less than 3001 characters", "/view/private_metadata"),
    (modal(id="V1"), "invalid additional property: id", "/view"),
    (modal(*[section()] * 101), "no more than 100 items allowed", "/view/blocks"),
    ({"type": "modal", "blocks": []}, "missing required field: title", "/view"),
    ({"type": "home", "blocks": []}, "unsupported type: home", "/view/type"),
]  # fmt: skip


@pytest.mark.parametrize(("view", "words", "pointer"), REFUSED_VIEWS)
def test_views_are_refused(view: Json, words: str, pointer: str) -> None:
    with pytest.raises(SlackError) as refused:
        view_definition(view, "modal")
    assert refused.value.code == "invalid_arguments"
    assert f"{words} [json-pointer:{pointer}]" in refused.value.messages


def test_a_home_tab_has_no_submit() -> None:
    with pytest.raises(SlackError) as refused:
        view_definition({"type": "home", "blocks": [], "submit": plain("Go")}, "home")
    assert "invalid additional property: submit" in refused.value.messages[0]


def test_all_the_text_of_a_message_is_limited_together() -> None:
    with pytest.raises(SlackError) as refused:
        message_blocks([section("x" * 2500)] * 5)
    assert refused.value.code == "msg_blocks_too_long"


def test_missing_ids_are_made_up() -> None:
    given = [actions(button(), button()), section()]
    kept = message_blocks(given)
    names = {kept[0]["block_id"], kept[1]["block_id"]}
    assert len(names) == 2
    assert all(element["action_id"] for element in kept[0]["elements"])
    assert "block_id" not in given[0]


@pytest.mark.parametrize("nonsense", [5, "x", [5], [{}], [{"type": []}], [["section"]],
    [actions({"type": "static_select", "option_groups": ["x"]})],
    [{"type": "input", "label": 1, "element": None}],
])  # fmt: skip
def test_nonsense_is_refused_and_not_tripped_over(nonsense: Any) -> None:
    with pytest.raises(SlackError):
        message_blocks(nonsense)


async def test_the_refusal_reaches_the_app_in_slacks_shape(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="CINCIDENTS", text="x", blocks=[section("x" * 3001)])
    words = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert refused.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [words],
        "response_metadata": {"messages": [f"[ERROR] {words}"]},
    }
