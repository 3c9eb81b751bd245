"""Pages of a list, and the cursors between them."""

import base64
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from sandbox.arguments import WHOLE, Arguments
from sandbox.errors import SlackError

MOST = 1000
DEFAULT = 100
Item = TypeVar("Item")


def page(
    everything: Iterable[Item], args: Arguments, *, most: int = MOST
) -> tuple[list[Item], str]:
    """Return the asked page and the cursor of the next one, empty on the last."""
    start = _position(args.text("cursor"))
    size = args.number("limit", default=DEFAULT, most=most)
    # One more than asked tells whether there is more; the rest is not looked at.
    found = list(islice(everything, start, start + size + 1))
    return found[:size], _cursor(start + size) if len(found) > size else ""


def _cursor(position: int) -> str:
    return base64.b64encode(f"next:{position}".encode()).decode()


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError as error:
        raise SlackError("invalid_cursor") from error
    if word != "next" or not WHOLE.fullmatch(number):
        raise SlackError("invalid_cursor")
    return int(number)
