"""The arguments of one Web API call, wherever in the request they came from."""

import re
from typing import Any

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from sandbox.errors import SlackError, missing
from sandbox.wire import Json, parsed

BEARER = "Bearer "
TRUE = {"1", "true", "True"}
FALSE = {"", "0", "false", "False"}
WHOLE = re.compile(r"[0-9]{1,15}")
TIMESTAMP = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6})?")
BEGINNING, END = (0, 0), (10**10, 0)
CHARSETS = {"utf-8", "iso-8859-1"}
KINDS = {
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain",
}  # fmt: skip


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
        if not isinstance(value, str):
            raise SlackError("invalid_arguments", [f"must be a string [json-pointer:/{name}]"])
        return value

    def required(self, name: str) -> str:
        """Return the argument, or refuse the call for lack of it."""
        return self.text(name) or self._refuse(name)

    def names(self, name: str, otherwise: str = "") -> list[str]:
        """Return the names in an argument, or in what stands for none, commas between them."""
        return [one for one in (self.text(name) or otherwise).replace(" ", "").split(",") if one]

    def flag(self, name: str) -> bool:
        """Tell whether the argument was given as true."""
        value = str(self.given.get(name, ""))
        if value not in TRUE | FALSE:
            raise SlackError("invalid_arguments", [f"must be a boolean [json-pointer:/{name}]"])
        return value in TRUE

    def whole(self, name: str) -> int | None:
        """Return a whole number, given as one or as its digits, None if it is none."""
        value = self.given.get(name, "")
        text = str(value) if type(value) is int else self.text(name)
        return int(text) if WHOLE.fullmatch(text) else None

    def number(self, name: str, *, default: int, most: int) -> int:
        """Return a count between one and the most Slack allows."""
        if self.given.get(name, "") == "":
            return default
        number = self.whole(name)
        if number is None or not 1 <= number <= most:
            raise SlackError("invalid_" + name)
        return number

    def moment(self, name: str, refusal: SlackError) -> tuple[int, int] | None:
        """Return a timestamp as seconds and microseconds, None if absent, or refuse it."""
        text = self.text(name)
        if not text:
            return None
        if not TIMESTAMP.fullmatch(text):
            raise refusal
        return moment_of(text)

    def structure(self, name: str, refusal: str) -> Any:
        """Return an argument that may be JSON text or already a structure, None if absent."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            found = parsed(value)
        except ValueError as error:
            raise SlackError(refusal) from error
        if found is None:
            raise SlackError(refusal)
        return found

    def _refuse(self, name: str) -> str:
        raise missing(name)


def moment_of(ts: str) -> tuple[int, int]:
    """Return a well-formed timestamp as seconds and microseconds, which compare exactly."""
    seconds, _, rest = ts.partition(".")
    return int(seconds), int(rest.ljust(6, "0"))


async def arguments(request: web.Request) -> Arguments:
    """Merge a request's query, form and JSON body, the later ones winning."""
    merged: Json = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Arguments(merged)
    _refuse_kind(request)
    if request.content_type == "application/json":
        body = _object(await request.read())
        return Arguments({**merged, **body} if merged else body)
    return Arguments({**merged, **await _form(request)})


def _refuse_kind(request: web.Request) -> None:
    if hdrs.CONTENT_TYPE not in request.headers:
        raise SlackError("missing_post_type")
    if request.content_type not in KINDS:
        raise SlackError("invalid_post_type")
    if (request.charset or "utf-8").lower() not in CHARSETS:
        raise SlackError("invalid_charset")


async def _form(request: web.Request) -> Json:
    """Return a form's fields; of a file in it, what it is called."""
    try:
        form = dict(await request.post())
    except LookupError as error:
        raise SlackError("invalid_charset") from error
    except (ValueError, HttpProcessingError) as error:
        raise SlackError("invalid_form_data") from error
    return {
        name: {"file": value.filename} if isinstance(value, web.FileField) else value
        for name, value in form.items()
    }


def _object(body: bytes) -> Json:
    try:
        found = parsed(body or b"{}")
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(found, dict):
        raise SlackError("json_not_object")
    return found
