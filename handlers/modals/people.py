"""The form by which a role is handed over."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.domain.errors import Refused
from bot.domain.facts import Role
from bot.ports import Words
from handlers.desk import Desk
from handlers.verbs.people import give

from .sent import Sent, taken


async def handover(sent: Sent) -> Words:
    """Give a role to whom it says."""
    role, person = sent.choice("role"), sent.choice("person")
    if role is None or person is None:
        raise Refused("To whom?", about="person")
    return await give(sent.call, Role(role), person, sent.text("brief"))


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the form."""
    app.view("handover")(partial(taken, handover, desk))
