"""Secrets that are known because they are called so: password=…, "api_key": "…", --token …"""

import re
from collections.abc import Sequence

from .rules import Rule, rule

# Whatever is called so is secret.
SECRETS = (
    r"pass(?:word|wd|phrase|code)|passwort|kennwort|pwd|contraseña|mot de passe"
    r"|secret(?:[_-]?(?:access[_-]?)?key(?:[_-]?base)?)?"
    r"|(?:access|account|api|app|auth|client|encryption|license|master|private|service"
    r"|sharedaccess|signing)[_-]?key(?:[_-]?data)?"
    r"|(?:access|api|auth|bearer|bot|deploy|id|private|refresh|security|session)[_-]?token"
)
# What is called so may as well be a number, a name, or the end of a page.
PERHAPS = r"token|credentials?|creds|auth"

IS = r"""(?:\\?["'`])?[ \t]{0,4}(?::=|=>|=|:)[ \t]{0,4}"""
QUOTED = r"""(?P<quote>\\?["'`])(?P<quoted>[^\n]{1,500}?)(?P=quote)"""
# A comma, semicolon or ampersand ends a value only where something else begins after it.
END = r"""[,;&](?=\s|$|["'{}\]]|[\w.-]{1,30}[=:]|[A-Za-z][A-Za-z ]{1,30}=)"""
BARE = rf"""(?P<secret>(?:(?!{END})[^\s"'`])+)"""
VALUE = rf"(?:{QUOTED}|{BARE})"

REFERENCE = re.compile(
    r"[\w-]{1,40}:"
    r"|\$\{.*|\$\(.*|\$[A-Z_][A-Z0-9_]*|\{\{.*|%\(.*|<[\w -]{1,60}>?|[*.?!,;:(){}/-]+|[xX]{3,}"
    r"|\[redacted.*|(?:os\.environ|process\.env|env\.|secrets\.|vault:|var\.|file:).*",
    re.DOTALL,
)
SENTENCE = """
a again also an and any are as at be because been before being but by can cannot change changed
correct could denied did does done email empty error every everywhere expire expired expires
fail failed failing fails failure false file for forgotten found from had has have here how i if
in incorrect invalid is it its just kept known later leaked length login managed may might
mismatch missing must never new nil no none not now null of ok okay on only or our page please
policy prompt protected required reset resets revoked rotate rotated rotation same see set
should so some still stored that the their them then there they this to too true unchanged
undefined unknown unset until used user valid was we were what when where which who why will
with without wrong yes you your
"""
WORDS = frozenset(SENTENCE.split())
IDENTIFIER = re.compile(
    r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]+|sha\d{1,3}[:-]\S+|[\d.:/]+"
)
SHORT = 8  # no token is so short


def _value(found: re.Match[str]) -> str:
    return str(found["quoted"] or found["secret"] or "").strip()


def _a_value(found: re.Match[str]) -> bool:
    """Say whether it is a value, and not where one is to be found, or the rest of a sentence."""
    said = _value(found)
    return not REFERENCE.fullmatch(said) and said.strip(".,;:!?()").lower() not in WORDS | {""}


def _a_token(found: re.Match[str]) -> bool:
    """Say whether it looks like a secret at all: it is no word, and nothing that identifies."""
    said = _value(found).rstrip(".,;")
    known = len(said) < SHORT or said.isalpha() or IDENTIFIER.fullmatch(said)
    return _a_value(found) and not known


def _no_word(found: re.Match[str]) -> bool:
    """Say whether a sentence goes on with something that is no word of it."""
    said = found["secret"].rstrip(".,;!?")
    return (
        any(c.isdigit() for c in said) or re.search(r"\w[!#$%&*+<=>?@^_|~]+\w", said) is not None
    )


NAMED: Sequence[Rule] = (
    rule("secret", rf"(?i:{SECRETS}){IS}{VALUE}", _a_value),
    rule("secret", rf"(?<![A-Za-z])(?i:{PERHAPS}){IS}{VALUE}", _a_token),
    rule(
        "secret",
        rf"(?<![\w-])--(?i:[a-z-]{{0,30}}(?:pass(?:word|wd|phrase)?|token|secret|key))"
        rf"[ =]{{1,3}}{VALUE}",
        _a_token,
    ),
    rule(
        "password",
        rf"(?i:pass(?:word|phrase|code)|passwort) (?i:is|was|ist|lautet)[ :]{{1,3}}{BARE}",
        _no_word,
    ),
)
