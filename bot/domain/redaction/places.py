"""Secrets that are known by where they stand: in a URL, a header, a command line."""

import base64
import re
from binascii import Error
from collections.abc import Sequence

from .rules import Rule, rule

LONG = 32  # no word of a sentence is

URL = r"""(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}+://[^\s/:@<>"']{0,100}+:"""
IN_A_LINE = r"[^\n]{0,200}?\s"


def _a_token(found: re.Match[str]) -> bool:
    """Say whether it is one, and not a word of a sentence."""
    secret = found["secret"]
    return len(secret) >= LONG or any(c.isdigit() for c in secret)


def _name_and_password(found: re.Match[str]) -> bool:
    """Say whether it is what basic authentication sends, and not a word of a sentence."""
    sent = found["secret"]
    try:
        return b":" in base64.b64decode(sent + "=" * (-len(sent) % 4), validate=True)
    except Error:
        return False


def _pairs(found: re.Match[str]) -> bool:
    return "=" in found["secret"] and "[redacted" not in found["secret"]


PLACES: Sequence[Rule] = (
    rule("password", URL + r"""(?P<secret>(?!\[redacted)[^\s/<>"'|]{1,256})@"""),
    rule("token", r"(?i:bearer)\s{1,5}(?P<secret>[\w.~+/=-]{16,}+)", _a_token),
    rule("password", r"(?i:basic)\s{1,5}(?P<secret>[A-Za-z0-9+/]{8,}+=*+)", _name_and_password),
    rule(
        "token",
        r"""(?i:authorization)["'\\]{0,2}\s{0,3}[:=]\s{0,3}["'\\]{0,2}(?:\w{1,20}\s{1,3})?"""
        r"""(?P<secret>[\w.~+/=:-]{8,}+)""",
        _a_token,
    ),
    rule("cookie", r"(?i:\bcookie):[ \t]{0,3}(?P<secret>[^\n\"']{4,}+)", _pairs),
    rule("signature", r"(?i:[?&](?:sig|x-(?:amz|goog)-signature)=)(?P<secret>[\w%+/=.-]++)"),
    rule(
        "password",
        rf"(?:\bcurl\b{IN_A_LINE}(?:-u|--user)[\s=]{{0,3}}[\"']?[^\s:\"']{{1,64}}:"
        rf"|\bmysql\w{{0,6}}\b{IN_A_LINE}-p|\bsshpass\s{{1,3}}-p\s{{0,3}}"
        rf"|\bredis-cli\b{IN_A_LINE}-a\s{{1,3}})[\"']?(?P<secret>(?!\[redacted)[^\s\"']{{3,}}+)",
    ),
)
