"""What people type, made fit to be a title."""

import unicodedata

LONGEST = 150  # what a Slack header holds

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d", "\u200e", "\u200f"}  # emoji and right-to-left scripts need them


def cleaned(text: str) -> str:
    """Return the text on one line, without characters that nobody can see."""
    seen = (c if c in _JOINERS or unicodedata.category(c) not in _UNSEEN else " " for c in text)
    return " ".join("".join(seen).split())


def title_and_details(text: str) -> tuple[str, str]:
    """Split what was typed into a title that fits and, if that is not all of it, the whole."""
    title = cleaned(text)
    if len(title) <= LONGEST:
        return title, ""
    return title[: LONGEST - 1].rstrip() + "…", text.strip()
