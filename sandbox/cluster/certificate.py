"""A certificate for this machine, made anew each time: kubectl sends tokens over TLS only."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# The curve P-256 (FIPS 186-4, D.1.2.3).
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
A = P - 3
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Point = tuple[int, int] | None
INTEGER, BITS, BYTES, OID, SEQUENCE, SET, UTF8, TIME, TRUE = (
    *(0x02, 0x03, 0x04, 0x06, 0x30, 0x31, 0x0C, 0x18),
    b"\x01\x01\xff",
)
EC_KEY, CURVE = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d030107")
ECDSA_SHA256 = bytes.fromhex("2a8648ce3d040302")
COMMON_NAME = bytes.fromhex("550403")
CONSTRAINTS, NAMES = bytes.fromhex("551d13"), bytes.fromhex("551d11")
DAYS = 3650
LONG = 128


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate and its key, as PEM."""

    certificate: str
    key: str


def made(now: float) -> Made:
    """Return a certificate for 127.0.0.1 and localhost that vouches for itself."""
    secret = secrets.randbelow(N - 1) + 1
    public = _point(_times(secret, G))
    body = _body(public, datetime.fromtimestamp(now, UTC))
    signature = _der(BITS, b"\0" + _signed(secret, body))
    whole = _der(SEQUENCE, body + _der(SEQUENCE, _der(OID, ECDSA_SHA256)) + signature)
    key = _der(
        SEQUENCE,
        _number(1)
        + _der(BYTES, secret.to_bytes(32, "big"))
        + _der(0xA0, _der(OID, CURVE))
        + _der(0xA1, _der(BITS, b"\0" + public)),
    )
    return Made(_pem("CERTIFICATE", whole), _pem("EC PRIVATE KEY", key))


def encoded(pem: str) -> str:
    """Return a PEM as a kubeconfig holds it."""
    return base64.b64encode(pem.encode()).decode()


def _body(public: bytes, now: datetime) -> bytes:
    name = _der(OID, COMMON_NAME) + _der(UTF8, b"sandbox cluster")
    name = _der(SEQUENCE, _der(SET, _der(SEQUENCE, name)))
    begins, ends = now - timedelta(days=1), now + timedelta(days=DAYS)
    key = _der(SEQUENCE, _der(OID, EC_KEY) + _der(OID, CURVE)) + _der(BITS, b"\0" + public)
    places = _der(0x82, b"localhost") + _der(0x87, bytes([127, 0, 0, 1]))
    extensions = [(CONSTRAINTS, _der(SEQUENCE, TRUE)), (NAMES, _der(SEQUENCE, places))]
    told = b"".join(
        _der(SEQUENCE, _der(OID, what) + _der(BYTES, value)) for what, value in extensions
    )
    return _der(
        SEQUENCE,
        _der(0xA0, _number(2))
        + _number(secrets.randbits(64) + 1)
        + _der(SEQUENCE, _der(OID, ECDSA_SHA256))
        + name
        + _der(SEQUENCE, _time(begins) + _time(ends))
        + name
        + _der(SEQUENCE, key)
        + _der(0xA3, _der(SEQUENCE, told)),
    )


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < LONG:
        return bytes([tag, length]) + content
    written = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, LONG | len(written)]) + written + content


def _number(value: int) -> bytes:
    return _der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _time(moment: datetime) -> bytes:
    return _der(TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())


def _pem(name: str, der: bytes) -> str:
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {name}-----\n{lines}\n-----END {name}-----\n"


def _point(point: Point) -> bytes:
    if point is None:
        raise ValueError("the point at infinity is no key")
    return b"\x04" + b"".join(part.to_bytes(32, "big") for part in point)


def _plus(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % P == 0:
            return None
        slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) % P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P) % P
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _times(count: int, point: Point) -> Point:
    total: Point = None
    while count:
        if count & 1:
            total = _plus(total, point)
        point, count = _plus(point, point), count >> 1
    return total


def _signed(secret: int, message: bytes) -> bytes:
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    while True:
        once = secrets.randbelow(N - 1) + 1
        point = _times(once, G)
        first = point[0] % N if point else 0
        second = pow(once, -1, N) * (digest + first * secret) % N
        if first and second:
            return _der(SEQUENCE, _number(first) + _number(second))
