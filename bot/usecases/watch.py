"""Looks at the services again and again, and tells what fails by the door of all alerts."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.domain.alerts import Group, Outcome, Result
from bot.domain.catalogue import Service
from bot.domain.errors import Refused
from bot.domain.looks import condition_of, errors_look, health_look, target_look, things
from bot.domain.policy import Policy
from bot.domain.spikes import Tally, errors_of, sorted_out, tallied
from bot.domain.watching import Finding, Look, Sight, Watched, WatchRules, group_of, over, seen
from bot.ports import Clock, Lease, Rules, Store, Unavailable
from bot.sources import Addresses, Logs, Metrics, Places

from .waiting import in_time

log = structlog.get_logger()

TELLING = timedelta(seconds=10)  # how long the door may take
IDLE = timedelta(seconds=30)  # until it is asked again whether to watch
AT_ONCE = 100  # things told of together
OK = range(200, 300)
PASSED_OVER = {Result.EXPECTED, Result.WAITING}  # whoever tells of it again is heard later

Take = Callable[[Group], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What can be looked at; without a source of metrics there are no targets."""

    addresses: Addresses
    logs: Logs
    metrics: Metrics | None = None


class Watch:
    """One of several bots watches. The next one knows nothing, and tells all of it again."""

    def __init__(  # noqa: PLR0913 -- one of each that it needs
        self,
        store: Store,
        rules: Rules,
        sources: Sources,
        take: Take,
        clock: Clock,
        *,
        lease: str = "watch",
    ) -> None:
        self._store = store
        self._rules = rules
        self._sources = sources
        self._take = take
        self._clock = clock
        self._lease = lease
        self._telling: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held_until = datetime.min.replace(tzinfo=UTC)
        self._forget()

    def _forget(self) -> None:
        self._things: dict[str, Watched] = {}
        self._reached: dict[str, tuple[int, float] | tuple[None, None]] = {}
        self._places: dict[str, Places] = {}
        self._tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
        self._passed_over = set[str]()  # at this look
        self._targets_known = False
        self._troubles: dict[str, str] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            began, rules = self._clock.now(), self._rules.policy().watch
            await self.look()
            await self._clock.sleep_until(began + (rules.every if rules else IDLE))

    async def check(self) -> None:
        """Raise Unavailable with what cannot be looked at or told, if there is anything."""
        if self._troubles:
            raise Unavailable("; ".join(f"{what}: {why}" for what, why in self._troubles.items()))

    def finding(self, service: str) -> Finding | None:
        """Return what is known of a service; None if this bot knows nothing of it."""
        rules, now = self._rules.policy().watch, self._clock.now()
        known = [w for w in self._things.values() if w.look.group == service]
        if not known or not rules:
            return None
        health = next((w for w in known if w.look.sight is Sight.HEALTH), None)
        errors = [errors_of(s, self._tallies[service, s.name], now) for s in rules.spikes]
        targets = [w.look for w in known if w.look.sight is Sight.TARGET and w.failing]
        return Finding(
            condition_of(health, *self._reached.get(service, (None, None))) if health else None,
            tuple(found for found in errors if found.count),
            tuple(sorted(look.labels.get("instance", look.name) for look in targets)),
        )

    async def look(self) -> None:
        """Look at everything once, all at the same time, and tell what is new as it is found."""
        policy = self._rules.policy()
        rules = policy.watch
        if not rules and not self._things:
            return
        if not await self._holds(rules or WatchRules()):
            return
        self._passed_over.clear()
        async with asyncio.TaskGroup() as looking:
            for group in self._settle(policy):
                looking.create_task(self._tell(group))
            if rules is None:
                return
            for service in policy.services.values():
                if service.health:
                    looking.create_task(self._health(service, service.health, rules))
                if service.logs:
                    looking.create_task(self._logs(service, rules))
            if rules.up and self._sources.metrics:
                looking.create_task(self._targets(self._sources.metrics, policy, rules))

    async def _holds(self, rules: WatchRules) -> bool:
        now = self._clock.now()
        lease = Lease(now, now + rules.every + 2 * (rules.patience + TELLING))
        try:
            held = await in_time(self._store.hold(self._lease, lease), now + TELLING, self._clock)
        except (Unavailable, TimeoutError) as error:
            self._trouble("store", str(error) or "no answer")
            return False
        self._trouble("store", None)
        if not held or now > self._held_until:  # somebody else may have watched meanwhile
            self._forget()
        self._held_until = lease.until
        return held

    def _settle(self, policy: Policy) -> Sequence[str]:
        """End what is no longer looked at; return the groups of which that is news."""
        now, expected = self._clock.now(), things(policy)
        targets = bool(policy.watch and policy.watch.up and self._sources.metrics)
        gone = [
            w
            for w in self._things.values()
            if not (targets if w.look.sight is Sight.TARGET else w.look.thing in expected)
        ]
        for watched in gone:
            if watched.told or watched.failing:
                self._things[watched.look.thing] = over(watched, now)
            else:
                del self._things[watched.look.thing]
        return sorted({w.look.group for w in gone})

    async def _health(self, service: Service, address: str, rules: WatchRules) -> None:
        until = self._clock.now() + rules.patience
        self._reached.pop(service.name, None)
        try:
            asked = self._sources.addresses.reach(address, rules.patience)
            reached = await in_time(asked, until, self._clock)
            self._reached[service.name] = reached.status, reached.seconds
            trouble = "" if reached.status in OK else f"answered {reached.status}"
        except Unavailable as error:
            trouble = str(error)
        except TimeoutError:
            trouble = f"no answer within {rules.patience.total_seconds():g} s"
        self._note(health_look(service, trouble, rules), rules)
        await self._tell(service.name)

    async def _logs(self, service: Service, rules: WatchRules) -> None:
        source, now = f"logs of {service.name}", self._clock.now()
        try:
            read = self._sources.logs.since(service.logs, self._places.get(service.name))
            found = await in_time(read, now + rules.patience, self._clock)
        except (Unavailable, TimeoutError) as error:
            self._trouble(source, str(error) or "no answer")
            return
        self._trouble(source, next(iter(found.unread), None))
        self._places[service.name] = found.places
        kinds = sorted_out(found.lines, rules.spikes)
        for spike in rules.spikes:
            key = service.name, spike.name
            self._tallies[key] = tallied(self._tallies[key], kinds[spike.name], spike, now)
            self._note(errors_look(service, spike, self._tallies[key], rules), rules)
        await self._tell(service.name)

    async def _targets(self, metrics: Metrics, policy: Policy, rules: WatchRules) -> None:
        query = f"({rules.up}) == 0" if self._targets_known else rules.up
        try:
            until = self._clock.now() + rules.patience
            found = await in_time(metrics.now(query), until, self._clock)
        except (Unavailable, Refused, TimeoutError) as error:
            self._trouble("metrics", str(error) or "no answer")
            return
        self._trouble("metrics", None)
        self._targets_known = True
        looks = [target_look(labels, value, policy, rules) for labels, value in found]
        there = {look.thing for look in looks}
        known = [w.look for w in self._things.values() if w.look.sight is Sight.TARGET]
        looks += [replace(look, trouble="") for look in known if look.thing not in there]
        for look in looks:
            self._note(look, rules)
        async with asyncio.TaskGroup() as telling:
            for group in {look.group for look in looks}:
                telling.create_task(self._tell(group))

    def _note(self, look: Look, rules: WatchRules) -> None:
        before = self._things.get(look.thing)
        after = seen(before, look, self._clock.now(), rules)
        if look.sight is Sight.TARGET and after.forgettable:
            self._things.pop(look.thing, None)
        else:
            self._things[look.thing] = after

    async def _tell(self, group: str) -> None:
        """Tell what is new of a group.

        What the door does not take, or passes over for now, is told after the next look.
        """
        async with self._telling[group]:
            new = [w for w in self._things.values() if w.look.group == group and self._is_new(w)]
            for start in range(0, len(new), AT_ONCE):
                told = new[start : start + AT_ONCE]
                try:
                    until = self._clock.now() + TELLING
                    outcome = await in_time(self._take(group_of(group, told)), until, self._clock)
                except (Unavailable, TimeoutError) as error:
                    self._trouble(f"telling of {group}", str(error) or "no answer")
                    return
                self._heard(told, passed_over=outcome.result in PASSED_OVER)
            self._trouble(f"telling of {group}", None)

    def _is_new(self, watched: Watched) -> bool:
        return watched.news and watched.look.thing not in self._passed_over

    def _heard(self, told: Sequence[Watched], *, passed_over: bool) -> None:
        for watched in told:
            thing = watched.look.thing
            if passed_over and watched.failing:
                self._passed_over.add(thing)
            elif thing in self._things:
                self._things[thing] = replace(self._things[thing], told=watched.failing)

    def _trouble(self, what: str, why: str | None) -> None:
        if why is None:
            self._troubles.pop(what, None)
        elif self._troubles.get(what) != why:
            log.warning("not watched", part=what, trouble=why)
            self._troubles[what] = why
