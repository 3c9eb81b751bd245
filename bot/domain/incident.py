"""The incident as its facts tell it. History is history: nothing here refuses."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from .alarm_folds import after_alerts
from .authority import BOT
from .facts import (
    Alerts,
    Course,
    Fact,
    Left,
    People,
    Shelved,
    Staged,
    Subscribed,
    Unsubscribed,
    Work,
)
from .folds import after_course, after_people, after_surfaces, after_work
from .saying import unsaid
from .state import Incident, Post, Trouble

__all__ = ["Incident", "Post", "Trouble", "evolve", "replay"]


def evolve(incident: Incident, fact: Fact) -> Incident:
    """Fold one fact into the incident."""
    told = _told(incident, fact)
    by = {fact.stamp.by} - {BOT.person}
    people, left = told.people, told.left
    match fact:
        case Shelved():
            return told
        case Left():
            people, left = people - by, left | by
        case Subscribed() | Unsubscribed():  # they are told, and are not in it
            pass
        case _:
            people, left = people | by, left - by
    waits = unsaid(incident, fact, told)
    return replace(told, seq=incident.seq + 1, people=people, left=left, unsaid=waits)


def _told(incident: Incident, fact: Fact) -> Incident:
    if isinstance(fact, Course):
        return after_course(incident, fact)
    if isinstance(fact, People):
        return after_people(incident, fact)
    if isinstance(fact, Work):
        return after_work(incident, fact)
    if isinstance(fact, Alerts):
        return after_alerts(incident, fact)
    if isinstance(fact, Staged):
        return incident
    return after_surfaces(incident, fact)


def replay(incident_id: str, facts: Iterable[Fact]) -> Incident:
    """Tell an incident from its facts."""
    return reduce(evolve, facts, Incident(incident_id))
