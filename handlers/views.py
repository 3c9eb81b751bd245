"""Forms that were sent."""

import re
from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from . import modals
from .answer import answer
from .desk import Desk
from .payloads import Payload


async def unknown(desk: Desk, body: Payload) -> BoltResponse:
    """Say that a form of another version was not sent on."""
    return await answer(desk, body, desk.wording.message("outdated"))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the forms."""
    modals.register(app, desk)
    app.view(re.compile(""))(partial(unknown, desk))
