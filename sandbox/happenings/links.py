"""The links in a message, and whose domains they are of."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

from sandbox.wire import Json

LINK = re.compile(r"<(https?://[^>|\s]+)(?:\|[^>]*)?>")


def links_in(text: str, domains: Iterable[str], *, only: str | None = None) -> list[Json]:
    """Return the links, or the one, that are of a domain or of a part of it, each once."""
    found: dict[str, Json] = {}
    for url in addresses_in(text):
        host = _host(url)
        for domain in domains:
            if only in {None, url} and (host == domain or host.endswith(f".{domain}")):
                found[url] = {"domain": domain, "url": url}
    return list(found.values())


def addresses_in(text: str) -> list[str]:
    """Return the addresses that a message's text links to."""
    return [unescape(escaped) for escaped in LINK.findall(text)]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:  # such as an IPv6 address that is none: nobody registered it
        return ""
