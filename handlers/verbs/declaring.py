"""How a declaration is read."""

from bot.domain.authority import Authority
from bot.domain.commands import Declare
from bot.domain.severity import severity_in

STOPS = ":,;.-\u2013\u2014"


def declaration(by: Authority, rest: str) -> Declare:
    """Read what is wrong, which may begin with how bad it is."""
    word, _, title = rest.partition(" ")
    severity = severity_in(word.rstrip(STOPS)) if word[:1].isalpha() else None
    return Declare(by, title.lstrip(STOPS + " ") if severity else rest, severity)
