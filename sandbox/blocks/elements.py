"""The limits of Block Kit's elements, and the places each may stand in."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blocks.objects import (
    CONFIRM,
    IDENTIFIER,
    LINK_OPTION,
    OPTION,
    RICH_OPTION,
    STYLE,
    URL_LIMIT,
    plain,
    words,
)
from sandbox.blocks.rules import (
    Rule,
    anything,
    boolean,
    both,
    by_type,
    integer,
    items,
    problem,
    shape,
    string,
)

MOST_OPTIONS = 100
TEN_DIGITS = (1_000_000_000, 9_999_999_999)
TYPE: Mapping[str, Rule] = {"type": anything}
INTERACTIVE: Mapping[str, Rule] = {"action_id": IDENTIFIER, "confirm": CONFIRM}
FOCUSED: Mapping[str, Rule] = {
    **INTERACTIVE, "focus_on_load": boolean, "placeholder": plain(150),
}  # fmt: skip


def offered_options(element: Any) -> list[Any]:
    """Return every option an element offers, grouped or not."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for g in groups for o in g.get("options", []))]


def _one_source_of_options(element: Any, at: str) -> Iterator[str]:
    if isinstance(element, dict) and ("options" in element) == ("option_groups" in element):
        yield problem("must define either `options` or `option_groups`", at)


def _initial_is_offered(element: Any, at: str) -> Iterator[str]:
    chosen = element.get("initial_options", [])
    if "initial_option" in element:
        chosen = [element["initial_option"]]
    if any(option not in offered_options(element) for option in chosen):
        yield problem("initial options must be among the options", at)


OPTION_GROUP = shape({"label": plain(75), "options": items(OPTION, MOST_OPTIONS)})
ELEMENTS: Mapping[str, Rule] = {
    "button": shape(
        {**TYPE, "text": plain(75)},
        {
            **INTERACTIVE,
            "url": string(URL_LIMIT),
            "value": string(2000),
            "style": STYLE,
            "accessibility_label": string(75),
        },
    ),
    "static_select": both(
        both(
            shape(
                TYPE,
                {
                    **FOCUSED,
                    "options": items(OPTION, MOST_OPTIONS),
                    "option_groups": items(OPTION_GROUP, MOST_OPTIONS),
                    "initial_option": OPTION,
                },
            ),
            _one_source_of_options,
        ),
        _initial_is_offered,
    ),
    "overflow": shape({**TYPE, "options": items(LINK_OPTION, 5)}, INTERACTIVE),
    "plain_text_input": shape(
        TYPE,
        {
            "action_id": IDENTIFIER,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            "dispatch_action_config": anything,
            "focus_on_load": boolean,
            "placeholder": plain(150),
        },
    ),
    "checkboxes": both(
        shape(
            {**TYPE, "options": items(RICH_OPTION, 10)},
            {**INTERACTIVE, "initial_options": items(RICH_OPTION, 10), "focus_on_load": boolean},
        ),
        _initial_is_offered,
    ),
    "radio_buttons": both(
        shape(
            {**TYPE, "options": items(RICH_OPTION, 10)},
            {**INTERACTIVE, "initial_option": RICH_OPTION, "focus_on_load": boolean},
        ),
        _initial_is_offered,
    ),
    "users_select": shape(TYPE, {**FOCUSED, "initial_user": IDENTIFIER}),
    "conversations_select": shape(
        TYPE,
        {
            **FOCUSED,
            "initial_conversation": IDENTIFIER,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        },
    ),
    "datetimepicker": shape(
        TYPE,
        {**INTERACTIVE, "initial_date_time": integer(*TEN_DIGITS), "focus_on_load": boolean},
    ),
}
IMAGE = shape({**TYPE, "image_url": string(3000), "alt_text": string(2000)})
CHOICES = (
    "static_select", "checkboxes", "radio_buttons", "users_select", "conversations_select",
)  # fmt: skip


def _only(*names: str) -> Mapping[str, Rule]:
    return {name: ELEMENTS[name] for name in names}


ACCESSORY = by_type({**_only("button", "overflow", *CHOICES), "image": IMAGE})
ACTION = by_type(_only("button", "overflow", "datetimepicker", *CHOICES))
ENTRY = by_type(_only("plain_text_input", "datetimepicker", *CHOICES))
CONTEXT_PART = by_type(
    {"plain_text": words(3000), "mrkdwn": words(3000), "image": IMAGE},
)
