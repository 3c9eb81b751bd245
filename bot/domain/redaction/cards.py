"""Card numbers: as many digits as its issuer gives, the issuer's own first, the sum right."""

import re
from collections.abc import Sequence

from .rules import Rule, rule

ISSUERS = re.compile(
    r"4\d{15}"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}"  # Discover
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|(?:30[0-5]|3[689]\d)\d{11}"  # Diners Club
    r"|62\d{14}"  # UnionPay
    r"|(?:5018|5020|5038|6304|6759|676[1-3])\d{12}"  # Maestro
)
IDENTIFIES = re.compile(
    r"(?i)(?<![a-z])(?:(?:trace|span|request|event|message|order)?[ _.-]?id|trace|span|epoch"
    r"|time(?:stamp)?|[mun]s|nanos|sha|seq)[\"']?[ \t]?[=:#]?[ \t]?[\"']?\Z"
)
BEFORE = 24  # characters that tell what a number is


def _of_a_card(found: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", found[0])
    said_before = found.string[max(0, found.start() - BEFORE) : found.start()]
    named = IDENTIFIES.search(said_before)
    return not named and ISSUERS.fullmatch(digits) is not None and adds_up(digits)


def adds_up(digits: str) -> bool:
    """Say whether the last digit is the one that Luhn's sum asks for."""
    doubled = "0246813579"
    turned = digits[::-1]
    return sum(map(int, turned[::2])) % 10 == -sum(int(doubled[int(d)]) for d in turned[1::2]) % 10


GROUPED = r"\d{4}(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}"
AMEX = r"\d{4}(?P<space>[ -])\d{6}(?P=space)\d{4,5}"
CARDS: Sequence[Rule] = (
    rule(
        "card number",
        rf"(?:(?<![\w+])(?<!\w[.-])|(?<=\\[nrt]))(?:\d{{14,16}}|{GROUPED}|{AMEX})(?!\w|[.-]\w)",
        _of_a_card,
    ),
)
