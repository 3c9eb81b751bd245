"""What holds for blocks together: ids, sums, the workspace's rollout, and Slack's words."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.blocks.checking import message_blocks, message_problems, view_definition
from sandbox.errors import SlackError
from sandbox.seed import Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.kit import (
    actions,
    button,
    card,
    container,
    data_table,
    field,
    form,
    image,
    modal,
    option,
    options,
    pie,
    plain,
    section,
    select,
    table,
    video,
)
from tests.sandbox.test_web_api import refusal

REFUSED = [
    ([{"type": "header"}], "missing required field: text", "/blocks/0"),
    ([{"type": "banner"}], "unsupported type: banner", "/blocks/0/type"),
    ([{"type": "divider", "color": "red"}], "invalid additional property: color", "/blocks/0"),
    ([actions({"type": "plain_text_input"})],
     "unsupported type: plain_text_input", "/blocks/0/elements/0/type"),
    ([section(block_id="a"), section(block_id="a")],
     '`block_id` "a" already exists for another block', "/blocks/1/block_id"),
    ([section(block_id="a"), container(section(block_id="a"))],
     '`block_id` "a" already exists for another block', "/blocks/1/child_blocks/0/block_id"),
    ([actions(button(action_id="a"), button(action_id="a"))],
     '`action_id` "a" already exists for another element', "/blocks/0/elements/1/action_id"),
    ([card(actions=[button(action_id="a"), button(action_id="a")])],
     '`action_id` "a" already exists for another element', "/blocks/0/actions/1/action_id"),
    ([{"type": "markdown", "text": "x" * 6001}] * 2,
     "must be less than 12001 characters", "/blocks/1"),
    ([pie()] * 3, "no more than 2 items allowed", "/blocks/2"),
    ([section(accessory=select(options=[option(text=":fire:" * 13)]))],
     "must be less than 76 characters", "/blocks/0/accessory/options/0/text/text"),
]  # fmt: skip


@pytest.mark.parametrize(("blocks", "words", "pointer"), REFUSED)
def test_message_blocks_are_refused(blocks: list[Json], words: str, pointer: str) -> None:
    with pytest.raises(SlackError) as refused:
        message_blocks(blocks)
    assert refused.value.code == "invalid_blocks"
    assert f"{words} [json-pointer:{pointer}]" in refused.value.messages


FOCUSED = field({"type": "plain_text_input", "focus_on_load": True})
ANSWERED = select("conversations_select", response_url_enabled=True)
REFUSED_VIEWS = [
    (modal(field({"type": "plain_text_input"})),
     "must define `submit` to use an `input` block in modals", "/view"),
    (modal(id="V1"), "invalid additional property: id", "/view"),
    (modal(submit_disabled=True), "invalid additional property: submit_disabled", "/view"),
    ({"type": "modal", "blocks": []}, "missing required field: title", "/view"),
    ({"type": "home", "blocks": []}, "unsupported type: home", "/view/type"),
    (form(FOCUSED, FOCUSED), "only one element may have `focus_on_load`",
     "/view/blocks/1/element/focus_on_load"),
    (form(actions(ANSWERED)), "`response_url_enabled` is only for `input` blocks in modals",
     "/view/blocks/0/elements/0/response_url_enabled"),
]  # fmt: skip


@pytest.mark.parametrize(("view", "words", "pointer"), REFUSED_VIEWS)
def test_views_are_refused(view: Json, words: str, pointer: str) -> None:
    with pytest.raises(SlackError) as refused:
        view_definition(view, "modal")
    assert refused.value.code == "invalid_arguments"
    assert f"{words} [json-pointer:{pointer}]" in refused.value.messages


def test_a_modal_may_focus_one_field_and_ask_for_one_response_url() -> None:
    assert view_definition(form(FOCUSED, field(ANSWERED)), "modal")["blocks"]


@pytest.mark.parametrize("more", [{"submit": plain("Go")}, {"close": plain("No")}])
def test_a_home_tab_has_no_submit(more: Json) -> None:
    with pytest.raises(SlackError) as refused:
        view_definition({"type": "home", "blocks": [], **more}, "home")
    assert f"invalid additional property: {next(iter(more))}" in refused.value.messages[0]


def test_all_the_text_of_a_message_is_limited_together() -> None:
    full = [section("x" * 2825)] * 4
    assert message_blocks(full)
    with pytest.raises(SlackError) as refused:
        message_blocks([*full, section("x")])
    assert refused.value.code == "msg_blocks_too_long"
    markdown = {"type": "markdown", "text": "x" * 6000}
    assert message_blocks([markdown, markdown])
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        message_blocks([markdown, section("x" * 3000), section("x" * 2301)])
    assert message_blocks([data_table(rows=20, cells=10, text="x" * 90)])


def test_a_whole_view_is_limited() -> None:
    full = [section("x" * 3000)] * 81
    missing = 250_000 - len(json.dumps(modal(*full, section())))
    assert view_definition(modal(*full, section("x" * (missing + 1))), "modal")
    with pytest.raises(SlackError, match="view_too_large"):
        view_definition(modal(*full, section("x" * (missing + 2))), "modal")


def test_a_message_has_one_table() -> None:
    assert message_blocks([table()])
    with pytest.raises(SlackError) as refused:
        message_blocks([table(), table()])
    assert refused.value.code == "invalid_attachments"
    assert refused.value.messages == ["only_one_table_allowed"]


def test_missing_ids_are_made_up() -> None:
    inner = {"type": "carousel", "elements": [card(actions=[button()])]}
    given = [actions(button(), button()), section(), inner]
    kept = message_blocks(given)
    carded = kept[2]["elements"][0]
    names = {kept[0]["block_id"], kept[1]["block_id"], carded["block_id"]}
    assert len(names) == 3
    assert all(element["action_id"] for element in kept[0]["elements"] + carded["actions"])
    assert "block_id" not in given[0]


def test_the_id_of_a_markdown_block_is_not_kept() -> None:
    (kept,) = message_blocks([{"type": "markdown", "text": "x", "block_id": "mine"}])
    assert kept["block_id"] not in {"mine", ""}


@pytest.mark.parametrize(
    "element",
    [
        select(options=options(2), initial_option=options(3)[2]),
        select("checkboxes", options=options(2), initial_options=options(3)[2:]),
        select("multi_static_select", options=options(2), initial_options=options(3)[2:]),
        select("radio_buttons", options=options(1), initial_option=option("9")),
    ],
)
def test_a_select_offers_what_it_starts_with(element: Json) -> None:
    with pytest.raises(SlackError, match="invalid_blocks"):
        message_blocks([actions(element)])


@pytest.mark.parametrize("nonsense", [5, "x", [5], [{}], [{"type": []}], [["section"]],
    [actions({"type": "static_select", "option_groups": ["x"]})],
    [{"type": "input", "label": 1, "element": None}],
    [table(column_settings=[5])], [{"type": "table", "rows": [5]}],
    [{"type": "data_table", "caption": "x", "rows": []}],
    [{"type": "data_visualization", "title": "x", "chart": {"type": "bar", "series": [1]}}],
    [{"type": "carousel", "elements": [{"type": "section"}]}],
    [container({"type": "container"})],
    [actions({"type": "multi_users_select", "initial_users": 3})],
    [{"type": "rich_text", "elements": [{"type": "rich_text_list"}]}],
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


@pytest.fixture
async def old_fashioned() -> AsyncIterator[AsyncWebClient]:
    """Yield a client of a workspace to which cards and tables have not come yet."""
    seed = replace(Seed(), unsupported_blocks=("card", "table"))
    async with Sandbox(seed=seed) as sandbox:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)


@pytest.mark.parametrize(
    ("block", "pointer"),
    [(card(), "/blocks/0/type"), (container(table()), "/blocks/0/child_blocks/0/type")],
)
async def test_a_block_that_is_not_rolled_out_is_unsupported(
    old_fashioned: AsyncWebClient, client: AsyncWebClient, block: Json, pointer: str
) -> None:
    assert (await client.chat_postMessage(channel="COPS", text="x", blocks=[block]))["ok"]
    with pytest.raises(SlackApiError) as refused:
        await old_fashioned.chat_postMessage(channel="COPS", text="x", blocks=[block])
    (words,) = refused.value.response["errors"]
    assert words.startswith("unsupported type: ")
    assert words.endswith(f"[json-pointer:{pointer}]")


async def test_a_picture_of_slacks_is_one_that_is_there(
    client: AsyncWebClient, hands: Hands
) -> None:
    shared = {"user": "UANA", "channel": "COPS", "filename": "a.png", "content": "iVBORw0KGgo="}
    file = (await hands.do("upload", **shared))["file"]
    for wrong in ({"id": "F0"}, {"url": "https://example.com/x.png"}):
        block = {"type": "image", "alt_text": "x", "slack_file": wrong}
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="COPS", text="x", blocks=[block])
        words = "invalid slack file [json-pointer:/blocks/0/slack_file]"
        assert refused.value.response["errors"] == [words]
    block = {"type": "image", "alt_text": "x", "slack_file": {"id": file["id"]}}
    await client.chat_postMessage(channel="COPS", text="x", blocks=[block])


async def test_a_video_takes_a_scope(client: AsyncWebClient) -> None:
    post = client.chat_postMessage(channel="COPS", text="x", blocks=[video()])
    assert await refusal(post) == "missing_scope"


def walk(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from walk(inner)


VALID = [
    [section(), image(), actions(button())],
    [{"type": "context", "elements": [image()]}, card(actions=[button()])],
    [field(select("users_select")), table(), pie()],
]


@pytest.mark.parametrize("blocks", VALID)
async def test_blocks_are_kept_as_they_were_given(
    client: AsyncWebClient, blocks: list[Json]
) -> None:
    posted = await client.chat_postMessage(channel="COPS", text="x", blocks=blocks)
    kept = [part for part in walk(posted["message"]["blocks"]) if isinstance(part, str)]
    assert set(filter(lambda part: isinstance(part, str), walk(blocks))) <= set(kept)


async def test_blocks_can_be_checked_without_a_token(sandbox: Sandbox) -> None:
    address = f"{sandbox.api_url}blocks.validate"
    async with ClientSession() as session:

        async def validate(**given: Any) -> Json:
            async with session.post(address, json=given) as response:
                answer: Json = await response.json()
                return answer

        assert await validate(blocks=[section(), {"type": "alert", "text": plain("x")}]) == {
            "ok": True
        }
        assert await validate(message={"blocks": [section()]}) == {"ok": True}
        assert await validate(view=form(FOCUSED)) == {"ok": True}
        assert (await validate())["error"] == "invalid_arguments"
        assert (await validate(blocks=[], view=form()))["error"] == "invalid_arguments"
        assert (await validate(blocks=[section("x" * 100_001)]))["error"] == "invalid_arguments"
        wrong = await validate(view=form(FOCUSED, title=plain("x" * 25)))
        assert wrong["error"] == "invalid_view"
        assert wrong["errors"] == [
            {
                "code": "failed_constraint",
                "message": "must be less than 25 characters",
                "pointer": "/view/title/text",
                "constraint": None,
            }
        ]
        assert (await validate(blocks=[{"type": "x"}]))["error"] == "invalid_blocks"
        assert (await validate(message={"blocks": [{}]}))["error"] == "invalid_message"


def test_where_problems_are_is_said_once_each() -> None:
    told = message_problems([section(""), section("", block_id="")], "/blocks", None)
    assert len(told) == len(set(told)) == 3
