"""Connects the bot with production: what is told to it, what it looks at, what it asks."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from aiohttp.web import Application

from bot.adapters.addresses import Http
from bot.adapters.alertmanager import Alertmanager
from bot.adapters.logfiles import LogFiles
from bot.adapters.login import headers
from bot.adapters.prometheus import Prometheus
from bot.domain.alerts import Fields, Group, Outcome
from bot.ports import Clock, Store, Telemetry
from bot.settings import ConfiguredRules, Environment
from bot.sources import Metrics, Silencer
from bot.usecases.costs import Costs
from bot.usecases.health import Health, Probe
from bot.usecases.heartbeat import Heartbeat
from bot.usecases.impact import Measuring
from bot.usecases.intake import Intake
from bot.usecases.probes import MINUTE
from bot.usecases.watch import Sources, Watch
from bot.usecases.watchdogs import Watchdogs
from handlers.desk import Desk
from handlers.web import alerts


def silencers(environment: Environment, rules: ConfiguredRules) -> Mapping[str, Silencer]:
    """Return who can keep alerts quiet, by the source that they come from."""
    url = rules.configuration.alertmanager.url
    if url is None:
        return {}
    login = environment.secret("ALERTMANAGER_LOGIN")
    return {"alertmanager": Alertmanager(str(url), headers(login))}


def answering(silencers: Mapping[str, Silencer]) -> list[Probe]:
    """Return how to see whether each of them answers."""
    return [
        Probe(source, partial(_answers, silencer), every=MINUTE)
        for source, silencer in silencers.items()
    ]


async def _answers(silencer: Silencer) -> None:
    await silencer.silences()


class Production:
    """What is configured of production; a new address needs a restart."""

    def __init__(
        self,
        store: Store,
        telemetry: Telemetry,
        clock: Clock,
        environment: Environment,
        rules: ConfiguredRules,
    ) -> None:
        self._store = store
        self._telemetry = telemetry
        self._clock = clock
        self._environment = environment
        self._rules = rules

    def hear(self, pages: Application, desk: Desk, intake: Intake) -> list[Probe]:
        """Open the doors for alerts; return what notices that a source is silent."""
        watchdogs = Watchdogs(self._rules, self._clock)

        def limits() -> alerts.Limits:
            return alerts.Limits(**self._rules.configuration.alerts.limits.model_dump())

        def fields() -> Fields:
            return self._rules.configuration.alerts.generic.fields()

        take = _once_known(desk, intake)
        behind = alerts.Inside(take, watchdogs, limits, self._telemetry, self._clock)
        alerts.register(pages, alerts.sources(self._environment.secret, fields), behind)
        return [Probe("watchdog", watchdogs.check)]

    def watch(
        self, tasks: asyncio.TaskGroup, desk: Desk, intake: Intake, health: Health
    ) -> list[Probe]:
        """Look at production from now on, and tell of ourselves; return how to check that."""
        metrics = self._metrics()
        sources = Sources(Http(), LogFiles(), metrics)
        watch = Watch(self._store, self._rules, sources, _once_known(desk, intake), self._clock)
        costs = Costs(
            *(self._store, desk.incidents, desk.board, self._rules),
            *(Measuring(metrics, self._clock), self._clock),
        )
        tasks.create_task(watch.run())
        tasks.create_task(costs.run())
        found = [Probe("watch", watch.check)]
        if metrics:
            found.append(Probe("prometheus", partial(_measures, metrics), every=MINUTE))
        if heartbeat := self._heartbeat(health):
            tasks.create_task(heartbeat.run())
            found.append(Probe("heartbeat", heartbeat.check))
        return found

    def _metrics(self) -> Metrics | None:
        url = self._rules.configuration.prometheus.url
        login = self._environment.secret("PROMETHEUS_LOGIN")
        return Prometheus(str(url), headers(login)) if url else None

    def _heartbeat(self, health: Health) -> Heartbeat | None:
        configured = self._rules.configuration.heartbeat
        address = self._environment.secret("HEARTBEAT_URL") or configured.url
        every = timedelta(seconds=configured.every_seconds)
        if address is None:
            return None
        return Heartbeat(str(address), every, health.ready, Http(), self._clock)


async def _measures(metrics: Metrics) -> None:
    await metrics.now("vector(1)")


def _once_known(desk: Desk, intake: Intake) -> alerts.Take:
    async def take(group: Group) -> Outcome:
        await desk.board.check()  # what is not known yet could not be joined
        return await intake.take(group)

    return take
