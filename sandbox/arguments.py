"""The arguments of one Web API call, wherever in the request they came from."""

from typing import Any

from aiohttp import web

from sandbox.errors import SlackError, missing
from sandbox.wire import Json, parsed

TRUE = {"1", "true", "True"}


class Arguments:
    """Read a call's arguments as the types Slack expects of them."""

    def __init__(self, given: Json) -> None:
        self.given = {name: value for name, value in given.items() if value is not None}

    def has(self, name: str) -> bool:
        """Tell whether the argument was given at all."""
        return name in self.given

    def text(self, name: str) -> str:
        """Return the argument as text, empty if it was not given."""
        value = self.given.get(name, "")
        if isinstance(value, dict | list):
            raise SlackError("invalid_arguments", [f"must be a string [json-pointer:/{name}]"])
        return str(value)

    def required(self, name: str) -> str:
        """Return the argument, or refuse the call for lack of it."""
        return self.text(name) or self._refuse(name)

    def flag(self, name: str) -> bool:
        """Tell whether the argument was given as true."""
        return str(self.given.get(name, "")) in TRUE

    def number(self, name: str, *, default: int, most: int) -> int:
        """Return a count between one and the most Slack allows."""
        text = self.text(name) or str(default)
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise SlackError("invalid_" + name)
        return int(text)

    def structure(self, name: str, refusal: str) -> Any:
        """Return an argument that may be JSON text or already a structure, None if absent."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return parsed(value)
        except ValueError as error:
            raise SlackError(refusal) from error

    def _refuse(self, name: str) -> str:
        raise missing(name)


async def arguments(request: web.Request) -> Arguments:
    """Merge a request's query, form and JSON body, the later ones winning."""
    merged: Json = dict(request.query) if request.query_string else {}
    if request.content_type == "application/json":
        body = _object(await request.read())
        return Arguments({**merged, **body} if merged else body)
    if request.method == "POST":
        return Arguments({**merged, **await request.post()})
    return Arguments(merged)


def _object(body: bytes) -> Json:
    try:
        found = parsed(body or b"{}")
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(found, dict):
        raise SlackError("json_not_object")
    return found
