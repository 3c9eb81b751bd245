"""What the fields of a view or message hold: what was entered, or what they start with."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from sandbox.blocks.choices import MOST_OPTIONS, offered_options
from sandbox.blocks.inputs import LONGEST_ENTRY, MOST_FILES
from sandbox.blocks.standing import elements_of, every_block
from sandbox.wire import Json

REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
DIGITS = re.compile(r"-?\d+(\.\d+)?")
WRITTEN = ("value", "initial_value")
OPTION = ("selected_option", "initial_option")
OPTIONS = ("selected_options", "initial_options")
FIELDS = {
    "plain_text_input": WRITTEN,
    "email_text_input": WRITTEN,
    "url_text_input": WRITTEN,
    "number_input": WRITTEN,
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": OPTION,
    "external_select": OPTION,
    "radio_buttons": OPTION,
    "multi_static_select": OPTIONS,
    "multi_external_select": OPTIONS,
    "checkboxes": OPTIONS,
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
LISTED = {"checkboxes", "file_input", *(kind for kind in FIELDS if kind.startswith("multi_"))}


def fields_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each block and element of it that holds a value."""
    for _, block in every_block(blocks):
        for element in elements_of(block):
            if element["type"] in FIELDS:
                yield block, element


def state_values(
    blocks: list[Json], typed: dict[str, Json], current: str | None = None
) -> dict[str, Json]:
    """Return the values of all fields as payloads carry them; `current` is where the person is."""
    values: dict[str, Json] = {}
    for block, element in fields_of(blocks):
        entry = typed.get(block["block_id"], {}).get(element["action_id"])
        if entry is None or not _still_fits(element, entry):
            entry = _initial(element, current)
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def kept_values(blocks: list[Json], typed: dict[str, Json]) -> dict[str, Json]:
    """Return what was entered in the fields that are still there."""
    kept: dict[str, Json] = {}
    for block, element in fields_of(blocks):
        entry = typed.get(block["block_id"], {}).get(element["action_id"])
        if entry is not None and _still_fits(element, entry):
            kept.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return kept


def client_errors(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what Slack's own client would not let through, by block."""
    errors = {}
    for block, element in fields_of(blocks):
        if block["type"] == "input":
            entry = values[block["block_id"]][element["action_id"]]
            value = entry[FIELDS[element["type"]][0]]
            words = complaint(element, value) if value else _absent(block)
            if words:
                errors[block["block_id"]] = words
    return errors


def complaint(element: Json, value: Any) -> str:
    """Return what Slack's client says against a value that is there, empty if nothing."""
    match element["type"]:
        case "plain_text_input":
            return _lengthy(element, value)
        case "email_text_input":
            return "" if EMAIL.fullmatch(value) else "Please enter a valid email address."
        case "url_text_input":
            return "" if _is_address(value) else "Please enter a valid URL."
        case "number_input":
            return _numeric(element, value)
        case "file_input":
            return _uploaded(element, value)
        case _:
            most = element.get("max_selected_items", MOST_OPTIONS)
            too_many = isinstance(value, list) and len(value) > most
            return f"Please select at most {most} items." if too_many else ""


def _absent(block: Json) -> str:
    return "" if block.get("optional") else REQUIRED


def _initial(element: Json, current: str | None) -> Json:
    kind = element["type"]
    name, initial = FIELDS[kind]
    nothing: list[Any] | None = [] if kind in LISTED else None
    value = element.get(initial) or nothing
    if not value and current is not None and element.get("default_to_current_conversation"):
        value = [current] if kind in LISTED else current
    return {"type": kind, name: value}


def _still_fits(element: Json, entry: Json) -> bool:
    if entry["type"] != element["type"]:
        return False
    offered = offered_options(element)
    chosen = entry.get("selected_options", [entry.get("selected_option")])
    return not offered or all(option is None or option in offered for option in chosen)


def _lengthy(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", LONGEST_ENTRY)
    if len(value) > most:
        return f"Please enter at most {most} characters."
    return f"Please enter at least {least} characters." if len(value) < least else ""


def _numeric(element: Json, value: str) -> str:
    if not DIGITS.fullmatch(value):
        return "Please enter a valid number."
    if "." in value and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    number = Decimal(value)
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


def _uploaded(element: Json, files: list[Json]) -> str:
    most, kinds = element.get("max_files", MOST_FILES), element.get("filetypes")
    if len(files) > most:
        return f"Please upload at most {most} files."
    endings = {file["name"].rpartition(".")[2].lower() for file in files}
    if kinds and endings - {kind.lower().lstrip(".") for kind in kinds}:
        return f"Please upload only files of these types: {', '.join(kinds)}."
    return ""


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and " " not in value
