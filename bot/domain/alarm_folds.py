"""What each fact of alerts changes of an incident. Nothing here refuses."""

from dataclasses import replace

from .facts import (
    AlertCleared,
    AlertFired,
    Alerts,
    AlertsMoved,
    Dismissed,
    ImpactMeasured,
    Milestone,
    ResolveProposed,
    RuleDisputed,
    SilenceAsked,
    Silenced,
    SilenceLifted,
    Suggested,
    SuggestionPosted,
)
from .milestones import passed
from .state import Alarm, Cost, Incident, Post, Quiet, Suggestion


def after_alerts(incident: Incident, fact: Alerts) -> Incident:
    """Fold a fact of alerts."""
    match fact:
        case Suggested() | SuggestionPosted() | Dismissed():
            return _suggestion(incident, fact)
        case AlertFired():
            return _fired(incident, fact)
        case AlertCleared():
            return _cleared(incident, fact)
        case AlertsMoved():
            return _moved(incident, fact)
        case SilenceAsked() | Silenced() | SilenceLifted():
            return replace(incident, quiet=_quiet(incident, fact))
        case ResolveProposed(stamp):
            return replace(incident, resolve_proposed=stamp.recorded_at)
        case RuleDisputed(_, rule, disputed):
            known = incident.disputed
            return replace(incident, disputed=known | {rule} if disputed else known - {rule})
        case ImpactMeasured(_, begin, end, failed, users, lost, currency, queries, unknown):
            cost = Cost(begin, end, failed, users, lost, currency, queries, unknown)
            return replace(incident, cost=cost)


def _suggestion(incident: Incident, fact: Suggested | SuggestionPosted | Dismissed) -> Incident:
    known, at = incident.suggestion, fact.stamp.recorded_at
    match fact:
        case Suggested(stamp, title, severity, services, acknowledge_by, storm):
            return replace(
                incident,
                title=title,
                severity=severity,
                services=services,
                acknowledge_by=acknowledge_by,
                suggestion=Suggestion(at, storm),
                milestones=passed(incident.milestones, Milestone.DETECTED, at, stamp.by),
            )
        case SuggestionPosted(_, channel, ts):
            posted = replace(known or Suggestion(at), post=Post(channel, ts))
            return replace(incident, suggestion=posted)
        case Dismissed(stamp, reason, into):
            ended = replace(known or Suggestion(at), dismissed_by=stamp.by, reason=reason)
            return replace(incident, suggestion=ended, into=into)


def _fired(incident: Incident, fact: AlertFired) -> Incident:
    known = incident.alarms.get((fact.source, fact.fingerprint))
    began = fact.stamp.occurred_at
    worse = known is not None and known.firing and known.started_at == began
    alarm = Alarm(
        fact.source,
        fact.group,
        fact.fingerprint,
        fact.name,
        fact.summary,
        fact.description,
        fact.severity,
        fact.services,
        fact.labels,
        fact.link,
        began,
        fired=(known.fired if known else 0) + (not worse),
        untold=fact.untold,
    )
    told = incident.milestones
    if fact.severity:
        told = passed(told, Milestone.IMPACT_STARTED, began, fact.stamp.by)
    return replace(
        incident,
        alarms={**incident.alarms, (fact.source, fact.fingerprint): alarm},
        milestones=told,
        calm_since=None,
    )


def _cleared(incident: Incident, fact: AlertCleared) -> Incident:
    key = (fact.source, fact.fingerprint)
    known = incident.alarms.get(key)
    if known is None:
        return incident
    alarms = {**incident.alarms, key: replace(known, ended_at=fact.stamp.occurred_at)}
    fires = any(alarm.firing for alarm in alarms.values())
    since = None if fires else fact.stamp.recorded_at
    return replace(incident, alarms=alarms, calm_since=since)


def _moved(incident: Incident, fact: AlertsMoved) -> Incident:
    off = (fact.source, fact.group)
    stay = {key: a for key, a in incident.alarms.items() if (a.source, a.group) != off}
    fires = any(alarm.firing for alarm in stay.values())
    since = None if fires or not stay else incident.calm_since or fact.stamp.recorded_at
    return replace(
        incident, alarms=stay, split={**incident.split, off: fact.into}, calm_since=since
    )


def _quiet(incident: Incident, fact: SilenceAsked | Silenced | SilenceLifted) -> tuple[Quiet, ...]:
    match fact:
        case SilenceAsked(stamp, source, group, _, until):
            others = tuple(q for q in incident.quiet if (q.source, q.group) != (source, group))
            return (*others, Quiet(source, group, until, stamp.by, incident.seq + 1))
        case Silenced(_, source, group, silence, until):
            return tuple(
                replace(q, silence=silence, until=until)
                if (q.source, q.group) == (source, group)
                else q
                for q in incident.quiet
            )
        case SilenceLifted(_, silence):
            return tuple(q for q in incident.quiet if q.silence != silence)
