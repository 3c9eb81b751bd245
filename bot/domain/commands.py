"""What a person, an alert or the clock may ask of an incident."""

from dataclasses import dataclass

from .authority import Authority
from .severity import Severity
from .status import Status


@dataclass(frozen=True, slots=True)
class Declare:
    """Open an incident; a private one is known only to its people and the private readers."""

    by: Authority
    text: str
    severity: Severity | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Take the incident."""

    by: Authority


@dataclass(frozen=True, slots=True)
class Join:
    """Take part: whoever is in the incident's channel may know of it."""

    by: Authority


@dataclass(frozen=True, slots=True)
class Leave:
    """Take part no longer."""

    by: Authority


@dataclass(frozen=True, slots=True)
class ChangeSeverity:
    """Say how bad it is."""

    by: Authority
    severity: Severity


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Say where it stands."""

    by: Authority
    status: Status


@dataclass(frozen=True, slots=True)
class Reopen:
    """Go on with an incident that was thought to be over."""

    by: Authority


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """See whether somebody took the incident in time."""

    by: Authority


@dataclass(frozen=True, slots=True)
class Shelve:
    """Put away an incident that is over for good."""

    by: Authority


Command = (
    Declare
    | Acknowledge
    | Join
    | Leave
    | ChangeSeverity
    | ChangeStatus
    | Reopen
    | CheckAnswered
    | Shelve
)
