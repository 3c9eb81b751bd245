"""Where an incident is worked on, as the chat wants it named."""

from typing import NamedTuple

from bot.domain.incident import Incident


class Place(NamedTuple):
    """A channel, and the thread in it that is meant; no thread is the channel itself."""

    channel: str
    thread: str = ""


def room(incident: Incident) -> Place | None:
    """Return the incident's own channel, else its thread in another; None while it has neither."""
    if incident.channel:
        return Place(incident.channel)
    return Place(incident.thread.channel, incident.thread.ts) if incident.thread else None
