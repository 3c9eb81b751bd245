"""Values as bytes, in PostgreSQL's binary form."""

import struct
from datetime import UTC, datetime, timedelta
from ipaddress import ip_interface

from .errors import UNSUPPORTED, SqlError
from .kinds import BY_OID, DOUBLE, NUMERIC, Kind, Value, elements

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
INTEGERS = {"smallint": "!h", "integer": "!i", "bigint": "!q", "oid": "!I", "xid": "!I"}
FAMILIES = {4: 2, 6: 3}
WRONG = "22P03"


def packed(value: Value, kind: Kind) -> bytes:
    """Return a value's bytes."""
    match value:
        case bool():
            return b"\1" if value else b"\0"
        case int() | float() if kind is DOUBLE:
            return struct.pack("!d", value)
        case int() if kind.name in INTEGERS:
            return struct.pack(INTEGERS[kind.name], value)
        case datetime():
            return struct.pack("!q", (value - EPOCH) // MICROSECOND)
        case timedelta():
            rest = timedelta(seconds=value.seconds, microseconds=value.microseconds)
            return struct.pack("!qii", rest // MICROSECOND, value.days, 0)
        case list():
            return _packed_array(value, elements(kind))
        case str() if kind.family == "inet":
            return _packed_address(value)
        case str():
            return value.encode()
        case _:
            raise SqlError(UNSUPPORTED, f"{kind.name} is not supported in binary form")


def unpacked(data: bytes, kind: Kind) -> Value:
    """Return the value that the bytes are."""
    try:
        return _unpacked(data, kind)
    except (struct.error, UnicodeDecodeError, KeyError) as error:
        raise SqlError(WRONG, "incorrect binary data format in bind parameter") from error


def _unpacked(data: bytes, kind: Kind) -> Value:
    if kind is NUMERIC:
        raise SqlError(UNSUPPORTED, "numeric is not supported in binary form", "Send a float8.")
    if kind.name in INTEGERS:
        return int(struct.unpack(INTEGERS[kind.name], data)[0])
    match kind.family:
        case "boolean":
            return data != b"\0"
        case "number":
            return float(struct.unpack("!d", data)[0])
        case "moment":
            return EPOCH + int(struct.unpack("!q", data)[0]) * MICROSECOND
        case "interval":
            micros, days, months = struct.unpack("!qii", data)
            return timedelta(days=days + 30 * months, microseconds=micros)
        case "array":
            return _unpacked_array(data)
        case _:
            return data.decode()


def _packed_array(items: list[int | None] | list[str | None], kind: Kind) -> bytes:
    if not items:
        return struct.pack("!iiI", 0, 0, kind.oid)
    head = struct.pack("!iiIii", 1, None in items, kind.oid, len(items), 1)
    parts = [b"" if item is None else packed(item, kind) for item in items]
    sizes = [-1 if item is None else len(part) for item, part in zip(items, parts, strict=True)]
    body = (struct.pack("!i", size) + part for size, part in zip(sizes, parts, strict=True))
    return head + b"".join(body)


def _unpacked_array(data: bytes) -> Value:
    dimensions, _nulls, oid = struct.unpack_from("!iiI", data)
    if dimensions == 0:
        return []
    if dimensions != 1:
        raise SqlError(UNSUPPORTED, "arrays of several dimensions are not supported")
    (count,) = struct.unpack_from("!i", data, 12)
    place, found = 20, list[Value]()
    for _ in range(count):
        (size,) = struct.unpack_from("!i", data, place)
        place += 4
        if size < 0:
            found.append(None)
            continue
        found.append(_unpacked(data[place : place + size], BY_OID[oid]))
        place += size
    return found  # type: ignore[return-value]


def _packed_address(text: str) -> bytes:
    address = ip_interface(text)
    raw = address.ip.packed
    family = FAMILIES[address.version]
    return bytes([family, address.network.prefixlen, 0, len(raw)]) + raw
