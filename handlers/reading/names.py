"""People, as they are named in what somebody types."""

import re

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
MYSELF = frozenset({"me", "myself"})


def mentions_as_names(text: str) -> str:
    """Return the text with people by their names, where those came along."""
    return re.sub(r"<@[UW][A-Z0-9]+\|([^<>]+)>", r"@\1", text)


def person_in(word: str, myself: str) -> str | None:
    """Return whom a word names; "me" is who says it."""
    if word.lower() in MYSELF:
        return myself
    found = MENTION.fullmatch(word.rstrip(",:;."))
    return found[1] if found else None
