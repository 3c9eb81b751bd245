"""Alertmanager's groups of alerts: what is told of each, when, and when it is told again.

As the real one does, it remembers what it told of a group after the group is gone, and says
nothing of what it has told within `repeat_interval`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .matching import Labels
from .notices import Notice, Told
from .routing import Route, key
from .silences import Silences

REMEMBERED = 120 * 3600.0  # seconds


@dataclass(slots=True)
class _Group:
    route: Route
    labels: Labels
    due: float
    alerts: dict[str, Told] = field(default_factory=dict)
    sending: bool = False


@dataclass(frozen=True, slots=True)
class _Memory:
    """What was told of a group the last time."""

    at: float
    firing: frozenset[str]
    resolved: frozenset[str]


class Groups:
    """Takes alerts, and says what has to be told of them."""

    def __init__(self, route: Route, silences: Silences) -> None:
        self._route = route
        self._silences = silences
        self._groups = dict[str, _Group]()
        self._told = dict[str, _Memory]()

    def receive(self, alerts: Sequence[Told], now: float) -> None:
        """Take what is told of alerts; what ends without having been known is no news."""
        for alert in alerts:
            path = self._route.path(alert.labels)
            route, labels = path[-1], path[-1].group(alert.labels)
            name = key(path, labels)
            group = self._groups.get(name)
            if group is None:
                if alert.resolved:
                    continue
                waited = alert.begins + route.group_wait <= now
                due = now if waited else now + route.group_wait
                group = self._groups[name] = _Group(route, labels, due)
            known = group.alerts.get(alert.id)
            if known or not alert.resolved:
                group.alerts[alert.id] = alert

    def alerts(self) -> Sequence[tuple[str, Labels, Told]]:
        """Return all that is known, with the names and labels of their groups."""
        return [(n, g.labels, a) for n, g in self._groups.items() for a in g.alerts.values()]

    def due(self, now: float) -> Sequence[Notice]:
        """Return what has to be told now; each has to be answered by `sent` or `failed`."""
        found = list[Notice]()
        for name, group in list(self._groups.items()):
            if group.sending or now < group.due:
                continue
            group.due = now + group.route.group_interval
            alerts = [_as_of(alert, now) for alert in group.alerts.values()]
            loud = [alert for alert in alerts if not self._silences.of(alert.labels, now)]
            notice = Notice(name, group.labels, loud)
            if loud and self._is_news(notice, group.route, now):
                group.sending = True
                found.append(notice)
            else:
                self._clear(name, [alert for alert in alerts if alert.resolved])
        self._told = {n: m for n, m in self._told.items() if now - m.at < REMEMBERED}
        return found

    def sent(self, notice: Notice, now: float) -> None:
        """Remember that it was told."""
        firing, resolved = _ids(notice)
        self._told[notice.key] = _Memory(now, firing, resolved)
        if group := self._groups.get(notice.key):
            group.sending = False
        self._clear(notice.key, [alert for alert in notice.alerts if alert.resolved])

    def failed(self, notice: Notice, now: float) -> None:
        """Let it be told again at the next step."""
        if group := self._groups.get(notice.key):
            group.sending, group.due = False, now

    def _is_news(self, notice: Notice, route: Route, now: float) -> bool:
        firing, resolved = _ids(notice)
        told = self._told.get(notice.key)
        if told is None:
            return bool(firing)
        if firing - told.firing:
            return True
        if not firing:
            return bool(told.firing)
        return bool(resolved - told.resolved) or now - told.at >= route.repeat_interval

    def _clear(self, name: str, over: Sequence[Told]) -> None:
        """Forget alerts that are over, unless they fire again meanwhile; then an empty group."""
        group = self._groups.get(name)
        if group is None:
            return
        for alert in over:
            known = group.alerts.get(alert.id)
            if known and known.ends <= alert.ends:
                del group.alerts[alert.id]
        if not group.alerts:
            del self._groups[name]


def _ids(notice: Notice) -> tuple[frozenset[str], frozenset[str]]:
    firing = frozenset(alert.id for alert in notice.alerts if not alert.resolved)
    return firing, frozenset(alert.id for alert in notice.alerts) - firing


def _as_of(alert: Told, now: float) -> Told:
    """Return it, over where nobody has said for too long that it fires."""
    if alert.resolved or now < alert.ends:
        return alert
    return replace(alert, resolved=True)
