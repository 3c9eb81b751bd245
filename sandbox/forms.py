"""What a person has typed and chosen in the fields of a view."""

from collections.abc import Iterator
from typing import Any

from sandbox.blocks.choices import offered_options
from sandbox.blocks.standing import elements_of
from sandbox.errors import ControlError
from sandbox.wire import Json

LONGEST_ENTRY = 3000
REQUIRED = "Please complete this required field."
FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def fields_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each block and element of it that holds a value."""
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in FIELDS:
                yield block, element


def state_values(blocks: list[Json], typed: dict[str, Json]) -> Json:
    """Return the values of all fields as payloads carry them."""
    values: Json = {}
    for block, element in fields_of(blocks):
        entry = typed.get(block["block_id"], {}).get(element["action_id"])
        if entry is None or entry["type"] != element["type"]:
            entry = _initial(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def entered(element: Json, given: Any) -> Json:
    """Return a field's value after somebody entered this."""
    name = FIELDS[element["type"]][0]
    match element["type"]:
        case "static_select" | "radio_buttons":
            value: Any = None if given is None else chosen_option(element, given)
        case "checkboxes":
            chosen = given if isinstance(given, list) else [given]
            value = [chosen_option(element, option) for option in chosen if option is not None]
        case "datetimepicker":
            value = _checked(given, int)
        case _:
            value = _checked(given, str) or None
    return {"type": element["type"], name: value}


def chosen_option(element: Json, value: object) -> Json:
    """Return the element's option with this value."""
    for option in offered_options(element):
        if option["value"] == value:
            return dict(option)
    raise ControlError("there is no such option", value)


def client_errors(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what Slack's own client would not let through, by block."""
    errors = {}
    for block, element in fields_of(blocks):
        if block["type"] == "input":
            entry = values[block["block_id"]][element["action_id"]]
            complaint = _complaint(block, element, entry[FIELDS[element["type"]][0]])
            if complaint:
                errors[block["block_id"]] = complaint
    return errors


def _initial(element: Json) -> Json:
    name, initial = FIELDS[element["type"]]
    nothing: list[Json] | None = [] if element["type"] == "checkboxes" else None
    return {"type": element["type"], name: element.get(initial) or nothing}


def _checked(given: object, kind: type) -> Any:
    if given is not None and (not isinstance(given, kind) or isinstance(given, bool)):
        raise ControlError("this value does not fit its field", repr(given))
    return given


def _complaint(block: Json, element: Json, value: Any) -> str:
    if not value:
        return "" if block.get("optional") else REQUIRED
    if element["type"] == "plain_text_input":
        most = element.get("max_length", LONGEST_ENTRY)
        if len(value) > most:
            return f"Please enter at most {most} characters."
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
    return ""
