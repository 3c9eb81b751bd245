"""The types of values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

Value: TypeAlias = (
    bool | int | float | str | datetime | timedelta | list[int | None] | list[str | None] | None
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its name, its number on the wire, its size, and what it may be compared with."""

    name: str
    oid: int
    size: int
    family: str
    element: str = ""


UNKNOWN = Kind("unknown", 705, -2, "unknown")
BOOLEAN = Kind("boolean", 16, 1, "boolean")
SMALLINT = Kind("smallint", 21, 2, "number")
INTEGER = Kind("integer", 23, 4, "number")
BIGINT = Kind("bigint", 20, 8, "number")
OID = Kind("oid", 26, 4, "number")
XID = Kind("xid", 28, 4, "xid")
NUMERIC = Kind("numeric", 1700, -1, "number")
DOUBLE = Kind("double precision", 701, 8, "number")
TEXT = Kind("text", 25, -1, "text")
VARCHAR = Kind("character varying", 1043, -1, "text")
NAME = Kind("name", 19, 64, "text")
INET = Kind("inet", 869, -1, "inet")
MOMENT = Kind("timestamp with time zone", 1184, 8, "moment")
INTERVAL = Kind("interval", 1186, 16, "interval")
VOID = Kind("void", 2278, 4, "void")
SMALLINTS = Kind("smallint[]", 1005, -1, "array", "smallint")
INTEGERS = Kind("integer[]", 1007, -1, "array", "integer")
BIGINTS = Kind("bigint[]", 1016, -1, "array", "bigint")
TEXTS = Kind("text[]", 1009, -1, "array", "text")
NAMES = Kind("name[]", 1003, -1, "array", "name")

ALL = (
    *(UNKNOWN, BOOLEAN, SMALLINT, INTEGER, BIGINT, OID, XID, NUMERIC, DOUBLE, TEXT, VARCHAR),
    *(NAME, INET, MOMENT, INTERVAL, VOID, SMALLINTS, INTEGERS, BIGINTS, TEXTS, NAMES),
)
BY_OID = {kind.oid: kind for kind in ALL} | {0: UNKNOWN}
BY_NAME = {kind.name: kind for kind in ALL if kind not in (UNKNOWN, VOID)}
SHORT = {
    "bool": BOOLEAN,
    "int2": SMALLINT,
    "int4": INTEGER,
    "int": INTEGER,
    "int8": BIGINT,
    "float8": DOUBLE,
    "double": DOUBLE,
    "float": DOUBLE,
    "timestamptz": MOMENT,
    "varchar": VARCHAR,
    "decimal": NUMERIC,
    "int4[]": INTEGERS,
    "int[]": INTEGERS,
    "int8[]": BIGINTS,
    "int2[]": SMALLINTS,
}
LIMITS = {"smallint": 1 << 15, "integer": 1 << 31, "bigint": 1 << 63}
WIDENING = (SMALLINT, INTEGER, OID, BIGINT, NUMERIC, DOUBLE)


def named(name: str) -> Kind | None:
    """Return the type of that name."""
    return SHORT.get(name) or BY_NAME.get(name)


def wider(one: Kind, other: Kind) -> Kind:
    """Return the number type that holds both."""
    return max(one, other, key=WIDENING.index)


def arrays_of(kind: Kind) -> Kind:
    """Return the array type whose elements compare with that type."""
    if kind.family == "number":
        return BIGINTS if kind in (BIGINT, OID) else INTEGERS
    return TEXTS


def elements(kind: Kind) -> Kind:
    """Return the type of an array's elements."""
    return BY_NAME[kind.element]
