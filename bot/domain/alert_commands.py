"""What an alert, or a person who looks at alerts, may ask of an incident."""

from dataclasses import dataclass

from .alerts.alert import Group
from .authority import Authority
from .severity import Severity
from .state import Alarm, Cost, Incident


@dataclass(frozen=True, slots=True)
class TakeAlerts:
    """Hear what a source tells; nothing that was known already changes anything.

    What begins with it is opened if it is bad enough, else suggested; a storm is only suggested.
    The group is this incident's from now on if it is `new`: nobody's so far.
    """

    by: Authority
    group: Group
    storm: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True)
class Suggest:
    """Say that something may be an incident, for somebody to look at."""

    by: Authority
    text: str
    severity: Severity | None
    services: tuple[str, ...] = ()
    storm: bool = False


@dataclass(frozen=True, slots=True)
class RecordAlerts:
    """Write down what is new of what a source tells."""

    by: Authority
    group: Group


@dataclass(frozen=True, slots=True)
class Accept:
    """Say that what was suggested is an incident, and take it; None leaves how bad it is."""

    by: Authority
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Say that what was suggested is no incident."""

    by: Authority
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FoldInto:
    """Say that what was suggested is part of an incident; that one has to `TakeOver` it."""

    by: Authority
    into: Incident


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Have these alerts from now on."""

    by: Authority
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class SplitOff:
    """Say that a group of alerts is an incident of its own, `into`; that has to `OpenApart`."""

    by: Authority
    source: str
    group: str
    into: str


@dataclass(frozen=True, slots=True)
class OpenApart:
    """Open an incident of alerts that are not of another one."""

    by: Authority
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Keep a group of alerts quiet for a while."""

    by: Authority
    source: str
    group: str


@dataclass(frozen=True, slots=True)
class DisputeRule:
    """Disagree with a rule of the assessment, or agree again."""

    by: Authority
    rule: str
    disputed: bool = True


@dataclass(frozen=True, slots=True)
class NoteCost:
    """Write down what it costs so far, if that looks different now."""

    by: Authority
    cost: Cost


OfSuggestions = Suggest | Accept | Dismiss | FoldInto
OfAlerts = (
    TakeAlerts
    | RecordAlerts
    | TakeOver
    | SplitOff
    | OpenApart
    | Silence
    | DisputeRule
    | NoteCost
    | OfSuggestions
)
