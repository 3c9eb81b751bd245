"""What there is to tell of an incident once it is over, and what nobody has said yet."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .facts import DataLoss, Milestone, Role
from .milestones import durations
from .state import ActionItem, Incident, Post
from .timeline import Entry
from .transcript import Message


class Gap(enum.StrEnum):
    """What a post-mortem should tell, and nobody has said."""

    SEVERITY = "severity"
    ACKNOWLEDGED = "acknowledged"
    IMPACT = "impact"
    IMPACT_STARTED = "impact_started"
    IMPACT_ENDED = "impact_ended"
    DATA_LOSS = "data_loss"
    ROOT_CAUSE = "root_cause"
    IMMEDIATE_FIX = "immediate_fix"
    PERMANENT_FIX = "permanent_fix"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Question:
    """A gap; of which action item, if it is one of those."""

    gap: Gap
    action: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The message that something came from: its words and address, as far as they are there.

    Words of None are that nobody wrote them down; without a link too, the message is gone.
    """

    words: str | None
    link: str | None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the timeline, with the message it came from if it came from one."""

    entry: Entry
    source: Source | None


@dataclass(frozen=True, slots=True)
class Task:
    """An action item, with the message it came from if it came from one."""

    item: ActionItem
    source: Source | None


@dataclass(frozen=True, slots=True)
class Postmortem:
    """All that is told of an incident, as of then; `tells` is how many of its facts that is."""

    incident: Incident
    at: datetime
    tells: int
    lines: Sequence[Line]
    tasks: Sequence[Task]
    people: Mapping[str, tuple[str, ...]]
    durations: Mapping[str, timedelta]
    questions: Sequence[Question]

    @property
    def draft(self) -> bool:
        """Say whether the incident is not over yet."""
        return Milestone.RESOLVED not in self.incident.milestones


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of the messages that things came from."""

    said: Mapping[Post, Message]
    links: Mapping[Post, str | None]

    def of(self, post: Post | None) -> Source | None:
        """Return the message's words and address."""
        if post is None:
            return None
        message = self.said.get(post)
        if message and message.deleted:
            return Source(None, None, deleted=True)
        return Source(message.text if message else None, self.links.get(post))


def postmortem(
    incident: Incident, entries: Sequence[Entry], sources: Sources, at: datetime
) -> Postmortem:
    """Compose what is to be told."""
    return Postmortem(
        incident,
        at,
        incident.seq,
        [Line(entry, sources.of(entry.source)) for entry in entries],
        [Task(item, sources.of(item.source)) for item in incident.actions],
        participants(incident),
        durations(incident.milestones),
        list(questions(incident)),
    )


def participants(incident: Incident) -> Mapping[str, tuple[str, ...]]:
    """Return who took part by what they did; nobody is named as one of the others too."""
    held = {
        Role.COMMANDER: (incident.commander,) if incident.commander else (),
        Role.COMMUNICATIONS: incident.roles.get(Role.COMMUNICATIONS, ()),
        Role.SCRIBE: incident.roles.get(Role.SCRIBE, ()),
        Role.RESPONDER: incident.roles.get(Role.RESPONDER, ()),
    }
    named = {person for people in held.values() for person in people}
    others = tuple(sorted(incident.people - named))
    every = {**{str(role): people for role, people in held.items()}, "others": others}
    return {role: people for role, people in every.items() if people}


def questions(incident: Incident) -> Iterator[Question]:
    """Yield what is still open, in the order of the story."""
    learned, passed = incident.conclusion, incident.milestones
    known = {
        Gap.SEVERITY: incident.severity is not None,
        Gap.ACKNOWLEDGED: Milestone.ACKNOWLEDGED in passed,
        Gap.IMPACT: incident.impact != "",
        Gap.IMPACT_STARTED: Milestone.IMPACT_STARTED in passed,
        Gap.IMPACT_ENDED: Milestone.IMPACT_ENDED in passed,
        Gap.DATA_LOSS: learned.data_loss not in {None, DataLoss.UNKNOWN},
        Gap.ROOT_CAUSE: learned.root_cause != "",
        Gap.IMMEDIATE_FIX: learned.immediate_fix != "",
        Gap.PERMANENT_FIX: learned.permanent_fix != "",
    }
    yield from (Question(gap) for gap, answered in known.items() if not answered)
    for action in incident.open_actions:
        if action.owner is None:
            yield Question(Gap.OWNER, action.number)
