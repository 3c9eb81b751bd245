"""Keeps what open incidents cost up to date."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.domain.alert_commands import NoteCost
from bot.domain.authority import BOT
from bot.domain.catalogue import Service
from bot.domain.errors import Refused
from bot.domain.facts import Milestone
from bot.domain.impact import Figure, Impact, Unknown
from bot.domain.incident import Incident
from bot.domain.policy import Policy
from bot.domain.practice import policy_of
from bot.domain.state import Cost
from bot.domain.status import OPEN, Status
from bot.ports import Clock, Conflict, Lease, Rules, Store, Unavailable

from .board import Board
from .impact import Measuring
from .incidents import Incidents

log = structlog.get_logger()

EVERY = timedelta(seconds=60)
HELD = 3 * EVERY
ASKED_AGAIN = timedelta(hours=1)  # after the end, before something is left unknown

MeasuringOf = Callable[[Incident], Measuring | None]


class Costs:
    """Measures each open incident every minute, and once more when it is resolved.

    One of several bots does. Without queries in the catalogue there is nothing to ask.
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- one of each that it needs
        self,
        store: Store,
        incidents: Incidents,
        board: Board,
        rules: Rules,
        measuring: MeasuringOf,
        clock: Clock,
    ) -> None:
        self._store = store
        self._incidents = incidents
        self._board = board
        self._rules = rules
        self._measuring = measuring
        self._clock = clock

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            began = self._clock.now()
            try:
                await self.measure()
            except (Unavailable, TimeoutError) as error:
                log.warning("impact not measured", trouble=str(error))
            await self._clock.sleep_until(began + EVERY)

    async def measure(self) -> None:
        """Measure once whatever needs it."""
        policy, now = self._rules.policy(), self._clock.now()
        catalogues = (policy.services, *policy.practice.values())
        if not any(_has_queries(s) for services in catalogues for s in services.values()):
            return
        if not await self._store.hold("costs", Lease(now, now + HELD)):
            return
        known = await self._board.incidents(BOT, OPEN | {Status.RESOLVED})
        async with asyncio.TaskGroup() as measuring:
            for incident in known:
                own = policy_of(incident, policy)
                if _needs(incident, own) and (by := self._measuring(incident)):
                    measuring.create_task(self._measure(incident, own, by, now))

    async def _measure(
        self, incident: Incident, policy: Policy, by: Measuring, now: datetime
    ) -> None:
        impact = await by.measure(incident, policy, now)
        if _is_too_early_to_be_last(impact, incident, now):
            log.warning("impact not measured", incident=incident.id, trouble="no answer to some")
            return
        command = NoteCost(BOT, _cost(impact, now))
        try:
            await self._incidents.handle(incident.id, command, f"cost/{incident.id}/{now}")
        except (Unavailable, TimeoutError, Refused, Conflict) as error:
            log.warning("impact not noted", incident=incident.id, trouble=str(error))


def _has_queries(service: Service) -> bool:
    has = service.measures
    return bool(has.failed or has.users or has.lost)


def _needs(incident: Incident, policy: Policy) -> bool:
    if not any(_has_queries(s) for s in policy.catalogued(incident.services)):
        return False
    ended = incident.milestones.get(Milestone.RESOLVED)
    if incident.status in OPEN or ended is None:
        return True
    return incident.cost is None or incident.cost.end < ended.at


def _is_too_early_to_be_last(impact: Impact, incident: Incident, now: datetime) -> bool:
    """Say whether what is over is to be measured again, as some of it could not be asked."""
    ended = incident.milestones.get(Milestone.RESOLVED)
    if incident.status in OPEN or ended is None or now > ended.at + ASKED_AGAIN:
        return False
    figures = (impact.failed, impact.users, impact.lost)
    return any(isinstance(f, Unknown) and f.passing for f in figures)


def _cost(impact: Impact, now: datetime) -> Cost:
    named = {"failed": impact.failed, "users": impact.users, "lost": impact.lost}
    known = {name: f for name, f in named.items() if isinstance(f, Figure)}
    values: Mapping[str, float] = {name: figure.value for name, figure in known.items()}
    return Cost(
        min((figure.begin for figure in known.values()), default=now),
        max((figure.end for figure in known.values()), default=now),
        values.get("failed"),
        values.get("users"),
        values.get("lost"),
        known["lost"].currency if "lost" in known else "",
        {name: figure.query for name, figure in known.items()},
        {n: f.reason for n, f in named.items() if not isinstance(f, Figure)},
    )
