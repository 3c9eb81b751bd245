"""Whether what is said is denied: "not a timeout", "timeouts are gone"."""

from collections.abc import Sequence

from .words import Gap, Word

REACH = 6  # words between a denial and what it denies

_NOT = frozenset(
    {
        "no",
        "not",
        "never",
        "without",
        "isnt",
        "arent",
        "wasnt",
        "werent",
        "dont",
        "doesnt",
        "didnt",
        "havent",
        "hasnt",
        "excluding",
        "except",
        "kein",
        "keine",
        "keinen",
        "nicht",
        "ohne",
        "pas",
        "sans",
        "sin",
        "ningun",
        "ninguna",
    }
)
_NOT_AFTER = (("ruled", "out"), ("instead", "of"), ("rather", "than"), ("unrelated", "to"))
_BETWEEN = frozenset(
    {
        "a",
        "an",
        "the",
        "any",
        "this",
        "that",
        "it",
        "is",
        "was",
        "were",
        "be",
        "been",
        "being",
        "really",
        "actually",
        "just",
        "even",
        "to",
        "due",
        "because",
        "of",
        "caused",
        "by",
        "related",
        "seeing",
        "see",
        "seen",
        "saw",
        "having",
        "have",
        "had",
        "get",
        "getting",
        "about",
        "another",
        "issue",
        "problem",
        "sign",
        "signs",
        "evidence",
        "indication",
        "more",
        "longer",
        "there",
        "apparently",
        "um",
        "es",
        "ein",
        "eine",
        "der",
        "die",
        "das",
        "un",
        "une",
        "la",
        "le",
        "de",
        "del",
    }
)
_OR = frozenset(["or", "nor", "oder", "ni", "ou"])
_THEN = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "now",
        "already",
        "all",
        "again",
        "since",
        "also",
        "alert",
        "alerts",
        "error",
        "errors",
        "issue",
        "issues",
        "problem",
        "problems",
        "kill",
        "kills",
        "warning",
        "warnings",
        "got",
        "went",
        "looks",
        "look",
        "seems",
        "seem",
        "disk",
        "and",
        "it",
        "ist",
        "sind",
        "wieder",
    }
)
_OVER = frozenset(
    {
        "gone",
        "fixed",
        "resolved",
        "solved",
        "renewed",
        "cleared",
        "over",
        "fine",
        "ok",
        "okay",
        "healthy",
        "unrelated",
        "recovered",
        "ruled",
        "normal",
        "unaffected",
        "behoben",
    }
)
_IRRELEVANT = frozenset(
    {
        "the",
        "a",
        "cause",
        "problem",
        "issue",
        "reason",
        "related",
        "relevant",
        "involved",
        "affected",
        "it",
    }
)


def denied(forms: Sequence[str], text: Sequence[Word], begins: int, ends: int) -> bool:
    """Say whether the words from here to there are denied where they stand."""
    return _before(forms, text, begins) or _after(forms, text, ends)


def _before(forms: Sequence[str], text: Sequence[Word], at: int) -> bool:
    for _ in range(REACH):
        if at == 0 or text[at].gap >= Gap.CLAUSE:
            return False
        at -= 1
        if forms[at] in _NOT or tuple(forms[max(0, at - 1) : at + 1]) in _NOT_AFTER:
            return True
        if forms[at] in _OR and text[at].gap < Gap.CLAUSE:
            at = max(0, at - 1)
        elif forms[at] not in _BETWEEN:
            return False
    return False


def _after(forms: Sequence[str], text: Sequence[Word], at: int) -> bool:
    for _ in range(REACH):
        if at >= len(text) or text[at].gap >= Gap.CLAUSE:
            return False
        if forms[at] in _OVER:
            return True
        if forms[at] in _NOT:
            return at + 1 < len(text) and forms[at + 1] in _IRRELEVANT
        if forms[at] not in _THEN:
            return False
        at += 1
    return False
