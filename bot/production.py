"""Connects the bot with production: what is told to it, what it looks at, what it asks."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aiohttp.web import Application

from bot.adapters.addresses import Http
from bot.adapters.alertmanager import Alertmanager
from bot.adapters.logfiles import LogFiles
from bot.adapters.login import headers
from bot.adapters.practice import PracticeProgram
from bot.adapters.prometheus import Prometheus
from bot.domain.alerts import Fields, Group, Outcome
from bot.domain.incident import Incident
from bot.ports import Clock, Store, Telemetry
from bot.settings import ConfiguredRules, Environment
from bot.sources import Metrics, Practice, Silencer
from bot.usecases.board import Board
from bot.usecases.costs import Costs
from bot.usecases.health import Health, Probe
from bot.usecases.heartbeat import Heartbeat
from bot.usecases.impact import Measuring
from bot.usecases.intake import Intake
from bot.usecases.probes import MINUTE
from bot.usecases.stages import Stages
from bot.usecases.watch import Sources, Watch
from bot.usecases.watchdogs import Watchdogs
from handlers.desk import Desk
from handlers.web import alerts
from handlers.web.alerts import drills


def silencers(environment: Environment, rules: ConfiguredRules) -> Mapping[str, Silencer]:
    """Return who can keep alerts quiet, by the source that they come from."""
    url = rules.configuration.alertmanager.url
    if url is None:
        return {}
    login = environment.secret("ALERTMANAGER_LOGIN")
    return {"alertmanager": Alertmanager(str(url), headers(login))}


def sources(environment: Environment, rules: ConfiguredRules) -> Sources:
    """Return what can be looked at, and asked for measurements."""
    url = rules.configuration.prometheus.url
    login = environment.secret("PROMETHEUS_LOGIN")
    metrics = Prometheus(str(url), headers(login)) if url else None
    return Sources(Http(), LogFiles(), metrics)


def practice(environment: Environment, rules: ConfiguredRules) -> Practice | None:
    """Return what runs practice productions, if drills are switched on."""
    configured = rules.configuration.drills
    folder = environment.data_dir / "drills"
    command = configured.command or (sys.executable, "-m", "sandbox.production")
    return PracticeProgram(command, folder) if configured.enabled else None


def at(host: str, port: int) -> Callable[[str], str]:
    """Return what says where the production of a drill tells of its alerts."""
    every = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}
    return f"http://{every.get(host, host)}:{port}/alerts/drill/{{}}".format


def answering(silencers: Mapping[str, Silencer]) -> list[Probe]:
    """Return how to see whether each of them answers."""
    return [
        Probe(source, partial(_answers, silencer), every=MINUTE)
        for source, silencer in silencers.items()
    ]


async def _answers(silencer: Silencer) -> None:
    await silencer.silences()


@dataclass(frozen=True, slots=True)
class Production:
    """What is configured of production; a new address needs a restart."""

    store: Store
    telemetry: Telemetry
    clock: Clock
    environment: Environment
    rules: ConfiguredRules
    sources: Sources
    stages: Stages

    def hear(self, pages: Application, desk: Desk, intake: Intake) -> list[Probe]:
        """Open the doors for alerts; return what notices that a source is silent."""
        watchdogs = Watchdogs(self.rules, self.clock)

        def limits() -> alerts.Limits:
            return alerts.Limits(**self.rules.configuration.alerts.limits.model_dump())

        def fields() -> Fields:
            return self.rules.configuration.alerts.generic.fields()

        take = once_known(desk.board, intake)
        behind = alerts.Inside(take, watchdogs, limits, self.telemetry, self.clock)
        alerts.register(pages, alerts.sources(self.environment.secret, fields), behind)
        drills.register(pages, self.stages.token, self._to_drill, behind)
        return [Probe("watchdog", watchdogs.check)]

    def watch(
        self, tasks: asyncio.TaskGroup, desk: Desk, watch: Watch | None, health: Health
    ) -> list[Probe]:
        """Look at production from now on, and tell of ourselves; return how to check that."""
        costs = Costs(
            *(self.store, desk.incidents, desk.board, desk.rules),
            *(self._measuring, self.clock),
        )
        tasks.create_task(costs.run())
        found = []
        if watch:
            tasks.create_task(watch.run())
            found.append(Probe("watch", watch.check))
        tasks.create_task(self.stages.run())
        if metrics := self.sources.metrics:
            found.append(Probe("prometheus", partial(measures, metrics), every=MINUTE))
        if heartbeat := self._heartbeat(health):
            tasks.create_task(heartbeat.run())
            found.append(Probe("heartbeat", heartbeat.check))
        return found

    def _to_drill(self, incident: str) -> alerts.Take:
        return partial(self.stages.take, incident)

    def _measuring(self, incident: Incident) -> Measuring | None:
        found = self.stages.sources_of(incident, self.sources)
        return Measuring(found.metrics, self.clock) if found else None

    def _heartbeat(self, health: Health) -> Heartbeat | None:
        configured = self.rules.configuration.heartbeat
        address = self.environment.secret("HEARTBEAT_URL") or configured.url
        every = timedelta(seconds=configured.every_seconds)
        if address is None:
            return None
        return Heartbeat(str(address), every, health.ready, Http(), self.clock)


async def measures(metrics: Metrics) -> None:
    """Raise Unavailable or Refused if it does not answer."""
    await metrics.now("vector(1)")


def once_known(board: Board, intake: Intake) -> alerts.Take:
    """Return how alerts are taken: what is not known yet could not be joined."""

    async def take(group: Group) -> Outcome:
        await board.check()
        return await intake.take(group)

    return take
