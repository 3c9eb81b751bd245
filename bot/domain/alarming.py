"""What alerts make true: what they begin, what is new of them, who has them from now on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from .alert_commands import (
    Accept,
    Dismiss,
    DisputeRule,
    FoldInto,
    NoteCost,
    OfAlerts,
    OpenApart,
    RecordAlerts,
    Silence,
    SplitOff,
    Suggest,
    TakeAlerts,
    TakeOver,
)
from .alerts import Alert, Group, services_of, severity_of
from .authority import BOT
from .commands import (
    Acknowledge,
    ChangeSeverity,
    ChangeStatus,
    Command,
    Declare,
    Reopen,
)
from .facts import (
    AlertCleared,
    AlertFired,
    AlertsMoved,
    Dismissed,
    Fact,
    ImpactMeasured,
    Milestone,
    ResolveProposed,
    RuleDisputed,
    SilenceAsked,
    Stamp,
    Suggested,
)
from .policy import Policy
from .severity import Severity
from .state import Alarm, Cost, Incident
from .status import OPEN, Status

# They tell no end of what is silenced there, and by their own clock when all else ended.
ENDS_UNHEARD = frozenset({"alertmanager", "grafana"})


def labels_needed(policy: Policy) -> frozenset[str]:
    """Return the names of the labels that tell what an alert means here."""
    rules = policy.alerts
    patterns = [
        *(rule.match for rule in rules.raises),
        *(rule.match for rule in rules.thresholds),
        *(window.match for window in rules.maintenance),
        *(service.labels for service in policy.services.values()),
        *(rule.labels for rule in policy.assessment),
    ]
    named = (name for pattern in patterns for name in pattern)
    return frozenset({"alertname", *rules.severity_labels, *rules.service_labels, *named})


def alarm_of(alert: Alert, group: Group, policy: Policy) -> Alarm:
    """Return what an alert means here."""
    rules, catalogue = policy.alerts, policy.services.values()
    return Alarm(
        group.source,
        group.key,
        alert.fingerprint,
        alert.name,
        alert.summary,
        alert.description,
        severity_of(alert.labels, rules),
        services_of(alert.labels, rules, catalogue),
        alert.labels,
        alert.link or group.link,
        alert.started_at,
        alert.ended_at,
        untold=group.untold,
    )


def news(incident: Incident, group: Group, policy: Policy) -> Sequence[Alarm]:
    """Return the alerts that fire and did not or are worse now, or fired and do not.

    Each is as it is in the end.
    """
    told: dict[str, Alarm] = {}
    for alert in group.alerts:
        known = told.get(alert.fingerprint) or incident.alarms.get(
            (group.source, alert.fingerprint)
        )
        alarm = alarm_of(alert, group, policy)
        if _is_news(known, alarm) or _is_back(incident, alarm):
            told[alert.fingerprint] = alarm
    return tuple(told.values())


def _is_news(known: Alarm | None, alarm: Alarm) -> bool:
    """Say whether it flipped or got worse; what was sent before and comes late says nothing."""
    if known is None:
        return alarm.firing
    if known.firing and alarm.firing:
        worse = (alarm.severity or "P9") < (known.severity or "P9")
        return worse and alarm.started_at >= known.started_at
    if known.firing:
        return _is_its_end(known, alarm)
    later = known.ended_at is not None and alarm.started_at >= known.ended_at
    return alarm.firing and (alarm.started_at > known.started_at or later)


def _is_its_end(known: Alarm, alarm: Alarm) -> bool:
    """Say whether it is the end of what fires, and not of what fired before it.

    Of two Prometheus that tell the same, the one that saw it first may be heard later.
    """
    overlaps = alarm.ended_at is not None and alarm.ended_at > known.started_at
    return alarm.started_at >= known.started_at or (overlaps and alarm.source in ENDS_UNHEARD)


def _is_back(incident: Incident, alarm: Alarm) -> bool:
    """Say whether it began anew after all was over, though nobody told of its end."""
    over = incident.milestones.get(Milestone.RESOLVED)
    ended = incident.status in {Status.RESOLVED, Status.CLOSED}
    if not ended or over is None or alarm.source not in ENDS_UNHEARD:
        return False
    return alarm.firing and alarm.started_at > over.at


def steps(incident: Incident, command: OfAlerts, policy: Policy) -> Iterable[Command]:
    """Return the steps that a command about alerts is made of."""
    match command:
        case TakeAlerts():
            return _taking(incident, command, policy)
        case Accept(by, severity) if incident.suggested:
            bad, services = severity or incident.severity, _known(incident.services, policy)
            declared = Declare(by, incident.title, bad, services=services)
            return (declared, Acknowledge(by), ChangeStatus(by, Status.TRIAGING))
        case OpenApart(by, alarms):
            services = _known(services_in(alarms), policy)
            declared = Declare(by, title(alarms), worst(alarms), services=services)
            return (declared, TakeOver(by, alarms))
        case _:
            return (command,)


def _taking(incident: Incident, command: TakeAlerts, policy: Policy) -> Iterable[Command]:
    by = command.by
    fired = [alarm for alarm in news(incident, command.group, policy) if alarm.firing]
    bad, known = worst(fired), incident.suggestion
    opens = bad in policy.alerts.opens and not (command.storm or (known and known.storm))
    services = _known((*incident.services, *services_in(fired)), policy)
    yield command  # to be judged as such
    if fired and incident.status is None and opens:
        yield Declare(by, incident.title or title(fired), bad, services=services)
    elif fired and incident.status is None and known is None:
        yield Suggest(by, title(fired), bad, services, command.storm)
    elif fired and incident.status is Status.RESOLVED:
        yield Reopen(by)
    yield RecordAlerts(by, command.group)
    if raised := _raised(incident, fired, policy):
        yield ChangeSeverity(by, raised)


def _known(services: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """Return those that the catalogue has today; what was told earlier may name others."""
    catalogue = policy.services
    return tuple(dict.fromkeys(name for name in services if not catalogue or name in catalogue))


def _raised(incident: Incident, fired: Iterable[Alarm], policy: Policy) -> Severity | None:
    """Return how bad it has become; what a person said of the same alerts before stands."""
    known = incident.alarms
    new = []
    for alarm in fired:
        before = known.get((alarm.source, alarm.fingerprint))
        if before is None or (
            alarm.severity and alarm.severity < (before.severity or Severity.P3)
        ):
            new.append(alarm)
    bad = worst(new)
    began = incident.status is None and incident.suggestion is None
    over = incident.status is not None and incident.status not in OPEN | {Status.RESOLVED}
    if bad is None or began or over:
        return None
    return bad if bad < (incident.severity or policy.undecided_is) else None


def worst(alarms: Iterable[Alarm]) -> Severity | None:
    """Return how bad the worst of them is."""
    return min((alarm.severity for alarm in alarms if alarm.severity), default=None)


def services_in(alarms: Iterable[Alarm]) -> tuple[str, ...]:
    """Return the services they are about."""
    return tuple(dict.fromkeys(name for alarm in alarms for name in alarm.services))


def title(alarms: Iterable[Alarm]) -> str:
    """Return what the worst of them says of itself, the first of several."""
    first = min(alarms, key=lambda alarm: alarm.severity or "P9")
    return first.summary or first.name


def alerted(incident: Incident, command: OfAlerts, policy: Policy, stamp: Stamp) -> Sequence[Fact]:
    """Return the facts of a step that was judged."""
    match command:
        case Suggest(_, text, severity, services, storm):
            due = policy.acknowledge_by(severity, stamp.recorded_at)
            return [Suggested(stamp, text, severity, services, due, storm)]
        case Dismiss(_, reason):
            return [Dismissed(stamp, reason.strip())]
        case FoldInto(_, into):
            return [Dismissed(stamp, "", into.id)]
        case RecordAlerts(_, group):
            return _recorded(incident, news(incident, group, policy), policy, stamp)
        case TakeOver(_, alarms):
            new = [a for a in alarms if (a.source, a.fingerprint) not in incident.alarms]
            return _recorded(incident, new, policy, stamp)
        case SplitOff():
            return [_moved(incident, command, policy, stamp)]
        case Silence(_, source, group):
            return _silence(incident, source, group, policy, stamp)
        case DisputeRule(_, rule, disputed):
            changed = (rule in incident.disputed) is not disputed
            return [RuleDisputed(stamp, rule, disputed)] if changed else []
        case NoteCost(_, cost):
            return _cost(incident, cost, stamp)
        case TakeAlerts() | Accept() | OpenApart():
            return []  # they are made of other commands


def _recorded(
    incident: Incident, alarms: Sequence[Alarm], policy: Policy, stamp: Stamp
) -> Sequence[Fact]:
    written = replace(stamp, by=BOT.person)
    fired = [_fired(alarm, written) for alarm in alarms if alarm.firing]
    firing = {(alarm.source, alarm.fingerprint) for alarm in (*incident.firing, *alarms)}
    cleared = list[Fact]()
    firing -= {(a.source, a.fingerprint) for a in alarms if not a.firing}
    over = [alarm for alarm in alarms if not alarm.firing]
    for alarm in over:
        last = alarm is over[-1] and not firing
        due = stamp.recorded_at + policy.alerts.quiet_for if last else None
        ended = min(alarm.ended_at or stamp.recorded_at, stamp.recorded_at)
        told = replace(written, occurred_at=ended)
        cleared.append(AlertCleared(told, alarm.source, alarm.fingerprint, due))
    return [*fired, *cleared]


def _fired(alarm: Alarm, stamp: Stamp) -> AlertFired:
    return AlertFired(
        replace(stamp, occurred_at=min(alarm.started_at, stamp.recorded_at)),
        alarm.source,
        alarm.group,
        alarm.fingerprint,
        alarm.name,
        alarm.summary,
        alarm.description,
        alarm.severity,
        alarm.services,
        alarm.labels,
        alarm.link,
        alarm.untold,
    )


def _moved(incident: Incident, command: SplitOff, policy: Policy, stamp: Stamp) -> AlertsMoved:
    source, group = command.source, command.group
    quiet = all((alarm.source, alarm.group) == (source, group) for alarm in incident.firing)
    due = stamp.recorded_at + policy.alerts.quiet_for if incident.firing and quiet else None
    return AlertsMoved(stamp, source, group, command.into, due)


def _silence(
    incident: Incident, source: str, group: str, policy: Policy, stamp: Stamp
) -> Sequence[Fact]:
    until = stamp.recorded_at + policy.alerts.silence_for
    labels = shared_labels(of_group(incident, source, group))
    return [SilenceAsked(stamp, source, group, labels, until)]


def _cost(incident: Incident, cost: Cost, stamp: Stamp) -> Sequence[Fact]:
    known = incident.cost
    ended = incident.milestones.get(Milestone.RESOLVED)
    final = known is not None and ended is not None and known.end < ended.at <= cost.end
    if known and not final and figures(known) == figures(cost):
        return []
    return [
        ImpactMeasured(
            *(stamp, cost.begin, cost.end, cost.failed, cost.users, cost.lost),
            *(cost.currency, cost.queries, cost.unknown),
        )
    ]


def figures(cost: Cost) -> tuple[object, ...]:
    """Return what people see of it."""
    return cost.failed, cost.users, cost.lost, cost.currency, dict(cost.unknown)


def of_group(incident: Incident, source: str, group: str) -> Sequence[Alarm]:
    """Return the alarms of a group."""
    return [a for a in incident.alarms.values() if (a.source, a.group) == (source, group)]


def groups(incident: Incident) -> tuple[tuple[str, str], ...]:
    """Return the groups of its alarms, each by source and key, in the order they came."""
    return tuple(dict.fromkeys((a.source, a.group) for a in incident.alarms.values()))


def shared_labels(alarms: Sequence[Alarm]) -> dict[str, str]:
    """Return the labels that all of them have alike: what tells the group from others."""
    shared = set.intersection(*(set(alarm.labels.items()) for alarm in alarms))
    return dict(sorted(shared))


def calm(incident: Incident, policy: Policy, stamp: Stamp) -> Sequence[Fact]:
    """Propose to resolve what has been quiet for long; what was only suggested is over."""
    since, at = incident.calm_since, stamp.recorded_at
    if since is None or at < since + policy.alerts.quiet_for:
        return []
    if incident.suggested:
        return [Dismissed(stamp, "")]
    proposed = incident.resolve_proposed
    told = proposed is not None and proposed >= since
    return [] if told or incident.status not in OPEN else [ResolveProposed(stamp)]


def going_on(incident: Incident, group: Group, at: datetime, policy: Policy) -> bool:
    """Say whether what a group of its alerts tells belongs to it, and not to a new one.

    False alarms and what is closed keep what still fires for a while, so that it comes back only
    once it has cleared; what begins beside it is a new one.
    """
    if incident.status in OPEN or incident.status is Status.RESOLVED or incident.suggested:
        return True
    if incident.shelved or not incident.firing:
        return False
    if any(alarm.firing for alarm in news(incident, group, policy)):
        return False
    newest = max(alarm.started_at for alarm in incident.firing)
    return at < newest + policy.alerts.forgotten_after
