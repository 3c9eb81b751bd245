"""Notices that the alerts have stopped coming which say that a source works."""

from dataclasses import replace

from bot.domain.alerts import Group, matches
from bot.ports import Clock, Rules, Unavailable


class Watchdogs:
    """Knows when each source was last heard to work. A start counts as such a time."""

    def __init__(self, rules: Rules, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._heard = {source: clock.now() for source in rules.policy().alerts.watchdogs}

    def without(self, group: Group) -> Group | None:
        """Return what else is in a group; None if there is nothing else. Note the watchdog."""
        watchdog = self._rules.policy().alerts.watchdogs.get(group.source)
        if watchdog is None:
            return group
        signs = [a for a in group.alerts if matches(a.labels, watchdog.match)]
        if any(alert.firing for alert in signs):
            self._heard[group.source] = self._clock.now()
        rest = tuple(alert for alert in group.alerts if alert not in signs)
        return replace(group, alerts=rest) if rest else None

    async def check(self) -> None:
        """Raise Unavailable if a source was not heard for as long as it may be silent."""
        now = self._clock.now()
        silent = [
            f"{source} for {w.within.total_seconds() / 60:.0f} minutes or longer"
            for source, w in self._rules.policy().alerts.watchdogs.items()
            if now - self._heard.setdefault(source, now) > w.within
        ]
        if silent:
            msg = f"nothing was heard of {', '.join(silent)}"
            raise Unavailable(msg)
