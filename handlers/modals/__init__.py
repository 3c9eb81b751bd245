"""Forms about an incident that were sent, by what they are about."""

from slack_bolt.async_app import AsyncApp

from handlers.desk import Desk

from . import course, people, privacy, work


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the forms."""
    for listeners in (course, people, privacy, work):
        listeners.register(app, desk)
