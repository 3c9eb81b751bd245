"""The form that lets only a few people know of an incident."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.ports import Words
from handlers.desk import Desk
from handlers.verbs.privacy import hide

from .sent import Sent, taken


async def private(sent: Sent) -> Words:
    """Make it private to whom it says, and who sent it."""
    return await hide(sent.call, sent.choices("people"))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the form."""
    app.view("private")(partial(taken, private, desk))
