"""Blocks that the SDK's own classes make are taken, and no nonsense trips the workspace."""

from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import block_elements as elements

from sandbox.blocks.checking import message_problems, view_problems
from sandbox.server import Sandbox
from tests.sandbox import kit
from tests.sandbox.hands import Hands
from tests.sandbox.test_block_limits import AT_LEAST

LETTERS = st.characters(codec="utf-8", exclude_characters='\\"&', exclude_categories=["C"])


def text(most: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=1, max_size=min(most, 40))


def several(one: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=1, max_size=min(most, 3))


PLAIN = st.builds(sdk.PlainTextObject, text=text(75), emoji=st.booleans())
WORDS = PLAIN | st.builds(sdk.MarkdownTextObject, text=text(75), verbatim=st.booleans())
SMALL = st.builds(sdk.PlainTextObject, text=text(24))
CONFIRM = st.builds(sdk.ConfirmObject, title=SMALL, text=WORDS, confirm=SMALL, deny=SMALL)
OPTION = st.builds(sdk.Option, value=text(75), text=PLAIN, description=PLAIN)
PLACEHOLDER = st.none() | PLAIN
BUTTON = st.builds(
    elements.ButtonElement,
    text=PLAIN,
    value=text(2000),
    style=st.sampled_from([None, "primary", "danger"]),
    confirm=st.none() | CONFIRM,
)
OFFERS = {"options": several(OPTION, 100), "placeholder": PLACEHOLDER, "confirm": CONFIRM}
SELECTS = st.one_of(
    st.builds(elements.StaticSelectElement, **OFFERS),
    st.builds(elements.StaticMultiSelectElement, **OFFERS, max_selected_items=st.integers(1, 9)),
    st.builds(elements.ExternalDataSelectElement, min_query_length=st.integers(0, 9)),
    st.builds(elements.UserSelectElement, placeholder=PLACEHOLDER),
    st.builds(elements.UserMultiSelectElement, placeholder=PLACEHOLDER),
    st.builds(elements.ChannelSelectElement, placeholder=PLACEHOLDER),
    st.builds(
        elements.ConversationMultiSelectElement,
        filter=st.just(elements.ConversationFilter(include=["public", "private"])),
    ),
    st.builds(elements.CheckboxesElement, options=several(OPTION, 10)),
    st.builds(elements.RadioButtonsElement, options=several(OPTION, 10)),
    st.builds(elements.DatePickerElement, initial_date=st.dates().map(str)),
    st.builds(elements.TimePickerElement, initial_time=st.just("12:34")),
)
IMAGE = st.builds(elements.ImageElement, alt_text=text(2000), image_url=st.just(kit.PUBLIC))
INPUTS = SELECTS | st.builds(
    elements.PlainTextInputElement, multiline=st.booleans(), max_length=st.integers(1, 3000)
)
PARTS = elements.RichTextElementParts
STYLE = st.builds(PARTS.TextStyle, bold=st.booleans(), code=st.booleans())
INLINE = st.one_of(
    st.builds(PARTS.Text, text=text(100), style=STYLE),
    st.builds(PARTS.User, user_id=st.just("UANA")),
    st.builds(PARTS.Emoji, name=st.just("fire")),
    st.builds(PARTS.Link, url=st.just(kit.PUBLIC), text=text(50)),
    st.builds(PARTS.Broadcast, range=st.sampled_from(["here", "channel", "everyone"])),
    st.builds(PARTS.Date, timestamp=st.integers(0, 2**31), format=st.just("{date}")),
)
LINE = st.builds(elements.RichTextSectionElement, elements=st.lists(INLINE, max_size=3))
RICH = st.builds(
    sdk.RichTextBlock,
    elements=several(
        LINE
        | st.builds(elements.RichTextQuoteElement, elements=several(INLINE, 3))
        | st.builds(
            elements.RichTextListElement,
            style=st.sampled_from(["bullet", "ordered"]),
            indent=st.integers(0, 8),
            elements=several(LINE, 3),
        ),
        3,
    ),
)
CARD = st.builds(sdk.CardBlock, title=WORDS, body=WORDS, actions=several(BUTTON, 3))
EVERYWHERE = st.one_of(
    st.builds(sdk.SectionBlock, text=WORDS, accessory=BUTTON | SELECTS | IMAGE),
    st.builds(sdk.SectionBlock, fields=several(WORDS, 10)),
    st.builds(sdk.HeaderBlock, text=PLAIN),
    st.builds(sdk.DividerBlock),
    st.builds(sdk.ContextBlock, elements=several(WORDS | IMAGE, 10)),
    st.builds(sdk.ActionsBlock, elements=several(BUTTON | SELECTS, 25)),
    st.builds(sdk.InputBlock, label=PLAIN, element=INPUTS, optional=st.booleans()),
    st.builds(sdk.ImageBlock, alt_text=text(2000), image_url=st.just(kit.PUBLIC), title=PLAIN),
    RICH,
    CARD,
)
IN_MESSAGES = st.one_of(
    EVERYWHERE,
    st.builds(sdk.MarkdownBlock, text=text(12_000)),
    st.builds(sdk.CarouselBlock, elements=several(CARD, 10)),
    st.builds(sdk.ContainerBlock, title=PLAIN, child_blocks=several(RICH, 10)),
    st.builds(
        sdk.PlanBlock,
        title=text(100),
        tasks=several(
            st.builds(
                sdk.TaskCardBlock,
                task_id=text(50),
                title=text(100),
                status=st.sampled_from(["pending", "in_progress", "complete", "error"]),
            ),
            3,
        ),
    ),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
KNOWN = st.sampled_from(
    ["type", "text", "elements", "block_id", "options", "rows", "chart", "fields", "element"]
)
TYPES = st.sampled_from(["section", "input", "table", "rich_text", "plain_text", "carousel"])
ANYTHING = st.recursive(
    LEAVES | TYPES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KNOWN | st.text(max_size=3), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(block=IN_MESSAGES)
def test_what_the_sdk_makes_for_a_message_is_taken(block: sdk.Block) -> None:
    assert message_problems([block.to_dict()], "/blocks", None) == []


@settings(max_examples=80, deadline=None)
@given(block=EVERYWHERE)
def test_what_the_sdk_makes_is_taken_in_views(block: sdk.Block) -> None:
    assert view_problems(kit.form(block.to_dict()), "modal") == []
    assert view_problems({"type": "home", "blocks": [block.to_dict()]}, "home") == []


@settings(max_examples=200, deadline=None)
@given(nonsense=ANYTHING, where=st.integers(0, len(AT_LEAST) - 1), data=st.data())
def test_nonsense_is_told_and_never_raises(nonsense: Any, where: int, data: st.DataObject) -> None:
    message_problems(nonsense, "/blocks", None)
    view_problems(nonsense, "modal")
    spoiled = {**AT_LEAST[where][0]}
    spoiled[data.draw(st.sampled_from(sorted(spoiled)))] = nonsense
    message_problems([spoiled], "/blocks", None)
    view_problems({"type": "home", "blocks": [spoiled]}, "home")


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "views.publish"])
async def test_no_nonsense_is_an_error_of_the_server(
    sandbox: Sandbox, hands: Hands, method: str
) -> None:
    await hands.do("settings", rate_factor=0)
    tried: list[Any] = []

    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(values=st.lists(ANYTHING, min_size=4, max_size=4))
    def collect(values: list[Any]) -> None:
        tried.append(values)

    collect()
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    names = ("blocks", "attachments", "metadata", "view")
    async with ClientSession() as session:
        for values in tried:
            said = {"channel": "COPS", "text": "x", "user_id": "UANA", "ts": "1.1"}
            said |= dict(zip(names, values, strict=True))
            address = f"{sandbox.api_url}{method}"
            async with session.post(address, json=said, headers=headers) as response:
                assert response.status == 200, said
                assert isinstance((await response.json())["ok"], bool)
