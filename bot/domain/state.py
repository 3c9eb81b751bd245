"""What an incident looks like after some facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from .facts import DataLoss, Role, Urgency
from .milestones import Milestones
from .severity import Severity
from .status import OPEN, Status

DRILL = "Drill"


@dataclass(frozen=True, slots=True)
class Post:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of job that was not done and why; without a reason, nobody knows whether it was."""

    job: str
    reason: str | None
    seq: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What the room is owed for a fact, and was not told because there was none."""

    job: str
    seq: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A role that waits for somebody to accept it."""

    role: Role
    person: str
    brief: str
    by: str
    seq: int


@dataclass(frozen=True, slots=True)
class Note:
    """A timeline entry; one that came from a message has its words there."""

    number: int
    text: str
    at: datetime
    by: str
    source: Post | None = None


@dataclass(frozen=True, slots=True)
class ActionItem:
    """What has to be done; one that came from a message may have its words there."""

    number: int
    text: str
    owner: str | None
    due: date | None
    urgency: Urgency
    by: str
    source: Post | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What everybody was told last, and when."""

    text: str
    at: datetime
    by: str
    source: Post | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alert of the incident as it stands; it `fired` so often.

    When it fired, its source had so many more alerts of the group than it told: `untold`.
    """

    source: str
    group: str
    fingerprint: str
    name: str
    summary: str
    description: str
    severity: Severity | None
    services: tuple[str, ...]
    labels: Mapping[str, str]
    link: str | None
    started_at: datetime
    ended_at: datetime | None = None
    fired: int = 1
    untold: int = 0

    @property
    def firing(self) -> bool:
        """Say whether it is still wrong."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What alerts suggested, until somebody answers: accepted, or dismissed `by` whom and why."""

    at: datetime
    storm: bool = False
    post: Post | None = None
    accepted: bool = False
    dismissed_by: str | None = None
    reason: str = ""

    @property
    def open(self) -> bool:
        """Say whether it waits for an answer."""
        return not self.accepted and self.dismissed_by is None


@dataclass(frozen=True, slots=True)
class Quiet:
    """A group that is kept quiet until then; without a name, its source has not been told yet."""

    source: str
    group: str
    until: datetime
    by: str
    seq: int
    silence: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What it cost so far, as figures by name; why others are unknown, and how it was asked."""

    begin: datetime
    end: datetime
    failed: float | None
    users: float | None
    lost: float | None
    currency: str
    queries: Mapping[str, str]
    unknown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What was learned at the end; "" and None are what nobody said."""

    data_loss: DataLoss | None = None
    root_cause: str = ""
    immediate_fix: str = ""
    permanent_fix: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident after `seq` facts; a status of None means nothing was declared yet."""

    id: str
    seq: int = 0
    status: Status | None = None
    reason: str = ""
    ended: int = 0  # the fact since which nobody works on it
    title: str = ""
    practice: str | None = None  # the scenario, if it is only a drill
    details: str = ""
    impact: str = ""
    severity: Severity | None = None
    services: tuple[str, ...] = ()
    declared_at: datetime | None = None
    declared_by: str | None = None
    origin: Post | None = None
    milestones: Milestones = field(default_factory=dict)
    conclusion: Conclusion = Conclusion()
    commander: str | None = None
    roles: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    acknowledge_by: datetime | None = None
    acknowledged_by: str | None = None
    page_by: datetime | None = None
    paged: tuple[str, ...] = ()
    escalated: int = 0
    missed: datetime | None = None
    update_by: datetime | None = None
    update_missed: datetime | None = None
    update: Update | None = None
    told_from: frozenset[Post] = frozenset()
    notes: tuple[Note, ...] = ()
    last_note: int = 0
    actions: tuple[ActionItem, ...] = ()
    last_action: int = 0
    audience: tuple[str, ...] | None = None
    people: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    moved: Mapping[str, datetime] = field(default_factory=dict)  # who last came or went when
    subscribers: Mapping[str, Post | None] = field(default_factory=dict)
    into: str | None = None
    absorbed: tuple[str, ...] = ()
    channel: str | None = None
    opened_at: datetime | None = None
    joined: frozenset[str] = frozenset()
    unsaid: tuple[Unsaid, ...] = ()
    former_channels: tuple[str, ...] = ()
    roomless: bool = False  # somebody archived its channel by hand
    thread: Post | None = None
    card: str | None = None
    announcement: Post | None = None
    postmortem: str | None = None
    postmortem_tells: int = 0  # so many facts
    troubles: tuple[Trouble, ...] = ()
    shelved: bool = False
    suggestion: Suggestion | None = None
    alarms: Mapping[tuple[str, str], Alarm] = field(default_factory=dict)  # by source, fingerprint
    split: Mapping[tuple[str, str], str] = field(default_factory=dict)  # source, group: where to
    quiet: tuple[Quiet, ...] = ()
    calm_since: datetime | None = None  # no alarm fires since we heard that
    resolve_proposed: datetime | None = None
    disputed: frozenset[str] = frozenset()
    cost: Cost | None = None

    @property
    def called(self) -> str:
        """Return its title as people are shown it: a drill says that it is one."""
        return f"{DRILL}: {self.title}" if self.practice is not None else self.title

    @property
    def reference(self) -> str:
        """Return its id as people are shown it where its title is not."""
        return f"{DRILL}: {self.id}" if self.practice is not None else self.id

    @property
    def suggested(self) -> bool:
        """Say whether it is only suggested, and waits for an answer."""
        return self.status is None and self.suggestion is not None and self.suggestion.open

    @property
    def under_way(self) -> bool:
        """Say whether somebody may be needed: it is open, or waits to be accepted."""
        return self.status in OPEN or self.suggested

    @property
    def firing(self) -> tuple[Alarm, ...]:
        """Return the alarms that are still wrong."""
        return tuple(alarm for alarm in self.alarms.values() if alarm.firing)

    @property
    def room(self) -> str | None:
        """Return the channel it is worked on in: its own, or the one that its thread is in."""
        return self.channel or (self.thread.channel if self.thread else None)

    @property
    def carrier(self) -> str | None:
        """Return who carries it and has not left it: the commander, else who took it."""
        carrying = (self.commander, self.acknowledged_by)
        return next((person for person in carrying if person in self.people), None)

    @property
    def open_actions(self) -> tuple[ActionItem, ...]:
        """Return what is still to be done."""
        return tuple(action for action in self.actions if action.done_at is None)

    @property
    def helping(self) -> frozenset[str]:
        """Return who carries it: the commander, who took it, and everybody with a role."""
        named = (person for holders in self.roles.values() for person in holders)
        carrying = (self.commander, self.acknowledged_by, *named)
        return frozenset(person for person in carrying if person)
