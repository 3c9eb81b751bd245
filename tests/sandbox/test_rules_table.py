"""The table of rules names tests that exist, and a reason where there is none."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "docs" / "sandbox-rules.md"
HEADS = {"rule", "---"}
ROWS = [
    cells
    for line in TABLE.read_text().splitlines()
    if line.startswith("|")
    and (cells := [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])[0] not in HEADS
]


@cache
def defined_in(name: str) -> set[str]:
    tree = ast.parse((HERE / name).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize("cells", ROWS, ids=lambda cells: cells[0][:60])
def test_a_rule_is_shown_or_explained(cells: list[str]) -> None:
    _rule, enforced, shown_by = cells
    if enforced == "no":
        assert len(shown_by) > 10, "say why it is not enforced"
        return
    assert enforced in {"yes", "guess"}
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", shown_by)
    assert named, "name a test: `test_file.py::test_name`"
    for file, test in named:
        assert test in defined_in(file), f"{file} has no {test}"
