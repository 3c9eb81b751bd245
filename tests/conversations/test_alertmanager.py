"""Real rules of a real Prometheus come through a real Alertmanager into the real bot."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.facts import AlertCleared, AlertFired, Declared, ImpactMeasured, Reopened
from sandbox.seed import ChannelSeed
from tests.conversations import kept, posts
from tests.conversations.monitoring import Monitoring
from tests.conversations.stage import PATIENCE, SEED, Json, Stage, TooLate
from tests.ports import free_port

pytestmark = pytest.mark.server

CHANNELS = """
channels: {announcements: CINCIDENTS, operators: COPS, triage: CTRIAGE}
groups: {on-call: [UCY]}
"""
TRIAGE = ChannelSeed("CTRIAGE", "triage", ("UANA", "UBO", "UBOT"))
WORKSPACE = replace(SEED, channels=(*SEED.channels, TRIAGE))
STEP = 15  # seconds between two measurements of what it costs
FLIPS = 10
MOST_POSTS = 40  # that DESIGN allows an incident


@asynccontextmanager
async def scene(folder: Path, mode: str = "socket") -> AsyncIterator[tuple[Stage, Monitoring]]:
    """Give a bot, not started, and what will tell it of alerts."""
    port = free_port()
    async with (
        Monitoring(folder, port) as monitoring,
        Stage(
            folder,
            mode=mode,
            port=port,
            config=CHANNELS + monitoring.config,
            environment=dict(monitoring.environment),
            seed=WORKSPACE,
        ) as stage,
    ):
        yield stage, monitoring


async def until(what: Callable[[], Awaitable[Any]], why: str) -> Any:
    """Return what is found outside of the workspace once there is something."""
    deadline = time.monotonic() + PATIENCE
    while True:
        if found := await what():
            return found
        if time.monotonic() > deadline:
            raise TooLate(why)
        await asyncio.sleep(0.2)  # servers outside have no clock of ours


async def said(stage: Stage, channel: str, *words: str, kind: str = "") -> Json:
    """Return the message of a kind that has these words, once there is one."""

    async def found() -> Json | None:
        told = await stage.get("messages", channel=channel)
        fit = (m for m in told if posts.kind(m).startswith(kind) and not m["ephemeral"])
        return next((m for m in fit if all(w in shown(m) for w in words)), None)

    message: Json = await stage.until(found, f"{channel}: no {kind or 'message'} says {words}")
    return message


def shown(message: Json) -> str:
    return f"{message['text']} {message['blocks']}"


async def opened(stage: Stage) -> str:
    """Return the channel of the incident, once there is one."""
    made: Json = await stage.until(stage.channel, "no channel")
    return str(made["id"])


async def told(stage: Stage, fact: type) -> list[Any]:
    """Return the facts of that kind of every incident."""
    return [f for facts in (await kept.facts(stage)).values() for f in facts if type(f) is fact]


async def until_told(stage: Stage, fact: type, times: int) -> None:
    """Return once there are so many facts of that kind."""

    async def enough() -> bool:
        return len(await told(stage, fact)) >= times

    await until(enough, f"fewer than {times} {fact.__name__}\n{stage.log.read_text()[-6000:]}")


async def paged(stage: Stage, person: str) -> Json:
    """Return the page that somebody had, once they had one."""

    async def found() -> Json | None:
        seen = await stage.get("messages", channel="DM", user=person)
        return next((m for m in seen if posts.kind(m) == f"page/{person}"), None)

    page: Json = await stage.until(found, f"{person} was not paged")
    return page


async def all_is_well(stage: Stage) -> None:
    """See that nothing is owed any more, and nothing failed."""
    await kept.until_nothing_is_owed(stage)
    assert not [line for line in stage.logged() if line["level"] == "error"]


async def measured(stage: Stage) -> ImpactMeasured:
    """Return what it costs, once that is known."""

    async def found() -> ImpactMeasured | None:
        return next((cost for cost in await told(stage, ImpactMeasured) if cost.failed), None)

    cost: ImpactMeasured = await until(found, "it costs nothing")
    return cost


async def test_a_rule_fires_costs_something_clears_and_fires_again(tmp_path: Path) -> None:
    async with scene(tmp_path, "http") as (stage, monitoring):
        await stage.start()
        shop = monitoring.shop
        shop.fails(50)
        channel = await opened(stage)
        link = f"{monitoring.prometheus}/graph?g0.expr="
        await said(stage, channel, "Checkout answers with errors", link, "P1", kind="card")
        page = await paged(stage, "UBO")
        assert "Checkout answers with errors" in shown(page)
        await stage.bo.types("ack", channel)

        cost = await measured(stage)
        expected = 50 * (cost.end - cost.begin).total_seconds()
        assert cost.failed == pytest.approx(expected, abs=50 * STEP)
        assert "checkout" in cost.queries["failed"]
        await said(stage, channel, " failed requests · 50 users", kind="card")
        shop.fails(0)

        await until_told(stage, AlertCleared, 1)
        await monitoring.alertmanager_ends()
        asked = await said(stage, channel, "have been quiet since", "<@UBO>, is it over?")
        await said(stage, "COPS", "hearing of your monitoring", "alertmanager")
        await monitoring.alertmanager_begins()
        await said(stage, "COPS", "Works again: hearing of your monitoring")

        await stage.bo.clicks("resolve", channel=channel, ts=asked["ts"], value=value(asked))
        await resolved_by(stage, channel)
        shop.fails(50)
        again = await said(stage, channel, "<@UBO>: an alert fires again", "is open again", link)
        assert posts.kind(again) == "alarmed"
        await said(stage, channel, "came 2 times", kind="card")
        assert [len(await told(stage, fact)) for fact in (Declared, Reopened)] == [1, 1]
        await all_is_well(stage)


def value(message: Json, action: str = "resolve") -> str:
    """Return what a button of a message stands for."""
    for block in message["blocks"]:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if element.get("action_id") == action:
                return str(element["value"])
    raise AssertionError(message)


async def resolved_by(stage: Stage, channel: str) -> None:
    """Resolve on whatever is asked, and see that it is."""
    if await stage.bo.views():
        await stage.bo.submits()
    await said(stage, channel, "resolved", kind="card")


async def test_a_warning_is_accepted_flaps_is_silenced_and_resolved(tmp_path: Path) -> None:
    async with scene(tmp_path) as (stage, monitoring):
        await stage.start()
        shop = monitoring.shop
        shop.queue = 2000
        card = await said(stage, "CTRIAGE", "Is this an incident?", "Mails wait to be sent")
        assert f"{monitoring.prometheus}/graph?g0.expr=" in shown(card)
        assert await stage.channel() is None
        id_ = value(card, "accept")
        await stage.bo.clicks("accept", channel="CTRIAGE", ts=card["ts"], value=id_)
        channel = await opened(stage)
        await said(stage, "CTRIAGE", "Accepted by <@UBO>")
        await said(stage, channel, "Mails wait to be sent", "P2", kind="card")

        for flips in range(1, FLIPS + 1):
            shop.queue = 0
            await until_told(stage, AlertCleared, flips)
            shop.queue = 2000
            await until_told(stage, AlertFired, flips + 1)
        await said(stage, channel, f"came {FLIPS + 1} times", kind="card")
        assert len(await told(stage, Declared)) == 1
        channels = {c["name"]: c["id"] for c in (await stage.get("state"))["channels"]}
        assert len([name for name in channels if name.startswith("inc-")]) == 1
        counts = [(await posts.said(stage, c)).total() for c in channels.values()]
        assert sum(counts) < MOST_POSTS

        card = await said(stage, channel, "Silence 1 h", kind="card")
        quiet = value(card, "silence")
        for _ in range(2):  # clicked twice
            await stage.ana.clicks("silence", channel=channel, ts=card["ts"], value=quiet)
        await said(stage, channel, ":mute: QueueGrows: silenced until", "by <@UANA>", kind="card")
        [silence] = await monitoring.silences()
        matched = {m["name"]: m["value"] for m in silence["matchers"]}
        assert matched == {"alertname": "QueueGrows", "service": "mail", "severity": "warning"}
        assert silence["createdBy"] == "ana"
        assert id_ in silence["comment"]
        assert silence["status"]["state"] == "active"

        async def is_muted() -> bool:
            alerts = await monitoring.asked("alerts?silenced=true&active=false")
            return [a["labels"]["alertname"] for a in alerts] == ["QueueGrows"]

        await until(is_muted, "the alert is not silenced")
        await stage.bo.types("resolve now", channel)
        await lifted(monitoring)
        await said(stage, channel, "resolved", kind="card")
        assert len(await told(stage, Reopened)) == 0  # that it fires still is no news
        await all_is_well(stage)


async def lifted(monitoring: Monitoring) -> None:
    """Return once Alertmanager silences nothing any more; it was asked to once."""

    async def expired() -> bool:
        return [s["status"]["state"] for s in await monitoring.silences()] == ["expired"]

    await until(expired, "a silence was not lifted")


async def test_nothing_is_lost_while_the_bot_or_alertmanager_is_away(tmp_path: Path) -> None:
    async with scene(tmp_path) as (stage, monitoring):
        shop = monitoring.shop
        shop.fails(50)

        async def is_told_in_vain() -> bool:
            async with monitoring.http.get(f"{monitoring.alertmanager}/metrics") as page:
                text = await page.text()
            failed = r'notification_requests_failed_total{integration="webhook"} (\d+)'
            return any(int(n) > 1 for n in re.findall(failed, text))

        await until(is_told_in_vain, "Alertmanager did not try")
        await stage.start()
        channel = await opened(stage)
        await paged(stage, "UBO")
        await stage.kill()
        await stage.start()
        card = await said(
            stage, channel, "Checkout answers with errors", "Silence 1 h", kind="card"
        )

        await monitoring.alertmanager_ends()
        asked = value(card, "silence")
        await stage.bo.clicks("silence", channel=channel, ts=card["ts"], value=asked)
        await said(stage, channel, ":mute: CheckoutFails: is being silenced", kind="card")
        await said(stage, "COPS", "asking Alertmanager")
        await monitoring.alertmanager_begins()
        await said(stage, channel, ":mute: CheckoutFails: silenced until", kind="card")
        assert [s["status"]["state"] for s in await monitoring.silences()] == ["active"]

        shop.fails(0)  # nobody is told of that

        async def is_over() -> bool:
            known = [*await monitoring.alerts(), *await monitoring.asked("alerts")]
            return "CheckoutFails" not in {alert["labels"]["alertname"] for alert in known}

        await until(is_over, "the alert still fires")
        await stage.bo.types("resolve now", channel)
        await lifted(monitoring)
        shop.fails(50)
        await said(stage, channel, "an alert fires again", "is open again")
        assert [len(await told(stage, fact)) for fact in (Declared, Reopened)] == [1, 1]
        await all_is_well(stage)
