"""What people are shown of an incident's alerts: how many, the worst, the groups they come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from .appraisal import appraised, worst_first
from .assessment import Assessment
from .policy import Policy
from .practice import policy_of
from .state import Alarm, Incident, Quiet

Key = tuple[str, str]  # of a group: its source, and what that calls it


@dataclass(frozen=True, slots=True)
class Sheaf:
    """A group of alarms as it is shown; `name` tells it from the incident's others.

    It may be silenced if its source may be told to be quiet, it fires, and is not quiet.
    """

    name: str
    worst: Alarm
    firing: int
    total: int
    quiet: Quiet | None
    silenceable: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """An incident's alarms, the worst first, in their groups; and what the rules make of it."""

    at: datetime
    alarms: tuple[Alarm, ...]
    firing: int
    groups: tuple[Sheaf, ...]
    dependants: tuple[str, ...]
    found: Assessment
    silence_for: timedelta

    @property
    def untold(self) -> int:
        """Return how many more of the groups that fire their sources had than they told."""
        most = dict[Key, int]()
        for alarm in self.alarms:
            if alarm.firing:
                key = alarm.source, alarm.group
                most[key] = max(most.get(key, 0), alarm.untold)
        return sum(most.values())

    @property
    def cleared(self) -> int:
        """Return how many are over."""
        return len(self.alarms) - self.firing

    @property
    def silenceable(self) -> tuple[Sheaf, ...]:
        """Return the groups that may be silenced."""
        return tuple(sheaf for sheaf in self.groups if sheaf.silenceable)

    @property
    def quiet(self) -> tuple[Sheaf, ...]:
        """Return the groups that are kept quiet."""
        return tuple(sheaf for sheaf in self.groups if sheaf.quiet)


def overview(incident: Incident, policy: Policy, at: datetime) -> Overview:
    """Return what there is to show of it now."""
    policy = policy_of(incident, policy)
    alarms = tuple(worst_first(incident.alarms.values()))
    return Overview(
        at,
        alarms,
        sum(alarm.firing for alarm in alarms),
        _sheaves(incident, alarms, policy, at),
        policy.dependants(incident.services),
        appraised(incident, policy),
        policy.alerts.silence_for,
    )


def _sheaves(
    incident: Incident, alarms: tuple[Alarm, ...], policy: Policy, at: datetime
) -> tuple[Sheaf, ...]:
    groups: dict[Key, list[Alarm]] = {}
    for alarm in alarms:
        groups.setdefault((alarm.source, alarm.group), []).append(alarm)
    quiet: Mapping[Key, Quiet] = {(q.source, q.group): q for q in incident.quiet if q.until > at}
    told = policy.alerts.silenced_at
    return tuple(
        Sheaf(
            name_of(*key),
            some[0],
            sum(alarm.firing for alarm in some),
            len(some),
            quiet.get(key),
            some[0].firing and key not in quiet and key[0] in told,
        )
        for key, some in groups.items()
    )


def name_of(source: str, group: str) -> str:
    """Return a short name of a group: what its source calls it may be of any length."""
    return sha256(f"{source}\0{group}".encode()).hexdigest()[:16]


def group_named(incident: Incident, name: str) -> Key | None:
    """Return the group of that name, if the incident has it."""
    keys = {(alarm.source, alarm.group) for alarm in incident.alarms.values()}
    return next((key for key in keys if name_of(*key) == name), None)


def to_blame(incident: Incident, *, again: bool) -> Alarm | None:
    """Return the alarm that made it so bad, or the one that came back; None if all are over."""
    firing = worst_first(incident.firing)
    if again:
        return max(firing, key=lambda alarm: alarm.started_at, default=None)
    return firing[0] if firing else None
