"""Where blocks and elements may stand: in messages, modals and on the Home tab."""

import pytest

from sandbox.blocks.checking import message_problems, view_problems
from sandbox.wire import Json
from tests.sandbox.kit import (
    actions,
    alert,
    button,
    card,
    container,
    context_actions,
    data_table,
    feedback,
    field,
    form,
    image,
    options,
    pie,
    plain,
    plan,
    said,
    section,
    select,
    table,
    task,
    video,
)

EVERYWHERE = {"message", "modal", "home"}


PLACES: list[tuple[Json, set[str]]] = [
    (section(), EVERYWHERE),
    ({"type": "header", "text": plain("x")}, EVERYWHERE),
    ({"type": "divider"}, EVERYWHERE),
    ({"type": "context", "elements": [image()]}, EVERYWHERE),
    (actions(button()), EVERYWHERE),
    (field({"type": "plain_text_input"}), EVERYWHERE),
    (image(), EVERYWHERE),
    (video(), EVERYWHERE),
    (said(), EVERYWHERE),
    (card(), EVERYWHERE),
    (alert(), {"modal"}),
    ({"type": "markdown", "text": "# x"}, {"message"}),
    (table(), {"message", "home"}),
    (data_table(), {"message"}),
    (pie(), {"message", "home"}),
    ({"type": "carousel", "elements": [card()]}, {"message", "home"}),
    (container(section()), {"message"}),
    (plan(), {"message"}),
    (task(), {"message"}),
    (context_actions(feedback()), {"message"}),
]


def named(part: Json | set[str]) -> str:
    """Return a short name for a row's part, the same in every run."""
    return "-".join(sorted(part)) if isinstance(part, set) else str(part)[:40]


@pytest.mark.parametrize(("block", "places"), PLACES, ids=named)
def test_where_a_block_may_stand(block: Json, places: set[str]) -> None:
    taken = {
        "message": message_problems([block], "/blocks", None),
        "modal": view_problems(form(block), "modal"),
        "home": view_problems({"type": "home", "blocks": [block]}, "home"),
    }
    assert {place for place, problems in taken.items() if not problems} == places
    refused = f"unsupported type: {block['type']} [json-pointer:"
    for place in EVERYWHERE - places:
        assert any(words.startswith(refused) for words in taken[place])


CHOICES: dict[str, Json] = {
    "static_select": {"options": options(2)},
    "multi_static_select": {"options": options(2)},
    "checkboxes": {"options": options(2)},
    "radio_buttons": {"options": options(2)},
    "external_select": {},
    "multi_external_select": {},
    "users_select": {},
    "multi_users_select": {},
    "channels_select": {},
    "multi_channels_select": {},
    "conversations_select": {},
    "multi_conversations_select": {},
    "datepicker": {"initial_date": "2026-02-28"},
    "timepicker": {"initial_time": "23:59", "timezone": "Europe/Berlin"},
}
ELEMENTS: list[tuple[Json, set[str]]] = [
    (button(), {"section", "actions"}),
    (select("overflow", options=options(1)), {"section", "actions"}),
    (select("workflow_button", text=plain("Run"),
            workflow={"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}),
     {"section", "actions"}),
    *[(select(kind, **more), {"section", "actions", "input"}) for kind, more in CHOICES.items()],
    (select("datetimepicker"), {"actions", "input"}),
    (select("plain_text_input"), {"input"}),
    (select("email_text_input"), {"input"}),
    (select("url_text_input"), {"input"}),
    (select("number_input", is_decimal_allowed=False), {"input"}),
    (select("file_input"), {"input"}),
    (select("rich_text_input", initial_value=said()), {"actions", "input"}),
    (image(), {"section"}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "places"), ELEMENTS, ids=named)
def test_where_an_element_may_stand(one: Json, places: set[str]) -> None:
    standing = {
        "section": section(accessory=one), "actions": actions(one), "input": field(one),
    }  # fmt: skip
    taken = {place: view_problems(form(block), "modal") for place, block in standing.items()}
    assert {place for place, problems in taken.items() if not problems} == places


@pytest.mark.parametrize(
    ("one", "surface"),
    [
        ("email_text_input", "message"),
        ("url_text_input", "home"),
        ("file_input", "message"),
        ("number_input", "home"),
        ("rich_text_input", "message"),
        ("datetimepicker", "home"),
    ],
)
def test_some_inputs_are_for_some_surfaces(one: str, surface: str) -> None:
    block = field(select(one, **({"is_decimal_allowed": True} if "number" in one else {})))
    home = {"type": "home", "blocks": [block]}
    told = (
        message_problems([block], "/blocks", None)
        if surface == "message"
        else view_problems(home, "home")
    )
    assert [words.split(" [")[0] for words in told] == [f"unsupported type: {one}"]
