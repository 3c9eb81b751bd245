"""What the fields of a rehearsal hold: how long, which words, names for what was seen."""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

Json: TypeAlias = dict[str, Any]
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
DURATION = r"(?:\d+(?:\.\d+)?[smhd])+"
PIECE = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
LONGEST = 30 * UNITS["d"]


def seconds(given: object) -> float:
    """Return how many seconds "90s", "5m" or "1h30m" are."""
    if not isinstance(given, str) or not re.fullmatch(DURATION, given):
        raise ValueError('a time is written like "30s", "5m" or "1h30m"')
    told = sum(float(number) * UNITS[unit] for number, unit in PIECE.findall(given))
    if told > LONGEST:
        raise ValueError("that is longer than 30 days")
    return told


def _listed(given: object) -> object:
    if isinstance(given, list):
        return tuple(given)
    return (given,) if isinstance(given, str) else given


def _name(given: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", given):
        raise ValueError("a name consists of small letters, digits and _")
    return given


def _pattern(given: str) -> str:
    try:
        groups = re.compile(given).groups
    except re.error as error:
        msg = f"this is no regular expression: {error}"
        raise ValueError(msg) from error
    if groups > 1:
        raise ValueError("a pattern has one group at most; what is in it is kept")
    return given


Seconds = Annotated[
    float,
    BeforeValidator(seconds),
    WithJsonSchema({"type": "string", "pattern": f"^{DURATION}$"}),
]
Text = Annotated[str, Field(max_length=50_000)]
Word = Annotated[str, Field(min_length=1)]
Words = Annotated[
    tuple[Word, ...],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]
Name = Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string"})]
Pattern = Annotated[str, AfterValidator(_pattern)]


class Part(BaseModel):
    """A part of a rehearsal; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
