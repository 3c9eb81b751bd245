"""Alert rules, evaluated when `advance` is called: what is pending, fires and is over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from . import asking, written
from .alerts import Alert
from .matching import NAME, NONE, Labels, labels
from .parser import parse
from .refusals import Refusal
from .rule_files import AlertRule, RuleGroup
from .series import Store
from .templating import Template
from .values import Vector

KEPT = 900.0  # seconds for which it is told that an alert is over
HEALTH = {True: "ok", False: "err", None: "unknown"}


@dataclass(slots=True)
class _Rule:
    """A rule and its alerts."""

    rule: AlertRule
    active: dict[Labels, Alert] = field(default_factory=dict)
    healthy: bool | None = None
    error: str = ""
    evaluated_at: float = 0.0


@dataclass(slots=True)
class _Group:
    group: RuleGroup
    rules: Sequence[_Rule]
    due: float = 0.0


class Rules:
    """Evaluates groups of rules over a store; where Prometheus is, `address` tells."""

    def __init__(
        self, store: Store, groups: Sequence[RuleGroup], address: Callable[[], str]
    ) -> None:
        self._store = store
        self._address = address
        self._groups = [_Group(group, [_Rule(rule) for rule in group.rules]) for group in groups]

    def advance(self, now: float) -> Sequence[Alert]:
        """Evaluate what is due; return all that fires, and what has ended within 15 minutes."""
        told = list[Alert]()
        for group in self._groups:
            if now < group.due:
                continue
            group.due = now + group.group.interval
            for rule in group.rules:
                told += self._evaluate(rule, now)
        return told

    def alerts(self) -> Sequence[Mapping[str, Any]]:
        """Return what is pending or fires, as Prometheus' API has it."""
        return [told for group in self._groups for rule in group.rules for told in _active(rule)]

    def groups(self) -> Sequence[Mapping[str, Any]]:
        """Return all rules, as Prometheus' API has them."""
        return [
            {
                "name": group.group.name,
                "file": "rules.yml",
                "interval": group.group.interval,
                "limit": 0,
                "rules": [_told(rule) for rule in group.rules],
                "evaluationTime": 0,
                "lastEvaluation": written.moment(
                    max((rule.evaluated_at for rule in group.rules), default=0.0)
                ),
            }
            for group in self._groups
        ]

    def _evaluate(self, rule: _Rule, now: float) -> Sequence[Alert]:
        rule.evaluated_at = now
        try:
            found = self._found(rule.rule, now)
        except Refusal as refusal:
            rule.healthy, rule.error = False, refusal.words
            return []
        rule.healthy, rule.error = True, ""
        for named, alert in found.items():
            known = rule.active.get(named)
            if known is None or known.state == "inactive":
                rule.active[named] = alert
            else:
                known.value, known.annotations = alert.value, alert.annotations
        for named, alert in list(rule.active.items()):
            self._move(rule, alert, now, holds=named in found)
        return [alert for alert in rule.active.values() if alert.state != "pending"]

    def _move(self, rule: _Rule, alert: Alert, now: float, *, holds: bool) -> None:
        before = alert.state
        if not holds and (alert.state == "pending" or _is_old(alert, now)):
            del rule.active[alert.labels]
        if not holds and alert.state == "firing":
            alert.state, alert.resolved_at = "inactive", now
        if holds and alert.state == "pending" and now - alert.active_at >= rule.rule.lasts:
            alert.state, alert.fired_at = "firing", now
        self._note(alert, before, now, holds=holds)

    def _note(self, alert: Alert, before: str, now: float, *, holds: bool) -> None:
        """Write what is the case into the series ALERTS."""
        given = dict(alert.labels)
        if before != "inactive" and (before != alert.state or not holds):
            self._store.end("ALERTS", {**given, "alertstate": before}, now)
        if holds:
            self._store.append("ALERTS", {**given, "alertstate": alert.state}, now, 1.0)

    def _found(self, rule: AlertRule, now: float) -> dict[Labels, Alert]:
        value = asking.at_once(self._store, parse(rule.expr), now)
        series: Vector = value if isinstance(value, dict) else {}
        if isinstance(value, float):
            series = dict.fromkeys([NONE], value)
        source = f"{self._address()}/graph?g0.expr={quote(rule.expr, safe='')}&g0.tab=1"
        found = dict[Labels, Alert]()
        for given, number in series.items():
            alert = _alert(rule, dict(given), number, now, source)
            if alert.labels in found:
                words = "vector contains metrics with the same labelset after applying alert"
                raise Refusal(words + " labels", "execution", 422)
            found[alert.labels] = alert
        return found


def _alert(
    rule: AlertRule, given: Mapping[str, str], value: float, now: float, source: str
) -> Alert:
    own = {name: Template(text).filled(given, value) for name, text in rule.labels.items()}
    annotations = {
        name: Template(text).filled(given, value) for name, text in rule.annotations.items()
    }
    named = labels({**given, **own, "alertname": rule.alert, NAME: ""})
    return Alert(named, annotations, value, now, source)


def _is_old(alert: Alert, now: float) -> bool:
    return alert.state == "inactive" and now - alert.resolved_at > KEPT


def _active(rule: _Rule) -> Sequence[Mapping[str, Any]]:
    return [alert.told() for alert in rule.active.values() if alert.state != "inactive"]


def _told(rule: _Rule) -> Mapping[str, Any]:
    active = _active(rule)
    states = {alert["state"] for alert in active}
    return {
        "state": next((s for s in ("firing", "pending") if s in states), "inactive"),
        "name": rule.rule.alert,
        "query": rule.rule.expr,
        "duration": rule.rule.lasts,
        "labels": rule.rule.labels,
        "annotations": rule.rule.annotations,
        "alerts": active,
        "health": HEALTH[rule.healthy],
        **({"lastError": rule.error} if rule.error else {}),
        "evaluationTime": 0,
        "lastEvaluation": written.moment(rule.evaluated_at),
        "type": "alerting",
    }
