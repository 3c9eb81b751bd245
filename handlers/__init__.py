"""The door: a payload comes in, a command goes on, the commit is awaited, an answer goes back."""

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from . import (
    actions,
    alerts,
    commands,
    declaring,
    errors,
    events,
    from_messages,
    messages,
    reactions,
    shortcuts,
    views,
)
from .desk import Desk
from .door import Door

Authorize = Callable[..., Awaitable[AuthorizeResult]]


def application(
    desk: Desk,
    command: str,
    *,
    client: AsyncWebClient,
    authorize: Authorize,
    signing_secret: str = "",
) -> Door:
    """Bind every listener; the acknowledgement waits for the listener, hence for the commit.

    Without a signing secret only Socket Mode may deliver: every HTTP request is refused.
    """
    quiet = logging.getLogger("slack")  # Bolt's own warnings quote payloads
    quiet.setLevel(logging.ERROR)
    app = Door(
        name="responder",  # else Bolt reads the source of every caller to find one
        logger=quiet,
        process_before_response=True,
        client=client,
        authorize=authorize,
        signing_secret=signing_secret,
    )
    app.middleware(app.let_in)
    commands.register(app, desk, command)
    declaring.register(app, desk)
    from_messages.register(app, desk)
    reactions.register(app, desk)
    alerts.register(app, desk)
    actions.register(app, desk)
    views.register(app, desk)
    shortcuts.register(app, desk)
    messages.register(app, desk)  # before events: the first listener that fits is asked
    events.register(app, desk)
    errors.register(app, desk)
    return app
