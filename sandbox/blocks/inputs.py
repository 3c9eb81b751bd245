"""The limits of the elements in which something is written or uploaded."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sandbox.blocks.elements import NAMED, TYPE
from sandbox.blocks.objects import DISPATCH, address, plain
from sandbox.blocks.rich_text import RICH_TEXT
from sandbox.blocks.rules import (
    Rule,
    boolean,
    both,
    integer,
    items,
    problem,
    shape,
    string,
    written,
)

LONGEST_ENTRY = 3000
MOST_FILES = 10
MOST_LINES = 1_000
NUMBER = written(r"-?\d{1,100}(\.\d{1,100})?", "of a number")
WRITTEN: Mapping[str, Rule] = {
    **NAMED,
    "dispatch_action_config": DISPATCH,
    "focus_on_load": boolean,
    "placeholder": plain(150),
}


def _lengths_agree(element: Any, at: str) -> Iterator[str]:
    if element.get("min_length", 0) > element.get("max_length", LONGEST_ENTRY):
        yield problem("must not be more than `max_length`", f"{at}/min_length")


def _numbers_agree(element: Any, at: str) -> Iterator[str]:
    given = {n: Decimal(element[n]) for n in ("min_value", "max_value") if n in element}
    if given.get("min_value", Decimal("-Infinity")) > given.get("max_value", Decimal("Infinity")):
        yield problem("must not be more than `max_value`", f"{at}/min_value")
    for name in ("initial_value", "min_value", "max_value"):
        if "." in element.get(name, "") and not element["is_decimal_allowed"]:
            yield problem("must be a whole number", f"{at}/{name}")


PLAIN_TEXT = both(
    shape(
        TYPE,
        {
            **WRITTEN,
            "initial_value": string(LONGEST_ENTRY, least=0),
            "multiline": boolean,
            "min_length": integer(0, LONGEST_ENTRY),
            "max_length": integer(1, LONGEST_ENTRY),
        },
    ),
    _lengths_agree,
)
RICH = shape(
    TYPE,
    {
        **WRITTEN,
        "initial_value": RICH_TEXT,
        "min_lines": integer(1, MOST_LINES),
        "max_lines": integer(1, MOST_LINES),
    },
)
IN_MODALS: Mapping[str, Rule] = {
    "email_text_input": shape(
        TYPE, {**WRITTEN, "initial_value": written(r"\S+@\S+", "of an email address")}
    ),
    "url_text_input": shape(TYPE, {**WRITTEN, "initial_value": address}),
    "number_input": both(
        shape(
            {**TYPE, "is_decimal_allowed": boolean},
            {**WRITTEN, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        ),
        _numbers_agree,
    ),
    "file_input": shape(
        TYPE,
        {
            **NAMED,
            "filetypes": items(string(255), 100),
            "max_files": integer(1, MOST_FILES),
        },
    ),
}
