"""When an incident passed what, by whose word, and how long it took from one to the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .facts import Milestone


@dataclass(frozen=True, slots=True)
class Passed:
    """When a milestone was passed, and whose word that is: a person's, or the course's own."""

    at: datetime
    by: str
    said: bool


Milestones = Mapping[Milestone, Passed]


def passed(milestones: Milestones, milestone: Milestone, at: datetime, by: str) -> Milestones:
    """Note a milestone that the course itself tells; the first time stands, and what was said."""
    if milestone in milestones:
        return milestones
    return {**milestones, milestone: Passed(at, by, said=False)}


def said(milestones: Milestones, milestone: Milestone, at: datetime | None, by: str) -> Milestones:
    """Note what somebody said of a milestone; None is that it is not known."""
    rest = {m: p for m, p in milestones.items() if m is not milestone}
    return {**rest, milestone: Passed(at, by, said=True)} if at else rest


# What the durations are called, and from where to where they are reckoned.
SPANS: Mapping[str, tuple[Milestone, Milestone]] = {
    "to_detect": (Milestone.IMPACT_STARTED, Milestone.DETECTED),
    "to_acknowledge": (Milestone.DECLARED, Milestone.ACKNOWLEDGED),
    "to_cause": (Milestone.DECLARED, Milestone.CAUSE_IDENTIFIED),
    "to_mitigate": (Milestone.DECLARED, Milestone.MITIGATED),
    "to_resolve": (Milestone.DECLARED, Milestone.RESOLVED),
    "of_impact": (Milestone.IMPACT_STARTED, Milestone.IMPACT_ENDED),
}


def durations(milestones: Milestones) -> Mapping[str, timedelta]:
    """Return the durations that are known, never negative, in the order of SPANS."""
    return {
        name: max(timedelta(0), milestones[end].at - milestones[begin].at)
        for name, (begin, end) in SPANS.items()
        if begin in milestones and end in milestones
    }
