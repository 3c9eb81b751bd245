"""What a person, an alert or the clock may ask of an incident."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .alert_commands import OfAlerts
from .authority import Authority
from .facts import DataLoss, Milestone, Role, Urgency
from .severity import Severity
from .standing import Standing
from .state import Incident, Post
from .status import Status


@dataclass(frozen=True, slots=True)
class Declare:
    """Open an incident; a private one is known only to its people and the private readers."""

    by: Authority
    text: str
    severity: Severity | None = None
    private: bool = False
    services: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    origin: Post | None = None
    details: str = ""
    practice: str | None = None  # the scenario, if it is only a drill


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Take the incident."""

    by: Authority


@dataclass(frozen=True, slots=True)
class Join:
    """Take part: whoever is in the incident's channel may know of it; `at` is when they came."""

    by: Authority
    channel: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Take part no longer; `at` is when they went."""

    by: Authority
    channel: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoseChannel:
    """Do without the channel, which somebody archived by hand."""

    by: Authority
    channel: str


@dataclass(frozen=True, slots=True)
class RegainChannel:
    """Go on in the channel that somebody had archived by hand, and that is open again."""

    by: Authority
    channel: str


@dataclass(frozen=True, slots=True)
class Triage:
    """Say all that the first look tells, and take it on; None leaves things as they are."""

    by: Authority
    severity: Severity | None = None
    services: tuple[str, ...] | None = None
    impact: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeSeverity:
    """Say how bad it is."""

    by: Authority
    severity: Severity


@dataclass(frozen=True, slots=True)
class NameServices:
    """Say which services are affected; these and no others."""

    by: Authority
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DescribeImpact:
    """Say what users notice."""

    by: Authority
    impact: str


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Say where it stands, and why if that helps."""

    by: Authority
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Conclude:
    """Say what was learned; None leaves what was said before."""

    by: Authority
    data_loss: DataLoss | None = None
    root_cause: str | None = None
    immediate_fix: str | None = None
    permanent_fix: str | None = None


@dataclass(frozen=True, slots=True)
class Resolve:
    """Say that it is over and, as far as it is known, what it was."""

    by: Authority
    impact_ended: datetime | None = None
    learned: Conclude | None = None


@dataclass(frozen=True, slots=True)
class SetMilestone:
    """Say when it passed a milestone, or that nobody knows."""

    by: Authority
    milestone: Milestone
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Reopen:
    """Go on with an incident that was thought to be over."""

    by: Authority


@dataclass(frozen=True, slots=True)
class Merge:
    """Say that the incident is another one, which goes on; that one has to `Absorb` it."""

    by: Authority
    into: Incident


@dataclass(frozen=True, slots=True)
class Absorb:
    """Go on for another incident too."""

    by: Authority
    other: Incident


@dataclass(frozen=True, slots=True)
class MakePrivate:
    """Let only these people, who asks, and the private readers know of it from now on."""

    by: Authority
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferRole:
    """Give somebody a role. Command is theirs once they accept it, or at once if they take it."""

    by: Authority
    role: Role
    person: str
    brief: str = ""
    standing: Standing = Standing.UNKNOWN


@dataclass(frozen=True, slots=True)
class AcceptRole:
    """Take a role that was offered."""

    by: Authority
    role: Role


@dataclass(frozen=True, slots=True)
class DeclineRole:
    """Refuse a role that was offered, or take the offer back."""

    by: Authority
    role: Role


@dataclass(frozen=True, slots=True)
class Update:
    """Tell everybody how it goes, and when they are told next; None is as the severity asks."""

    by: Authority
    text: str
    within: timedelta | None = None
    source: Post | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AddNote:
    """Put something in the timeline; None is now. What came from a message has its words there."""

    by: Authority
    text: str
    at: datetime | None = None
    source: Post | None = None


@dataclass(frozen=True, slots=True)
class EditNote:
    """Say something else in the timeline; None leaves things as they are."""

    by: Authority
    note: int
    text: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetractNote:
    """Take something out of the timeline: by its number, or by the message it came from."""

    by: Authority
    note: int | None = None
    source: Post | None = None


@dataclass(frozen=True, slots=True)
class AddAction:
    """Say what has to be done."""

    by: Authority
    text: str
    owner: str | None = None
    due: date | None = None
    urgency: Urgency = Urgency.MEDIUM
    source: Post | None = None
    standing: Standing = Standing.UNKNOWN  # the owner's


@dataclass(frozen=True, slots=True)
class ChangeAction:
    """Say otherwise what has to be done, by whom, when and how soon."""

    by: Authority
    action: int
    text: str
    owner: str | None
    due: date | None
    urgency: Urgency
    standing: Standing = Standing.UNKNOWN  # the owner's


@dataclass(frozen=True, slots=True)
class FinishAction:
    """Say that it is done."""

    by: Authority
    action: int


@dataclass(frozen=True, slots=True)
class ReopenAction:
    """Say that it is not done after all."""

    by: Authority
    action: int


@dataclass(frozen=True, slots=True)
class RetractAction:
    """Say that it need not be done: by its number, or by the message it came from."""

    by: Authority
    action: int | None = None
    source: Post | None = None


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Be told how it goes, without being in the channel."""

    by: Authority


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Be told no more."""

    by: Authority


@dataclass(frozen=True, slots=True)
class CheckCalm:
    """See whether all alerts have been quiet for long enough."""

    by: Authority


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """See whether somebody took the incident in time."""

    by: Authority


@dataclass(frozen=True, slots=True)
class CheckPaged:
    """See whether somebody decided how bad it is before people are paged for it."""

    by: Authority


@dataclass(frozen=True, slots=True)
class CheckUpdated:
    """See whether the update that was promised came."""

    by: Authority


@dataclass(frozen=True, slots=True)
class EndDrill:
    """End a drill that nobody has ended in time."""

    by: Authority


@dataclass(frozen=True, slots=True)
class NoteStage:
    """Say how the practice production of a drill can be changed, or why it does not run."""

    by: Authority
    ways: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Retire:
    """Archive the channel of an incident that has been over for long, since that fact."""

    by: Authority
    since: int


@dataclass(frozen=True, slots=True)
class Shelve:
    """Put away an incident that is over for good."""

    by: Authority


OfTheClock = CheckAnswered | CheckPaged | CheckUpdated | CheckCalm | EndDrill | Retire | Shelve
OfNotes = AddNote | EditNote | RetractNote
OfActions = AddAction | ChangeAction | FinishAction | ReopenAction | RetractAction
OfRoles = OfferRole | AcceptRole | DeclineRole
OfRooms = LoseChannel | RegainChannel
OfPeople = Join | Leave | Subscribe | Unsubscribe | OfRoles
OfCourse = (
    Declare
    | Acknowledge
    | Triage
    | ChangeSeverity
    | NameServices
    | DescribeImpact
    | ChangeStatus
    | Conclude
    | Resolve
    | SetMilestone
    | Reopen
    | Merge
    | Absorb
    | MakePrivate
    | NoteStage
)
OfWork = Update | OfNotes | OfActions
Command = OfCourse | OfRooms | OfPeople | OfWork | OfAlerts | OfTheClock
