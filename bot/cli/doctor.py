"""Looks at everything the bot needs, and says what to do about what is wrong."""

import argparse
import asyncio
import enum
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.journal import Corrupt
from bot.adapters.postgres import MOST_SKEW, examined
from bot.adapters.slack import REQUIRED_SCOPES, SlackChat, client
from bot.adapters.socket import admitted
from bot.adapters.throttle import Throttle
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.domain.errors import Refused
from bot.domain.records import TooNew
from bot.ports import Held, Unavailable
from bot.production import measures, silencers, sources
from bot.render import Wording
from bot.settings import ConfiguredRules, Environment, Mistakes, read
from handlers.web import alerts

SKEW = timedelta(seconds=60)  # Slack refuses signatures that are 5 minutes off


class State(enum.StrEnum):
    """How a part is."""

    WELL = enum.auto()
    WRONG = enum.auto()
    NOT_SET = enum.auto()
    NEW = enum.auto()
    IN_USE = enum.auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """A part, how it is, and what was seen."""

    part: str
    state: State
    seen: str = ""

    @property
    def well(self) -> bool:
        """Say whether nothing has to be done."""
        return self.state is not State.WRONG


Seen = tuple[State, str]
Check = Callable[[], Awaitable[Seen]]


class Doctor:
    """Each check returns what it saw, or raises what is wrong."""

    def __init__(self, environment: Environment, rules: ConfiguredRules) -> None:
        self._environment = environment
        self._rules = rules
        self._configuration = rules.configuration
        self._channels = rules.configuration.channels
        token = environment.slack_bot_token.get_secret_value()
        self._client = client(token, environment.slack_api_url)
        self._chat = SlackChat(self._client, Throttle(SystemClock()))

    def checks(self) -> Mapping[str, Check]:
        """Name the checks in the order in which one thing builds on another."""
        return {
            "token": self._token,
            "scopes": self._scopes,
            "delivery": self._delivery,
            "clock": self._clock,
            "on_call": self._on_call,
            "announcements": lambda: self._channel(self._channels.announcements),
            "operators": lambda: self._channel(self._channels.operators),
            "doors": self._doors,
            "prometheus": self._prometheus,
            "alertmanager": self._alertmanager,
            "watch": self._watch,
            "store": self._store,
        }

    async def _token(self) -> Seen:
        me = await self._chat.whoami()
        return State.WELL, f"{me.user} in {me.team}"

    async def _scopes(self) -> Seen:
        me = await self._chat.whoami()
        if missing := sorted(REQUIRED_SCOPES - me.scopes):
            raise Refused(", ".join(missing))
        return State.WELL, str(len(REQUIRED_SCOPES))

    async def _delivery(self) -> Seen:
        if not self._environment.slack_app_token:
            return State.WELL, "HTTP"
        await admitted(self._client, self._environment.slack_app_token.get_secret_value())
        return State.WELL, "Socket Mode"

    async def _clock(self) -> Seen:
        there = (await self._chat.whoami()).clock
        if there is None:
            return State.NOT_SET, ""
        skew = abs(datetime.now(UTC) - there)
        seconds = f"{skew.total_seconds():.0f} s"
        if skew > SKEW:
            raise Refused(seconds)
        return State.WELL, seconds

    async def _on_call(self) -> Seen:
        group = self._configuration.on_call
        people = self._configuration.groups.get(group, ())
        return (State.WELL, f"{group}, {len(people)}") if people else (State.NOT_SET, "")

    async def _channel(self, channel: str | None) -> Seen:
        if channel is None:
            return State.NOT_SET, ""
        await self._chat.check_channel(channel)
        return State.WELL, channel

    async def _doors(self) -> Seen:
        every = alerts.sources(self._environment.secret, self._configuration.alerts.generic.fields)
        found = [source.name for source in every if source.token or source.secret]
        return (State.WELL, ", ".join(found)) if found else (State.NOT_SET, "")

    async def _prometheus(self) -> Seen:
        metrics = sources(self._environment, self._rules).metrics
        if metrics is None:
            return State.NOT_SET, ""
        await measures(metrics)
        return State.WELL, str(self._configuration.prometheus.url)

    async def _alertmanager(self) -> Seen:
        silencer = silencers(self._environment, self._rules).get("alertmanager")
        if silencer is None:
            return State.NOT_SET, ""
        await silencer.silences()
        return State.WELL, str(self._configuration.alertmanager.url)

    async def _watch(self) -> Seen:
        watching = self._configuration.watch
        if not watching.enabled:
            return State.NOT_SET, ""
        services = self._configuration.services.values()
        addresses = sum(service.health is not None for service in services)
        logs = sum(bool(service.logs) for service in services)
        seen = (
            f"every {watching.every_seconds} s, addresses of {addresses} services, logs of {logs}"
        )
        return State.WELL, seen

    async def _store(self) -> Seen:
        if url := self._environment.database_url:
            return await self._database(url.get_secret_value())
        path = self._environment.data_dir / JOURNAL
        if not path.exists():
            return State.NEW, str(path)
        try:
            store = TinyStore(LocalDisk(path.parent), SystemClock())
        except Held:
            return State.IN_USE, str(path)
        head = await store.head()
        await store.close()
        return State.WELL, f"{path}, {head.position}"

    async def _database(self, url: str) -> Seen:
        found = await examined(url, SystemClock())
        off = abs(found.skew).total_seconds()
        migrations = f"migrations {found.made} of {found.known}"
        seen = f"PostgreSQL {found.version}, clock {off:.1f} s off, {migrations}, {found.position}"
        if abs(found.skew) > MOST_SKEW:
            raise Refused(seen)
        return (State.WELL if found.made else State.NEW), seen


async def examine(environment: Environment, rules: ConfiguredRules) -> list[Finding]:
    """Make every check; none keeps another from being made."""
    findings = []
    for part, check in Doctor(environment, rules).checks().items():
        try:
            findings.append(Finding(part, *await check()))
        except (Unavailable, Refused, Corrupt, TooNew, OSError) as error:
            findings.append(Finding(part, State.WRONG, str(error)))
    return findings


def run(_: argparse.Namespace) -> int:
    """Print the findings; return 1 if there is a problem."""
    try:
        environment, rules = read()
    except Mistakes as mistakes:
        found = [Finding("settings", State.WRONG, line) for line in str(mistakes).splitlines()]
    else:
        found = [Finding("settings", State.WELL)]
        found += asyncio.run(examine(environment, rules))
    print(Wording().report("doctor", findings=found))
    return 0 if all(finding.well for finding in found) else 1
