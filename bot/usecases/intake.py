"""What sources tell becomes incidents, suggestions, or a count."""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4
from weakref import WeakValueDictionary

from bot.domain.alarming import alarm_of, going_on, labels_needed, news, services_in, worst
from bot.domain.alert_commands import TakeAlerts
from bot.domain.alerts import Group, Outcome, Result, Threshold, matches
from bot.domain.authority import BOT
from bot.domain.discretion import discreet_alerts
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.kinship import kin
from bot.domain.owing import alert_claim
from bot.domain.policy import Policy
from bot.domain.practice import real
from bot.domain.state import Alarm
from bot.domain.status import OPEN
from bot.ports import Clock, Commit, Conflict, Rules, Store

from .board import Board
from .incidents import Incidents

FOLLOWED = 20  # from one incident to the one it went on as
TRIES = 20  # against others who take the same alerts


class Intake:
    """Takes what sources tell, in whatever order and however often they tell it.

    What it did is committed before it returns; told again, it changes nothing.
    """

    def __init__(
        self, store: Store, incidents: Incidents, board: Board, rules: Rules, clock: Clock
    ) -> None:
        self._store = store
        self._incidents = incidents
        self._board = board
        self._rules = rules
        self._clock = clock
        self._turns = WeakValueDictionary[tuple[str, str], asyncio.Lock]()
        self._beginning = asyncio.Lock()  # what begins sees all that began before it
        self.told: Counter[tuple[str, Result]] = Counter()  # by source

    async def take(self, group: Group) -> Outcome:
        """Take a group of alerts; raises Unavailable (nothing was saved) or TimeoutError."""
        group = discreet_alerts(group, labels_needed(self._rules.policy()))
        claim = alert_claim(group)
        async with self._turns.setdefault(claim, asyncio.Lock()):
            outcome = await self._take(group)
        self.told[group.source, outcome.result] += 1
        return outcome

    async def _take(self, group: Group) -> Outcome:
        for _ in range(TRIES):
            try:
                owner = await self._owner(group)
                if owner:
                    return await self._told_again(owner, group)
                async with self._beginning:
                    return await self._begun(group)
            except Conflict:  # another bot took them, or what they belong to has ended
                await asyncio.sleep(0)
        raise TimeoutError

    async def _owner(self, group: Group) -> Incident | None:
        """Return the incident that the group belongs to, wherever it went on."""
        claim = alert_claim(group)
        while owner := await self._store.owner(*claim):
            found = await self._went_on_as(owner, group)
            if going_on(found, group, self._clock.now(), self._rules.policy()):
                return found
            await self._store.commit(Commit(releases={claim: owner}))
        return None

    async def _went_on_as(self, owner: str, group: Group) -> Incident:
        found = await self._incidents.current(owner)
        for _ in range(FOLLOWED):
            on = found.split.get((group.source, group.key)) or found.into
            if on is None:
                break
            found = await self._incidents.current(on)
        return found

    async def _told_again(self, incident: Incident, group: Group) -> Outcome:
        policy = self._rules.policy()
        changed = news(incident, group, policy)
        if not changed:
            return _outcome(Result.COUNTED, incident)
        fires = any(alarm.firing for alarm in changed)
        known = any((a.source, a.group) == (group.source, group.key) for a in _all(incident))
        command = TakeAlerts(BOT, group)
        after = await self._incidents.handle(incident.id, command, _key())
        if incident.status is not after.status and after.status in OPEN and fires:
            opened = incident.status is None
            return _outcome(Result.OPENED if opened else Result.REOPENED, after)
        return _outcome(Result.COUNTED if known else Result.JOINED, after)

    async def _begun(self, group: Group) -> Outcome:
        """Open or suggest something for a group that is nobody's, or find where it belongs."""
        policy, now = self._rules.policy(), self._clock.now()
        fired = [a for a in (alarm_of(x, group, policy) for x in group.alerts) if a.firing]
        if not fired:
            return Outcome(Result.COUNTED)
        if _is_expected(fired, policy, now):
            return Outcome(Result.EXPECTED)
        if not await self._often_enough(fired, policy, now):
            return Outcome(Result.WAITING)
        bad = worst(fired)
        opens = bad in policy.alerts.opens
        storm = await self._is_storm(policy, now, opens=opens)
        belongs = await self._belongs(fired)
        if belongs and (storm or not opens or not _is_storm(belongs)):
            after = await self._joined(belongs.id, TakeAlerts(BOT, group, new=True))
            accepted = belongs.status is None and after.status is not None
            return _outcome(Result.OPENED if accepted else Result.JOINED, after)
        if bad is None:
            return Outcome(Result.NOTED)
        return await self._opened(group, storm=storm)

    async def _opened(self, group: Group, *, storm: bool) -> Outcome:
        known = await self._storm() if storm else None
        command = TakeAlerts(BOT, group, storm=storm, new=True)
        if known:
            return _outcome(Result.JOINED, await self._joined(known, command))
        after = await self._incidents.handle(None, command, _key())
        return _outcome(Result.OPENED if after.status else Result.SUGGESTED, after)

    async def _joined(self, incident: str, command: TakeAlerts) -> Incident:
        """Make them a part of it; raises Conflict if it ended or became private meanwhile."""
        try:
            return await self._incidents.handle(incident, command, _key())
        except Refused as refused:
            raise Conflict from refused

    async def _belongs(self, fired: Sequence[Alarm]) -> Incident | None:
        """Return the open incident, else the suggestion, that is about the same or what it needs.

        The nearest, then the newest; nothing private: its people would be the only ones told.
        """
        policy, services = self._rules.policy(), services_in(fired)
        open_now = real(await self._board.open_incidents(BOT))
        known = [i for i in open_now if i.audience is None]
        for each in (known, await self._board.suggestions(BOT)):
            if found := kin(services, each, policy):
                return found
        return None

    async def _is_storm(self, policy: Policy, now: datetime, *, opens: bool) -> bool:
        """Say whether so much began by alerts lately that the rest is one.

        However much was only suggested, what opens by itself does.
        """
        rules = policy.alerts
        lately = await self._board.begun(BOT, now - rules.storm_within)
        opened = sum(incident.declared_by == BOT.person for incident in lately)
        suggested = sum(incident.suggestion is not None for incident in lately)
        crowded = suggested >= rules.storm_suggested and not opens
        return opened >= rules.storm_after or crowded

    async def _storm(self) -> str | None:
        """Return the storm that takes up what else is told, if there is one."""
        waiting = await self._board.suggestions(BOT)
        return next((i.id for i in waiting if _is_storm(i)), None)

    async def _often_enough(self, fired: Sequence[Alarm], policy: Policy, now: datetime) -> bool:
        """Count what means something only if it is told often; say whether one was."""
        enough = False
        for alarm in fired:
            rules = policy.alerts.thresholds
            rule = next((r for r in rules if matches(alarm.labels, r.match)), None)
            enough |= rule is None or await self._is_often(alarm, now, rule)
        return enough

    async def _is_often(self, alarm: Alarm, now: datetime, rule: Threshold) -> bool:
        claim = ("told", f"{alarm.source}/{alarm.fingerprint}")
        before = await self._store.owner(*claim)
        known = (before or "").split()
        lately = (t for t in known if datetime.fromisoformat(t) > now - rule.within)
        times = deque(lately, rule.times)
        times.append(now.isoformat())
        released = {claim: before} if before else {}
        await self._store.commit(Commit(claims={claim: " ".join(times)}, releases=released))
        return len(times) >= rule.times


def _is_storm(incident: Incident) -> bool:
    return incident.suggested and incident.suggestion is not None and incident.suggestion.storm


def _all(incident: Incident) -> Sequence[Alarm]:
    return tuple(incident.alarms.values())


def _is_expected(fired: Sequence[Alarm], policy: Policy, now: datetime) -> bool:
    windows = [w for w in policy.alerts.maintenance if w.begins <= now < w.ends]
    return all(any(matches(a.labels, window.match) for window in windows) for a in fired)


def _outcome(result: Result, incident: Incident) -> Outcome:
    """Return what was done; whoever tells us of alerts may not know of what is private."""
    return Outcome(result, incident.id if incident.audience is None else None)


def _key() -> str:
    return f"alerts/{uuid4()}"
