"""All of it together: Prometheus with its rules, and the Alertmanager that it tells.

async with Monitoring(clock, store, rule_groups(text), route, receiver) as monitoring:
    store.scrape("shop", now, [("up", {"job": "shop"}, 1.0)])
    monitoring.advance(now)     # rules, then what is due to be told
    await monitoring.settled()  # only where a test wants it told before it goes on
"""

import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self
from uuid import UUID

from aiohttp import ClientSession

from sandbox.clock import Clock

from .alertmanager import Alertmanager, Receiver
from .alertmanager_api import AlertmanagerApi
from .api import Api
from .listening import Listening
from .notices import told
from .routing import Route
from .rule_files import MINUTE, RuleGroup
from .rules import Rules
from .series import Store
from .silences import Silences

LASTING = 4  # rounds of the slowest rules that an alert fires on where Prometheus falls silent


class Monitoring:
    """Prometheus and Alertmanager, both listening while entered; `advance` moves them."""

    def __init__(  # noqa: PLR0913 - its parts
        self,
        clock: Clock,
        store: Store,
        groups: Sequence[RuleGroup],
        route: Route,
        receiver: Receiver,
        *,
        chance: random.Random,
        ports: tuple[int, int] = (0, 0),
    ) -> None:
        self._clock, self._store, self._chance = clock, store, chance
        self._route, self._receiver, self._ports = route, receiver, ports
        self._rules = Rules(store, groups, lambda: self.prometheus_url)
        slowest = max((group.interval for group in groups), default=0.0)
        self._lasting = LASTING * max(MINUTE, slowest)
        self._stack = AsyncExitStack()
        self._alertmanager: Alertmanager
        self.prometheus_url = self.alertmanager_url = ""

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(ClientSession())
            silences = Silences(lambda: str(UUID(int=self._chance.getrandbits(128), version=4)))
            self._alertmanager = Alertmanager(
                self._clock, session, self._route, self._receiver, silences
            )
            stack.push_async_callback(self._alertmanager.close)
            asked = Api(self._store, self._rules, self._clock).application()
            quiet = AlertmanagerApi(self._alertmanager, self._clock).application()
            prometheus = await stack.enter_async_context(Listening(asked, self._ports[0]))
            alertmanager = await stack.enter_async_context(Listening(quiet, self._ports[1]))
            self.prometheus_url, self.alertmanager_url = prometheus.url, alertmanager.url
            self._alertmanager.url = alertmanager.url
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    @property
    def trouble(self) -> str:
        """Return why the receiver could not be told the last time, or nothing."""
        return self._alertmanager.trouble

    def advance(self, now: float) -> None:
        """Evaluate the rules that are due, begin to tell what is due, forget what is old."""
        alerts = [told(alert, now, self._lasting) for alert in self._rules.advance(now)]
        self._alertmanager.advance(alerts, now)
        self._store.forget(now)

    async def settled(self) -> None:
        """Return once nothing is being told any more."""
        await self._alertmanager.settled()
