"""The limits of the elements in which something is chosen."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blocks.elements import INTERACTIVE, TYPE
from sandbox.blocks.objects import FILTER, IDENTIFIER, OPTION, RICH_OPTION, plain
from sandbox.blocks.rules import (
    Rule,
    boolean,
    both,
    integer,
    items,
    one_of,
    problem,
    shape,
    written,
)

MOST_OPTIONS = 100
MOST_BOXES = 10
TEN_DIGITS = (1_000_000_000, 9_999_999_999)
FOCUSED: Mapping[str, Rule] = {**INTERACTIVE, "focus_on_load": boolean}
MENU: Mapping[str, Rule] = {**FOCUSED, "placeholder": plain(150)}
SEVERAL: Mapping[str, Rule] = {**MENU, "max_selected_items": integer(1, MOST_OPTIONS)}
QUERIED: Mapping[str, Rule] = {"min_query_length": integer(0, 1_000)}
CURRENT: Mapping[str, Rule] = {"default_to_current_conversation": boolean, "filter": FILTER}
ANSWERED: Mapping[str, Rule] = {"response_url_enabled": boolean}
OPTION_GROUP = shape({"label": plain(75), "options": items(OPTION, MOST_OPTIONS)})
OFFER: Mapping[str, Rule] = {
    "options": items(OPTION, MOST_OPTIONS),
    "option_groups": items(OPTION_GROUP, MOST_OPTIONS),
}
INITIAL_LISTS = (
    "initial_options", "initial_users", "initial_channels", "initial_conversations",
)  # fmt: skip


def offered_options(element: Any) -> list[Any]:
    """Return every option an element offers, grouped or not."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for g in groups for o in g.get("options", []))]


def initially(rule: Rule) -> Rule:
    """Accept a list of what is chosen at first."""
    return items(rule, MOST_OPTIONS)


def _initial_is_offered(element: Any, at: str) -> Iterator[str]:
    chosen = element.get("initial_options", [])
    if "initial_option" in element:
        chosen = [element["initial_option"]]
    if any(option not in offered_options(element) for option in chosen):
        yield problem("initial options must be among the options", at)


def _not_too_many_at_first(element: Any, at: str) -> Iterator[str]:
    most = element.get("max_selected_items", MOST_OPTIONS)
    for name in INITIAL_LISTS:
        if len(element.get(name, [])) > most:
            yield problem(f"no more than {most} items allowed", f"{at}/{name}")


def _offering(fields: Mapping[str, Rule]) -> Rule:
    menu = both(shape(TYPE, {**fields, **OFFER}), one_of(*OFFER))
    return both(menu, _initial_is_offered)


def _several(fields: Mapping[str, Rule]) -> Rule:
    return both(shape(TYPE, {**SEVERAL, **fields}), _not_too_many_at_first)


SELECTS: Mapping[str, Rule] = {
    "static_select": _offering({**MENU, "initial_option": OPTION}),
    "external_select": shape(TYPE, {**MENU, **QUERIED, "initial_option": OPTION}),
    "users_select": shape(TYPE, {**MENU, "initial_user": IDENTIFIER}),
    "channels_select": shape(TYPE, {**MENU, **ANSWERED, "initial_channel": IDENTIFIER}),
    "conversations_select": shape(
        TYPE, {**MENU, **ANSWERED, **CURRENT, "initial_conversation": IDENTIFIER}
    ),
}
MULTI_SELECTS: Mapping[str, Rule] = {
    "multi_static_select": both(
        _offering({**SEVERAL, "initial_options": initially(OPTION)}), _not_too_many_at_first
    ),
    "multi_external_select": _several({**QUERIED, "initial_options": initially(OPTION)}),
    "multi_users_select": _several({"initial_users": initially(IDENTIFIER)}),
    "multi_channels_select": _several({"initial_channels": initially(IDENTIFIER)}),
    "multi_conversations_select": _several(
        {**CURRENT, "initial_conversations": initially(IDENTIFIER)}
    ),
}
BOXES: Mapping[str, Rule] = {
    "checkboxes": both(
        shape(
            {**TYPE, "options": items(RICH_OPTION, MOST_BOXES)},
            {**FOCUSED, "initial_options": items(RICH_OPTION, MOST_BOXES)},
        ),
        _initial_is_offered,
    ),
    "radio_buttons": both(
        shape(
            {**TYPE, "options": items(RICH_OPTION, MOST_BOXES)},
            {**FOCUSED, "initial_option": RICH_OPTION},
        ),
        _initial_is_offered,
    ),
}
DAY = written(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "YYYY-MM-DD")
HOUR = written(r"([01]\d|2[0-3]):[0-5]\d", "HH:mm")
ZONE = written(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*", "of an IANA time zone")
PICKERS: Mapping[str, Rule] = {
    "datepicker": shape(TYPE, {**MENU, "initial_date": DAY}),
    "timepicker": shape(TYPE, {**MENU, "initial_time": HOUR, "timezone": ZONE}),
}
MOMENT = shape(TYPE, {**FOCUSED, "initial_date_time": integer(*TEN_DIGITS)})
CHOICES: Mapping[str, Rule] = {**SELECTS, **MULTI_SELECTS, **BOXES, **PICKERS}
