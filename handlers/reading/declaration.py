"""How a declaration is typed: what is wrong and, before it, how bad, for whom and of what."""

import re
from collections.abc import Collection
from dataclasses import replace

from bot.domain.authority import Authority
from bot.domain.commands import Declare
from bot.domain.severity import severity_in

STOPS = ":,;.-\u2013\u2014"

_HIDE = re.compile(r"(?<!\S)(?:--|[\u2013\u2014])private(?!\S)", re.IGNORECASE)
_OF = re.compile(r"(?<!\S)services?:([\w.,-]*\w)(?!\S)", re.IGNORECASE)
_FIRST = re.compile(r"(?P<private>private:)|\[(?P<tag>[^\[\]]+)\]|(?P<word>\S+)", re.IGNORECASE)


def declaration(by: Authority, text: str, catalogue: Collection[str] = ()) -> Declare:
    """Read what is wrong. It may begin with how bad it is, `private:` and `[services]`.

    `--private` and `service:NAME` may stand anywhere. What is in brackets is a service if the
    catalogue has it; else it is a part of what is wrong.
    """
    named = [name for found in _OF.findall(text) for name in _among(found, catalogue)]
    left = _OF.sub("", text).strip() if named else text.strip()
    hidden = bool(_HIDE.search(left))
    read = Declare(by, "", private=hidden, services=tuple(dict.fromkeys(named)))
    left = _HIDE.sub("", left).strip() if hidden else left
    while begun := _begun(read, left, catalogue):
        read, left = begun
    return replace(read, text=left)


def _begun(read: Declare, text: str, catalogue: Collection[str]) -> tuple[Declare, str] | None:
    """Return what the first word says besides what is wrong, and the words after it."""
    first = _FIRST.match(text)
    if first is None:
        return None
    left = text[first.end() :].lstrip(STOPS + " ")
    if first["private"]:
        return replace(read, private=True), left
    if first["tag"]:
        named = _among(first["tag"], catalogue)
        every = tuple(dict.fromkeys((*read.services, *named)))
        return (replace(read, services=every), left) if {*named} <= {*catalogue} else None
    severity = severity_in(first["word"].rstrip(STOPS)) if text[0].isalpha() else None
    return (replace(read, severity=severity), left) if severity and not read.severity else None


def _among(names: str, catalogue: Collection[str]) -> list[str]:
    """Return the names as the catalogue writes them; those it does not have stay as they are."""
    known = {service.casefold(): service for service in catalogue}
    return [known.get(name.casefold(), name) for n in names.split(",") if (name := n.strip())]
