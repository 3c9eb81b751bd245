"""The limits of tables and data tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blocks.elements import TYPE
from sandbox.blocks.objects import IDENTIFIER
from sandbox.blocks.rich_text import RICH_TEXT
from sandbox.blocks.rules import (
    Rule,
    boolean,
    both,
    by_type,
    choice,
    integer,
    items,
    number,
    problem,
    shape,
    string,
)

MOST_ROWS = 100
MOST_CELLS = 20
LONGEST_CELL = 10_000
LONGEST_TABLES = 10_000
LONGEST_DATA_TABLE = 20_000
RAW_CELLS: Mapping[str, Rule] = {
    "raw_text": shape({**TYPE, "text": string(LONGEST_CELL)}),
    "raw_number": shape({**TYPE, "value": number, "text": string(LONGEST_CELL)}),
}
ROW = items(by_type({**RAW_CELLS, "rich_text": RICH_TEXT}), MOST_CELLS)
HEADS = items(by_type(RAW_CELLS), MOST_CELLS)
SETTINGS = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
NAMED: Mapping[str, Rule] = {"block_id": IDENTIFIER}


def text_length(value: Any) -> int:
    """Return how many characters stand in the texts of a block."""
    if isinstance(value, list):
        return sum(text_length(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(text_length(v) for v in value.values() if isinstance(v, dict | list))


def _settings(value: Any, at: str) -> Iterator[str]:
    if value is not None:
        yield from SETTINGS(value, at)


def _even(block: Any, at: str) -> Iterator[str]:
    for index, row in enumerate(block["rows"]):
        if len(row) != len(block["rows"][0]):
            yield problem("all rows must have the same number of cells", f"{at}/rows/{index}")


def _headed(block: Any, at: str) -> Iterator[str]:
    yield from HEADS(block["rows"][0], f"{at}/rows/0")
    if block.get("row_header_column_index", 0) >= len(block["rows"][0]):
        yield problem("must be the index of a column", f"{at}/row_header_column_index")
    if text_length(block["rows"]) > LONGEST_DATA_TABLE:
        yield problem(f"must be less than {LONGEST_DATA_TABLE + 1} characters", f"{at}/rows")


TABLES: Mapping[str, Rule] = {
    "table": both(
        shape(
            {**TYPE, "rows": items(ROW, MOST_ROWS)},
            {**NAMED, "column_settings": items(_settings, MOST_CELLS)},
        ),
        _even,
    ),
    "data_table": both(
        both(
            shape(
                {**TYPE, "caption": string(3000), "rows": items(ROW, MOST_ROWS + 1, least=2)},
                {
                    **NAMED,
                    "page_size": integer(1, MOST_ROWS),
                    "row_header_column_index": integer(0, MOST_CELLS - 1),
                },
            ),
            _even,
        ),
        _headed,
    ),
}
