"""The named queries, and the migrations, as they stand in the files beside this one."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

HERE = files(__package__)


class Migration(NamedTuple):
    """One step of the tables, made once and in order."""

    number: int
    name: str
    sql: str


@cache
def queries() -> Mapping[str, str]:
    """Return the queries by name."""
    text = HERE.joinpath("queries.sql").read_text(encoding="utf-8")
    _, *parts = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)
    return {name: _told(sql) for name, sql in zip(parts[::2], parts[1::2], strict=True)}


@cache
def migrations() -> tuple[Migration, ...]:
    """Return the migrations in order."""
    steps = sorted(HERE.joinpath("migrations").iterdir(), key=lambda step: step.name)
    found = [step for step in steps if step.name.endswith(".sql")]
    return tuple(
        Migration(int(step.name[:3]), step.name[4:-4], step.read_text(encoding="utf-8"))
        for step in found
    )


def _told(sql: str) -> str:
    """Return a query without its line of purpose."""
    return "\n".join(line for line in sql.splitlines() if not line.startswith("--")).strip()
