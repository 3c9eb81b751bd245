"""Watchdogs, which say that a source works, and the heartbeat, which says that the bot does."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.alerts import Alert, AlertRules, Group, Watchdog
from bot.domain.policy import Policy
from bot.ports import Unavailable
from bot.sources import Reached
from bot.usecases.heartbeat import Heartbeat
from bot.usecases.watchdogs import Watchdogs
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FixedRules
from tests.samples import T

MINUTE = timedelta(minutes=1)
RULES = AlertRules(watchdogs={"grafana": Watchdog({"alertname": "Alive"}, 5 * MINUTE)})


def told(*names: str, source: str = "grafana", over: bool = False) -> Group:
    ended = T if over else None
    alerts = (Alert(name, name, T, ended, {"alertname": name}) for name in names)
    return Group(source, "key", tuple(alerts), untold=3)


def test_a_watchdog_is_kept_from_the_rest(clock: SteppedClock) -> None:
    watchdogs = Watchdogs(FixedRules(Policy(alerts=RULES)), clock)
    assert watchdogs.without(told("Alive")) is None
    assert watchdogs.without(told("Alive", over=True)) is None
    assert watchdogs.without(told("Alive", "Down", "Alive")) == told("Down")
    for other in (told("Down"), told("Alive", source="alertmanager")):
        assert watchdogs.without(other) == other


async def test_a_watchdog_that_stops_coming_is_noticed(clock: SteppedClock) -> None:
    watchdogs = Watchdogs(FixedRules(Policy(alerts=RULES)), clock)
    clock.advance(300)
    await watchdogs.check()  # a start is heard, too
    clock.advance(1)
    with pytest.raises(Unavailable, match="nothing was heard of grafana for 5 minutes or longer"):
        await watchdogs.check()
    watchdogs.without(told("Alive"))
    await watchdogs.check()
    clock.advance(200)
    watchdogs.without(told("Alive", over=True))  # it fires no more: that is no sign of life
    watchdogs.without(told("Alive", source="alertmanager"))
    watchdogs.without(told("Down"))
    clock.advance(101)
    with pytest.raises(Unavailable):
        await watchdogs.check()


async def test_a_watchdog_configured_later_has_its_time_from_then(clock: SteppedClock) -> None:
    rules = FixedRules(Policy())
    watchdogs = Watchdogs(rules, clock)
    clock.advance(3600)
    await watchdogs.check()
    rules.fixed = Policy(alerts=RULES)
    await watchdogs.check()
    clock.advance(301)
    with pytest.raises(Unavailable):
        await watchdogs.check()


class Monitor:
    """Whoever waits for the heartbeat."""

    def __init__(self) -> None:
        self.status: int | Unavailable = 200
        self.heard: list[str] = []

    async def reach(self, address: str, patience: timedelta) -> Reached:
        self.heard.append(address)
        if isinstance(self.status, Unavailable):
            raise self.status
        return Reached(self.status, 0.1)


async def test_the_heart_beats_while_the_bot_is_ready(clock: SteppedClock) -> None:
    monitor, ready = Monitor(), [False]
    address = "https://beats.example.com/s3cret"
    heartbeat = Heartbeat(address, MINUTE, lambda: ready[0], monitor, clock)
    running = asyncio.create_task(heartbeat.run())

    async def minute() -> int:
        clock.advance(60)
        for _ in range(5):
            await asyncio.sleep(0)
        return len(monitor.heard)

    assert [await minute(), await minute()] == [0, 0]
    ready[0] = True
    assert [await minute(), await minute()] == [1, 2]
    await heartbeat.check()
    troubles: list[tuple[int | Unavailable, str]] = [
        (500, "the answer was 500"),
        (301, "the answer was 301"),
        (Unavailable(f"no answer from {address}"), "no answer from the address"),
    ]
    for trouble, said in troubles:
        monitor.status = trouble
        await minute()
        with pytest.raises(Unavailable, match=f"^{said}$"):
            await heartbeat.check()
    monitor.status = 204
    assert await minute() == 6
    await heartbeat.check()
    running.cancel()
    await asyncio.wait([running])
