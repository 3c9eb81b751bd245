"""What people type, made fit to be a title."""

import unicodedata

LONGEST = 150  # what a Slack header holds

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d", "\u200e", "\u200f"}  # emoji and right-to-left scripts need them


def cleaned(text: str) -> str:
    """Return the text on one line, without what nobody can see; "" if there is nothing else."""
    seen = "".join(c if c in _JOINERS or _printed(c) else " " for c in text)
    return " ".join(seen.split()) if any(map(_printed, seen)) else ""


def _printed(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and not character.isspace()


def title_and_details(text: str, more: str = "") -> tuple[str, str]:
    """Split what was typed into a title that fits and, if that is not all of it, the whole.

    What was said besides comes after it.
    """
    title, more = cleaned(text), more.strip()
    if len(title) <= LONGEST:
        return title, more
    whole = text.strip()
    return title[: LONGEST - 1].rstrip() + "…", f"{whole}\n\n{more}" if more else whole


def isolated(text: str) -> str:
    """Keep right-to-left text from reordering what stands beside it."""
    if text.isascii():
        return text
    rightward = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
    return f"\u2068{text}\u2069" if rightward else text
