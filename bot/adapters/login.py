"""How the bot says who it is to a server that it asks."""

from base64 import b64encode
from collections.abc import Mapping


def headers(login: str | None) -> Mapping[str, str]:
    """Return the headers for a bearer token, or for user:password."""
    if not login:
        return {}
    if ":" in login:
        return {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}
    return {"Authorization": f"Bearer {login}"}
