"""Every limit of Block Kit: what is just within it is taken, what is just beyond is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.blocks.checking import message_problems, view_problems
from sandbox.wire import Json
from tests.sandbox.kit import (
    PUBLIC,
    actions,
    alert,
    bars,
    bin_button,
    button,
    card,
    container,
    context_actions,
    data_table,
    feedback,
    field,
    form,
    image,
    line,
    modal,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    plan,
    rich,
    said,
    section,
    select,
    table,
    task,
    video,
)

CHARACTERS = "must be less than {} characters"
ITEMS = "no more than {} items allowed"
Make = Callable[[int], Json]


def of(count: int) -> str:
    return "x" * count


def link(count: int) -> str:
    return PUBLIC.ljust(count, "x")


def element(**more: Any) -> Json:
    return field({"type": "plain_text_input", **more})


def multi(**more: Any) -> Json:
    return field(select("multi_static_select", options=options(100), **more))


def confirm(**more: str) -> Json:
    words = {"title": "a", "text": "b", "confirm": "c", "deny": "d", **more}
    return section(accessory=button(confirm={name: plain(text) for name, text in words.items()}))


def listed(**more: Any) -> Json:
    return rich({"type": "rich_text_list", "style": "bullet", "elements": [line()], **more})


# What is made, the most it may have, and the words and the place of the refusal of one more.
IN_MESSAGES: list[tuple[Make, int, str, str]] = [
    (lambda n: section(of(n)), 3000, CHARACTERS, "/text/text"),
    (lambda n: section(block_id=of(n)), 255, CHARACTERS, "/block_id"),
    (lambda n: section(fields=[mrkdwn("x")] * n), 10, ITEMS, "/fields"),
    (lambda n: section(fields=[mrkdwn(of(n))]), 2000, CHARACTERS, "/fields/0/text"),
    (lambda n: {"type": "header", "text": plain(of(n))}, 150, CHARACTERS, "/text/text"),
    (lambda n: {"type": "context", "elements": [mrkdwn("x")] * n}, 10, ITEMS, "/elements"),
    (lambda n: {"type": "context", "elements": [plain(of(n))]}, 3000, CHARACTERS,
     "/elements/0/text"),
    (lambda n: actions(*[button()] * n), 25, ITEMS, "/elements"),
    (lambda n: actions(button(action_id=of(n))), 255, CHARACTERS, "/elements/0/action_id"),
    (lambda n: actions(button(of(n))), 75, CHARACTERS, "/elements/0/text/text"),
    (lambda n: actions(button(value=of(n))), 2000, CHARACTERS, "/elements/0/value"),
    (lambda n: actions(button(url=link(n))), 3000, CHARACTERS, "/elements/0/url"),
    (lambda n: actions(button(accessibility_label=of(n))), 75, CHARACTERS,
     "/elements/0/accessibility_label"),
    (lambda n: field({"type": "plain_text_input"}, label=plain(of(n))), 2000, CHARACTERS,
     "/label/text"),
    (lambda n: field({"type": "plain_text_input"}, hint=plain(of(n))), 2000, CHARACTERS,
     "/hint/text"),
    (lambda n: image(alt_text=of(n)), 2000, CHARACTERS, "/alt_text"),
    (lambda n: image(image_url=link(n)), 3000, CHARACTERS, "/image_url"),
    (lambda n: image(title=plain(of(n))), 2000, CHARACTERS, "/title/text"),
    (lambda n: section(accessory=image(alt_text=of(n))), 2000, CHARACTERS,
     "/accessory/alt_text"),
    (lambda n: section(accessory=select(options=[option(text=of(n))])), 75, CHARACTERS,
     "/accessory/options/0/text/text"),
    (lambda n: section(accessory=select(options=[option(of(n))])), 150, CHARACTERS,
     "/accessory/options/0/value"),
    (lambda n: section(accessory=select(options=[option(description=plain(of(n)))])), 75,
     CHARACTERS, "/accessory/options/0/description/text"),
    (lambda n: section(accessory=select("overflow", options=[option(url=link(n))])), 3000,
     CHARACTERS, "/accessory/options/0/url"),
    (lambda n: section(accessory=select(options=options(n))), 100, ITEMS, "/accessory/options"),
    (lambda n: section(accessory=select(option_groups=[
        {"label": plain("g"), "options": options(1)}] * n)), 100, ITEMS,
     "/accessory/option_groups"),
    (lambda n: section(accessory=select(option_groups=[
        {"label": plain("g"), "options": options(n)}])), 100, ITEMS,
     "/accessory/option_groups/0/options"),
    (lambda n: section(accessory=select(option_groups=[
        {"label": plain(of(n)), "options": options(1)}])), 75, CHARACTERS,
     "/accessory/option_groups/0/label/text"),
    (lambda n: section(accessory=select(options=options(1), placeholder=plain(of(n)))), 150,
     CHARACTERS, "/accessory/placeholder/text"),
    (lambda n: section(accessory=select("overflow", options=options(n))), 5, ITEMS,
     "/accessory/options"),
    (lambda n: section(accessory=select("checkboxes", options=options(n))), 10, ITEMS,
     "/accessory/options"),
    (lambda n: section(accessory=select("radio_buttons", options=options(n))), 10, ITEMS,
     "/accessory/options"),
    (lambda n: section(accessory=select("external_select", min_query_length=n)), 1000,
     "must be between 0 and 1000", "/accessory/min_query_length"),
    (lambda n: multi(max_selected_items=3, initial_options=options(n)), 3, ITEMS,
     "/element/initial_options"),
    (lambda n: multi(max_selected_items=n), 100, "must be between 1 and 100",
     "/element/max_selected_items"),
    (lambda n: confirm(title=of(n)), 100, CHARACTERS, "/accessory/confirm/title/text"),
    (lambda n: confirm(text=of(n)), 300, CHARACTERS, "/accessory/confirm/text/text"),
    (lambda n: confirm(confirm=of(n)), 30, CHARACTERS, "/accessory/confirm/confirm/text"),
    (lambda n: confirm(deny=of(n)), 30, CHARACTERS, "/accessory/confirm/deny/text"),
    (lambda n: element(max_length=n), 3000, "must be between 1 and 3000", "/element/max_length"),
    (lambda n: element(initial_value=of(n)), 3000, CHARACTERS, "/element/initial_value"),
    (lambda n: element(min_length=n, max_length=5), 5, "must not be more than `max_length`",
     "/element/min_length"),
    (lambda n: video(alt_text=of(n)), 200, CHARACTERS, "/alt_text"),
    (lambda n: video(title=plain(of(n))), 200, CHARACTERS, "/title/text"),
    (lambda n: video(description=plain(of(n))), 200, CHARACTERS, "/description/text"),
    (lambda n: video(author_name=of(n)), 50, CHARACTERS, "/author_name"),
    (lambda n: listed(indent=n), 8, "must be between 0 and 8", "/elements/0/indent"),
    (lambda n: {"type": "markdown", "text": of(n)}, 12_000, CHARACTERS, "/text"),
    (table, 100, ITEMS, "/rows"),
    (lambda n: table(cells=n), 20, ITEMS, "/rows/0"),
    (lambda n: table(column_settings=[{"align": "left"}, None] + [None] * (n - 2)), 20, ITEMS,
     "/column_settings"),
    (lambda n: table(text=of(n)), 10_000, CHARACTERS, "/rows/0/0/text"),
    (lambda n: table(cells=10, text=of(n)), 1000, "must be less than 10001 characters", ""),
    (lambda n: data_table(rows=n), 101, ITEMS, "/rows"),
    (lambda n: data_table(cells=n), 20, ITEMS, "/rows/0"),
    (lambda n: data_table(page_size=n), 100, "must be between 1 and 100", "/page_size"),
    (lambda n: data_table(rows=20, cells=10, text=of(n)), 100,
     "must be less than 20001 characters", "/rows"),
    (lambda n: data_table(row_header_column_index=n), 0, "must be the index of a column",
     "/row_header_column_index"),
    (lambda n: pie(title=of(n)), 50, CHARACTERS, "/title"),
    (pie, 12, ITEMS, "/chart/segments"),
    (lambda n: pie(label=of(n)), 20, CHARACTERS, "/chart/segments/0/label"),
    (bars, 12, ITEMS, "/chart/series"),
    (lambda n: bars(points=n), 20, ITEMS, "/chart/series/0/data"),
    (lambda n: bars(x_label=of(n)), 50, CHARACTERS, "/chart/axis_config/x_label"),
    (lambda n: card(title=mrkdwn(of(n))), 150, CHARACTERS, "/title/text"),
    (lambda n: card(subtitle=mrkdwn(of(n))), 150, CHARACTERS, "/subtitle/text"),
    (lambda n: card(body=mrkdwn(of(n))), 200, CHARACTERS, "/body/text"),
    (lambda n: card(actions=[button()] * n), 3, ITEMS, "/actions"),
    (lambda n: {"type": "carousel", "elements": [card()] * n}, 10, ITEMS, "/elements"),
    (lambda n: container(*[section()] * n), 10, ITEMS, "/child_blocks"),
    (lambda n: container(section(), title=plain(of(n))), 150, CHARACTERS, "/title/text"),
    (plan, 50, ITEMS, "/tasks"),
    (lambda n: task(title=of(n)), 150, CHARACTERS, "/title"),
    (lambda n: context_actions(*[bin_button()] * n), 5, ITEMS, "/elements"),
    (lambda n: context_actions(bin_button(visible_to_user_ids=["U1"] * n)), 10, ITEMS,
     "/elements/0/visible_to_user_ids"),
    (lambda n: plan(title=of(n)), 150, CHARACTERS, "/title"),
    (lambda n: container(section(), subtitle=plain(of(n))), 150, CHARACTERS, "/subtitle/text"),
    (lambda n: context_actions(bin_button(text=plain(of(n)))), 75, CHARACTERS,
     "/elements/0/text/text"),
    (lambda n: context_actions(bin_button(value=of(n))), 2000, CHARACTERS, "/elements/0/value"),
    (lambda n: context_actions(feedback(positive_button=option(of(n)))), 2000, CHARACTERS,
     "/elements/0/positive_button/value"),
    (lambda n: context_actions(feedback(negative_button=option(text=of(n)))), 75, CHARACTERS,
     "/elements/0/negative_button/text/text"),
    (lambda n: actions(select("workflow_button", text=plain(of(n)), workflow={
        "trigger": {"url": PUBLIC}})), 75, CHARACTERS, "/elements/0/text/text"),
    (lambda n: section(accessory=select("overflow", options=[option(text=of(n))])), 75,
     CHARACTERS, "/accessory/options/0/text/text"),
    (lambda n: section(accessory=select("overflow", options=[option(of(n))])), 150,
     CHARACTERS, "/accessory/options/0/value"),
    (lambda n: section(accessory=select("overflow", options=[
        option(description=plain(of(n)))])), 75, CHARACTERS,
     "/accessory/options/0/description/text"),
    (lambda n: section(accessory=select("checkboxes", options=[option(text=of(n))])), 75,
     CHARACTERS, "/accessory/options/0/text/text"),
    (lambda n: section(accessory=select("checkboxes", options=[option(of(n))])), 150,
     CHARACTERS, "/accessory/options/0/value"),
    (lambda n: section(accessory=select("checkboxes", options=[
        option(description=plain(of(n)))])), 75, CHARACTERS,
     "/accessory/options/0/description/text"),
    (lambda n: {"type": "context", "elements": [mrkdwn(of(n))]}, 3000, CHARACTERS,
     "/elements/0/text"),
    (lambda n: video(provider_name=of(n)), 50, CHARACTERS, "/provider_name"),
]  # fmt: skip
IN_MODALS: list[tuple[Make, int, str, str]] = [
    (lambda n: modal(title=plain(of(n))), 24, CHARACTERS, "/title/text"),
    (lambda n: modal(submit=plain(of(n))), 24, CHARACTERS, "/submit/text"),
    (lambda n: modal(close=plain(of(n))), 24, CHARACTERS, "/close/text"),
    (lambda n: modal(private_metadata=of(n)), 3000, CHARACTERS, "/private_metadata"),
    (lambda n: modal(callback_id=of(n)), 255, CHARACTERS, "/callback_id"),
    (lambda n: modal(external_id=of(n)), 255, CHARACTERS, "/external_id"),
    (lambda n: modal(*[section()] * n), 100, ITEMS, "/blocks"),
    (lambda n: modal(alert(of(n))), 200, CHARACTERS, "/blocks/0/text/text"),
    (lambda n: form(field({"type": "file_input", "max_files": n})), 10,
     "must be between 1 and 10", "/blocks/0/element/max_files"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "most", "words", "pointer"), IN_MESSAGES)
def test_a_limit_in_a_message(make: Make, most: int, words: str, pointer: str) -> None:
    assert message_problems([make(most)], "/blocks", None) == []
    told = words.format(most + 1 if words is CHARACTERS else most)
    beyond = message_problems([make(most + 1)], "/blocks", None)
    assert f"{told} [json-pointer:/blocks/0{pointer}]" in beyond


@pytest.mark.parametrize(("make", "most", "words", "pointer"), IN_MODALS)
def test_a_limit_in_a_modal(make: Make, most: int, words: str, pointer: str) -> None:
    assert view_problems(make(most), "modal") == []
    told = words.format(most + 1 if words is CHARACTERS else most)
    beyond = view_problems(make(most + 1), "modal")
    assert f"{told} [json-pointer:/view{pointer}]" in beyond


def test_how_many_blocks_each_surface_takes() -> None:
    home = {"type": "home", "blocks": [section()] * 100}
    assert message_problems([section()] * 50, "/blocks", None) == []
    assert view_problems(home, "home") == []
    more = message_problems([section()] * 51, "/blocks", None)
    assert more == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert view_problems({**home, "blocks": [section()] * 101}, "home") == [
        "no more than 100 items allowed [json-pointer:/view/blocks]"
    ]


AT_LEAST: list[tuple[Json, str, str]] = [
    (section(""), "must be more than 0 characters", "/text/text"),
    ({"type": "section"}, "must define either `text` or `fields`", ""),
    (section(fields=[]), "must provide at least 1 items", "/fields"),
    ({"type": "context", "elements": []}, "must provide at least 1 items", "/elements"),
    (actions(), "must provide at least 1 items", "/elements"),
    (section(accessory=select()), "must define either `options` or `option_groups`", "/accessory"),
    (section(accessory=select(options=options(1), option_groups=[])),
     "must provide at least 1 items", "/accessory/option_groups"),
    (section(accessory=select("overflow", options=[])), "must provide at least 1 items",
     "/accessory/options"),
    (field(select("conversations_select", filter={})),
     "must define either `include` or `exclude_external_shared_channels` or `exclude_bot_users`",
     "/element/filter"),
    (field(select("conversations_select", filter={"include": []})),
     "must provide at least 1 items", "/element/filter/include"),
    (element(dispatch_action_config={}), "missing required field: trigger_actions_on",
     "/element/dispatch_action_config"),
    (element(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
     "failed to match all allowed schemas",
     "/element/dispatch_action_config/trigger_actions_on/0"),
    ({"type": "image", "alt_text": "x"}, "must define either `image_url` or `slack_file`", ""),
    (image(slack_file={"id": "F1"}), "must define either `image_url` or `slack_file`", ""),
    ({"type": "image", "image_url": PUBLIC}, "missing required field: alt_text", ""),
    (image(image_url="http://10.0.0.1/x.png"), "downloading image failed", "/image_url"),
    (image(image_url="http://localhost/x.png"), "downloading image failed", "/image_url"),
    (image(image_url="picture.png"), "must be a valid URL", "/image_url"),
    (select("rich_text", elements=[]), "must provide at least 1 items", "/elements"),
    (said(""), "must be more than 0 characters", "/elements/0/elements/0/text"),
    (rich(line({"type": "broadcast", "range": "all"})), "failed to match all allowed schemas",
     "/elements/0/elements/0/range"),
    (rich(line({"type": "color", "value": "red"})), "must be in the format #RRGGBB",
     "/elements/0/elements/0/value"),
    (rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U"}]}),
     "unsupported type: user", "/elements/0/elements/0/type"),
    (listed(style="dashes"), "failed to match all allowed schemas", "/elements/0/style"),
    (table(text=""), "must be more than 0 characters", "/rows/0/0/text"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}], []]},
     "must provide at least 1 items", "/rows/1"),
    ({"type": "table", "rows": [[said()], [said(), said()]]},
     "all rows must have the same number of cells", "/rows/1"),
    ({"type": "table", "rows": [[{"type": "raw_number", "value": float("nan"), "text": "x"}]]},
     "must be a number", "/rows/0/0/value"),
    (data_table(rows=1), "must provide at least 2 items", "/rows"),
    ({"type": "data_table", "rows": [[said()]] * 2}, "missing required field: caption", ""),
    ({"type": "data_table", "caption": "x", "rows": [[said()]] * 2},
     "unsupported type: rich_text", "/rows/0/0/type"),
    (pie(segments=0), "must provide at least 1 items", "/chart/segments"),
    (pie(chart={"type": "radar"}), "unsupported type: radar", "/chart/type"),
    (pie(chart={"type": "pie", "segments": [{"label": "x", "value": 0}]}),
     "must be more than 0", "/chart/segments/0/value"),
    (bars(categories=["other"]), "labels must match `categories`", "/chart/series/0/data"),
    ({"type": "card", "subtitle": plain("x")},
     "must define either `hero_image` or `title` or `actions` or `body`", ""),
    (container(card()), "unsupported type: card", "/child_blocks/0/type"),
    (container(data_table()), "unsupported type: data_table", "/child_blocks/0/type"),
    (container(section(), default_collapsed=True), "must define `is_collapsible`",
     "/default_collapsed"),
    (task(status="done"), "failed to match all allowed schemas", "/status"),
    (context_actions(button()), "unsupported type: button", "/elements/0/type"),
    (context_actions(bin_button(icon="star")), "failed to match all allowed schemas",
     "/elements/0/icon"),
    (field(select("datepicker", initial_date="2026-13-01")), "must be in the format YYYY-MM-DD",
     "/element/initial_date"),
    (field(select("timepicker", initial_time="25:00")), "must be in the format HH:mm",
     "/element/initial_time"),
    (actions(select("channels_select", response_url_enabled=True)),
     "`response_url_enabled` is only for `input` blocks in modals",
     "/elements/0/response_url_enabled"),
    (field(select("multi_channels_select", response_url_enabled=True)),
     "invalid additional property: response_url_enabled", "/element"),
    (section(accessory=feedback()), "unsupported type: feedback_buttons", "/accessory/type"),
    (section(accessory=select("datetimepicker")), "unsupported type: datetimepicker",
     "/accessory/type"),
    ({"type": "file", "source": "remote", "external_id": "x"}, "unsupported type: file", "/type"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "words", "pointer"), AT_LEAST)
def test_what_must_be_there(block: Json, words: str, pointer: str) -> None:
    told = message_problems([block], "/blocks", None)
    assert f"{words} [json-pointer:/blocks/0{pointer}]" in told


INLINE: list[Json] = [
    {"type": "text", "text": "x", "style": {"bold": True, "code": True}},
    {"type": "link", "url": "https://example.com", "text": "x"},
    {"type": "user", "user_id": "UANA"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "COPS"},
    {"type": "broadcast", "range": "here"},
    {"type": "emoji", "name": "fire"},
    {"type": "date", "timestamp": 1720710212, "format": "{date_num}", "fallback": "11 July"},
    {"type": "color", "value": "#F405B3"},
]


@pytest.mark.parametrize("part", ["rich_text_section", "rich_text_quote"])
def test_what_may_stand_in_a_line(part: str) -> None:
    block = rich({"type": part, "elements": INLINE}, {"type": "rich_text_list",
                 "style": "ordered", "indent": 1, "elements": [line(*INLINE)]})  # fmt: skip
    assert message_problems([block], "/blocks", None) == []


@pytest.mark.parametrize(
    "text",
    ["\n" * 1501, '"' * 1501, "&" * 601, "x" * 2995 + "\n" + "&"],
    ids=["line breaks", "quotes", "ampersands", "both"],
)
def test_the_escaped_form_of_a_text_counts(text: str) -> None:
    told = message_problems([section(text)], "/blocks", None)
    assert told == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert message_problems([section(text[:500])], "/blocks", None) == []
