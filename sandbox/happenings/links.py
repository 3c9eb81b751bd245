"""The links in a message, and whose domains they are of."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from sandbox.wire import Json

LINK = re.compile(r"<(https?://[^>|\s]+)(?:\|[^>]*)?>")


def links_in(text: str, domains: Iterable[str]) -> list[Json]:
    """Return the links that are of one of the domains or of a part of it, each once."""
    found: dict[str, Json] = {}
    for escaped in LINK.findall(text):
        url = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        host = _host(url)
        for domain in domains:
            if host == domain or host.endswith(f".{domain}"):
                found[url] = {"domain": domain, "url": url}
    return list(found.values())


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:  # such as an IPv6 address that is none: nobody registered it
        return ""
