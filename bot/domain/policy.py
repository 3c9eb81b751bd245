"""What a team may configure. decide() writes what it decided into the fact, once."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .alerts.rules import AlertRules
from .assessment.rules import Rule
from .catalogue import Service
from .severity import Severity
from .watching import WatchRules

ALL_ON_CALL = Severity.P0  # this bad, everybody on call is paged; a little better, the first


class Marking(enum.StrEnum):
    """What a reaction makes of the message that it is under."""

    TIMELINE = "timeline"
    ACTION = "action"
    UPDATE = "update"


REACTIONS = {
    Marking.TIMELINE: ("pushpin",),
    Marking.ACTION: ("memo",),
    Marking.UPDATE: ("mega",),
}


def _minutes(*each: int) -> Mapping[Severity, timedelta]:
    return {severity: timedelta(minutes=m) for severity, m in zip(Severity, each, strict=True)}


def _days(*each: int) -> Mapping[Severity, timedelta]:
    return {severity: timedelta(days=d) for severity, d in zip(Severity, each, strict=True)}


@dataclass(frozen=True, slots=True)
class Policy:
    """The team's rules, with the defaults of the design."""

    acknowledge_within: Mapping[Severity, timedelta] = field(
        default_factory=lambda: _minutes(5, 15, 60, 240)
    )
    update_every: Mapping[Severity, timedelta] = field(
        default_factory=lambda: _minutes(15, 30, 60, 240)
    )
    undecided_is: Severity = Severity.P1
    grace: timedelta = timedelta(seconds=60)  # for deciding how bad it is, before people are paged
    paged_for: frozenset[Severity] = frozenset({Severity.P0, Severity.P1})
    on_call: str = "on-call"
    on_call_people: tuple[str, ...] = ()
    private_readers: tuple[str, ...] = ("security",)
    announcements: str | None = None
    operators: str | None = None
    bridge: str | None = None
    services: Mapping[str, Service] = field(default_factory=dict)
    archive_after: timedelta = timedelta(days=7)
    keep_said: Mapping[Severity, timedelta] = field(
        default_factory=lambda: _days(1095, 1095, 730, 365)
    )
    offered_in: frozenset[str] = frozenset()  # channels where certain words offer to declare
    reactions: Mapping[Marking, tuple[str, ...]] = field(default_factory=lambda: dict(REACTIONS))
    alerts: AlertRules = field(default_factory=AlertRules)
    assessment: tuple[Rule, ...] = ()  # the team's own rules
    watch: WatchRules | None = None
    practice: Mapping[str, Mapping[str, Service]] = field(default_factory=dict)  # by drill
    practice_watch: WatchRules = field(default_factory=WatchRules)
    drills_last: timedelta = timedelta(hours=4)  # at most

    def marking(self, emoji: str) -> Marking | None:
        """Return what that reaction makes of a message, in whatever skin tone."""
        name = emoji.partition("::")[0]
        return next((m for m, names in self.reactions.items() if name in names), None)

    def dependants(self, services: Iterable[str]) -> tuple[str, ...]:
        """Return who needs one of these services, at whatever remove, the nearest first."""
        known = dict.fromkeys(services)
        reached, found = list(known), list[str]()
        for name in reached:
            nearest = [s.name for s in self.services.values() if name in s.depends_on]
            new = [n for n in dict.fromkeys(nearest) if n not in known]
            known |= dict.fromkeys(new)
            reached += new
            found += new
        return tuple(found)

    def dependencies(self, services: Iterable[str]) -> frozenset[str]:
        """Return what these services need, at whatever remove."""
        reached, found = list(services), set[str]()
        for name in reached:
            needed = self.services[name].depends_on if name in self.services else ()
            new = [n for n in needed if n not in found]
            found.update(new)
            reached += new
        return frozenset(found)

    def catalogued(self, services: Iterable[str]) -> tuple[Service, ...]:
        """Return what the catalogue says of these services, as far as it knows them."""
        return tuple(self.services[name] for name in services if name in self.services)

    def bridges(self, services: Iterable[str]) -> tuple[str, ...]:
        """Return where people talk about these services: on their own bridges, else on ours."""
        own = tuple(dict.fromkeys(s.bridge for s in self.catalogued(services) if s.bridge))
        return own or ((self.bridge,) if self.bridge else ())

    def acknowledge_by(self, severity: Severity | None, at: datetime) -> datetime:
        """Return when somebody must have taken it."""
        return at + self.acknowledge_within[severity or self.undecided_is]

    def update_by(self, severity: Severity | None, at: datetime) -> datetime:
        """Return when everybody must have been told how it goes."""
        return at + self.update_every[severity or self.undecided_is]

    def forget_at(self, severity: Severity | None, at: datetime) -> datetime:
        """Return until when what was said is kept, from that moment on."""
        return at + self.keep_said[severity or self.undecided_is]

    def on_call_for(self, person: str, services: Iterable[str]) -> tuple[str, ...]:
        """Return for which of these services somebody is on call."""
        return tuple(s.name for s in self.catalogued(services) if person in s.on_call)

    def to_page(self, severity: Severity, services: Iterable[str]) -> tuple[str, ...]:
        """Return whom to page for it: who is on call for its services, else for everything."""
        if severity not in self.paged_for:
            return ()
        known = [self.services[name].on_call for name in services if name in self.services]
        on_call = [people for people in known if people] or [self.on_call_people]
        if severity <= ALL_ON_CALL:
            called = [p for people in (*on_call, self.on_call_people) for p in people]
        else:
            called = [people[0] for people in on_call if people]
        return tuple(dict.fromkeys(called))
